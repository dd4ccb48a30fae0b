import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fifo } from './fifo.ts'

test('gives what it was given, in its order, as an array would', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 1, max: 3_000 }).map((count) => ({ push: count })), fc.integer({ min: 1, max: 3_000 }).map((count) => ({ shift: count })), fc.constant('drain' as const)), { maxLength: 12 }), (steps) => {
      const [queue, array] = [fifo<number>(), [] as number[]]
      let next = 0
      for (const step of steps) {
        if (step === 'drain') expect(queue.drain()).toEqual(array.splice(0))
        else if ('push' in step) for (let count = 0; count < step.push; count++, next++) (queue.push(next), array.push(next))
        else expect(Array.from({ length: step.shift }, () => queue.shift())).toEqual(Array.from({ length: step.shift }, () => array.shift()))
      }
      expect(queue.drain()).toEqual(array)
    }),
    { numRuns: 50 },
  )
})

test('gives a million as fast as it takes them', () => {
  const queue = fifo<number>()
  for (let item = 0; item < 1_000_000; item++) queue.push(item)
  let sum = 0
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) sum += item
  expect(sum).toBe(499_999_500_000)
}, 10_000)
