import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { visible } from './visible.ts'

describe('visible', () => {
  test('keeps text, newlines and tabs', () => {
    expect(visible('a\tb\nç 漢字 🐳\n')).toBe('a\tb\nç 漢字 🐳\n')
  })

  test('shows what would act on a terminal or a reader', () => {
    expect(visible('\u001b[31m\r\u0000\u009b\u202e\u200b\ufeff\uffff\ud800')).toBe('\\x1b[31m\\r\\x00\\x9b\\u202e\\u200b\\ufeff\\uffff\\ud800')
  })

  test('leaves nothing of the kind, however long the text, and is done at once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (text) => {
        const shown = visible(text)
        expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/)
        expect(shown.isWellFormed()).toBe(true)
        expect(visible(shown)).toBe(shown)
      }),
    )
  })
})
