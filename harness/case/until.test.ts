import { expect, onTestFinished, test, vi } from 'vitest'
import { Blocked, Nonconformance, NotApplicable } from './errors.ts'
import { until } from './until.ts'

test('gives what the observation gives as soon as it holds', async () => {
  let asked = 0
  const observe = async () => {
    asked += 1
    if (asked < 4) throw new Nonconformance('not yet')
    return asked
  }
  expect(await until(observe, { everyMs: 1 })).toBe(4)
})

test('throws the last error when time is up, and says how long it waited', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const askedAt: number[] = []
  const began = performance.now()
  const observe = async () => {
    askedAt.push(performance.now() - began)
    throw new Nonconformance(`no, for the ${askedAt.length}. time`)
  }
  const ended = until(observe, { timeoutMs: 1000, everyMs: 100 }).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(2000)
  const thrown = await ended
  expect(thrown).toBeInstanceOf(Nonconformance)
  expect((thrown as Error).message).toBe(`no, for the ${askedAt.length}. time (still so after 1000 ms)`)
  // Less and less often, but never more than a quarter of a second apart, and not beyond the deadline.
  expect(askedAt.map(Math.round)).toEqual([0, 100, 250, 475, 725, 975])
})

test.each([new TypeError('x is undefined'), new ReferenceError('x'), new Blocked('no container'), new NotApplicable('no cgroups')])('does not wait for %s to go away', async (error) => {
  let asked = 0
  const observe = async () => {
    asked += 1
    throw error
  }
  await expect(until(observe, { everyMs: 1 })).rejects.toBe(error)
  expect(asked).toBe(1)
})

test('keeps something thrown that is no error as it is', async () => {
  await expect(until(() => Promise.reject('text'), { timeoutMs: 5, everyMs: 1 })).rejects.toBe('text')
})
