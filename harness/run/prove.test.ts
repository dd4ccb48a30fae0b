import { expect, test } from 'vitest'
import { isDecided } from './prove.ts'

test('a fault is decided where a case noticed it, or none is left', () => {
  expect(isDecided({ candidates: ['a'] }, false)).toBe(false)
  expect(isDecided({ noticed: {}, candidates: ['a'] }, false)).toBe(true)
  expect(isDecided({ candidates: [] }, false)).toBe(true)
})

test('what was noticed before a proof is cut short stays noticed, and nothing else is said', () => {
  expect(isDecided({ noticed: {}, candidates: [] }, true)).toBe(true)
  expect(isDecided({ candidates: [] }, true)).toBe(false)
})
