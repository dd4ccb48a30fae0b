import { expect, test } from 'vitest'
import { exitCodeOf, worstOf } from './exit.ts'

test.each([
  [{ verdict: 'conformant', faults: 0, interrupted: false }, 0],
  [{ verdict: 'nonconformant', faults: 0, interrupted: false }, 1],
  [{ verdict: 'undecided', faults: 0, interrupted: false }, 2],
  [{ verdict: 'conformant', faults: 1, interrupted: false }, 3],
  [{ verdict: 'nonconformant', faults: 2, interrupted: false }, 3],
  [{ verdict: 'nonconformant', faults: 1, interrupted: true }, 130],
] as const)('%j exits with %i', (ending, code) => {
  expect(exitCodeOf(ending)).toBe(code)
})

test.each([
  [[], 0],
  [[0, 0], 0],
  [[0, 1, 0], 1],
  [[1, 2, 0], 2],
  [[1, 3, 2], 3],
  [[1, 3, 130, 2], 130],
])('of %j the worst is %i', (codes, worst) => {
  expect(worstOf(codes)).toBe(worst)
})
