import { expect, test } from 'vitest'
import { withDeadline } from './deadline.ts'

test('gives what came in time', async () => {
  expect(await withDeadline(Promise.resolve(1), 1000, 'nothing')).toBe(1)
  await expect(withDeadline(Promise.reject(new Error('own')), 1000, 'nothing')).rejects.toThrow('own')
})

test('gives up after the time, lets go, and does not mind what comes later', async () => {
  const told: string[] = []
  const late = Promise.withResolvers<number>()
  const waited = withDeadline(late.promise, 10, 'no answer', () => told.push('let go'))
  await expect(waited).rejects.toMatchObject({ name: 'WireError', kind: 'deadline', message: 'no answer within 10 ms' })
  expect(told).toEqual(['let go'])
  late.reject(new Error('too late: an unhandled rejection would fail this run'))
})

test('what letting go breaks does not stand in for the deadline', async () => {
  const awaited = Promise.withResolvers<number>()
  await expect(withDeadline(awaited.promise, 10, 'no answer', () => awaited.reject(new Error('aborted')))).rejects.toMatchObject({ kind: 'deadline' })
})
