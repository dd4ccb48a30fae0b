import { expect, test } from 'vitest'
import { exitCodeOf } from './exit.ts'

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
