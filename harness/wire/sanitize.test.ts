import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable } from './sanitize.ts'

test.each([
  ['plain – text ü 漢 😀', 'plain – text ü 漢 😀'],
  ['\u001b[31mred\u0007', '\\x1b[31mred\\x07'],
  ['a\tb\nc\rd', 'a\\tb\\nc\\rd'],
  ['\u009b2J\u007f', '\\x9b2J\\x7f'],
  ['\u202egnp.\u2066\u061c', '\\u202egnp.\\u2066\\u061c'],
  ['\u200b\u2028\ufeff', '\\u200b\\u2028\\ufeff'],
  ['\ud83d \ude00', '\\ud83d \\ude00'],
])('%j becomes %s', (text, shown) => {
  expect(printable(text)).toBe(shown)
})

test('bytes are read as UTF-8, whatever array they are a view of', () => {
  expect(printable(Buffer.from('xünx').subarray(1, 4))).toBe('ün')
  expect(printable(Uint8Array.of(0x61, 0xff))).toBe('a\ufffd')
})

test('a text that is cut says so, and is never cut into half a character that shows', () => {
  expect(printable('abcdef', 3)).toBe('abc…')
  expect(printable('abc', 3)).toBe('abc')
  expect(printable('ab😀', 3)).toBe('ab\\ud83d…')
})

test('nothing is left that acts on a terminal, and what was safe stays as it is', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('utf16le'))), (text) => {
    const shown = printable(text)
    expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\ufeff]/u)
    expect(shown.isWellFormed()).toBe(true)
    expect(printable(shown, Infinity)).toBe(shown)
  }))
})
