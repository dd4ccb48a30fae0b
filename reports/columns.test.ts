import { expect, test } from 'vitest'
import { columns } from './columns.ts'

test('words stand to the left, numbers to the right', () => {
  expect(columns([['a', 'b'], ['long', '1'], ['x', '222']])).toEqual(['a       b', 'long    1', 'x     222'])
  expect(columns([['a', 'b', 'c'], ['long', '1', '10'], ['x', '222', '1']], 2)).toEqual(['a     b     c', 'long  1    10', 'x     222   1'])
})
