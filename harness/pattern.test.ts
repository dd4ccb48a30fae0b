import { expect, test } from 'vitest'
import { matchesPattern } from './pattern.ts'

test.each([
  ['exec-*', 'exec-start', true],
  ['*-start', 'exec-start', true],
  ['e*s*t', 'exec-start', true],
  ['*', 'anything', true],
  ['exec', 'exec-start', false],
  ['exec.start', 'exec-start', false],
  ['(exec|x)-start', 'exec-start', false],
  ['exec-start', 'exec-start', true],
])('matchesPattern(%j, %j) is %s', (pattern, id, matches) => {
  expect(matchesPattern(pattern, id)).toBe(matches)
})
