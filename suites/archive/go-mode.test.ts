import { expect, test } from 'vitest'
import { goMode } from './go-mode.ts'

test("goMode gives the mode of the documents' example", () => {
  expect(goMode('directory', 0o700)).toBe(2147484096)
})

test.each([
  ['file', 0o644, 420],
  ['file', 0o4755, 8389101],
  ['file', 0o2711, 4194761],
  ['directory', 0o1777, 2148532735],
  ['symlink', 0o777, 134218239],
  ['fifo', 0o644, 33554852],
  ['char', 0o644, 69206436],
  ['block', 0o644, 67109284],
] as const)('goMode of a %s with %o is what Go says: %d', (kind, permissions, mode) => {
  expect(goMode(kind, permissions)).toBe(mode)
})
