import { expect, test } from 'vitest'
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
  let asked = 0
  const observe = async () => {
    throw new Nonconformance(`no, for the ${(asked += 1)}. time`)
  }
  const thrown: unknown = await until(observe, { timeoutMs: 20, everyMs: 1 }).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(Nonconformance)
  expect((thrown as Error).message).toBe(`no, for the ${asked}. time (still so after 20 ms)`)
  expect(asked).toBeGreaterThan(1)
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
