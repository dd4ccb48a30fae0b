import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { markupText } from '../markup.ts'
import { differenceMarkup } from './difference.ts'

const shown = (text: string) => markupText(differenceMarkup(text))

describe('differenceMarkup', () => {
  test('marks where two values part', () => {
    expect(shown("expected { …(2) } to equal x; expected { a: 1, b: 2 }; got { a: 1, b: 3 }")).toBe(
      'expected { …(2) } to equal x<span class="side"><b>expected</b> { a: 1, b: <mark>2</mark> }</span><span class="side"><b>got</b> { a: 1, b: <mark>3</mark> }</span>',
    )
  })

  test.each([
    ['could not start: expected status 204, got 500 Internal', '204', '500'],
    ["expected 'NO' to be 'OK' // Object.is equality", 'OK', 'NO'],
    ['expected undefined to deeply equal true', 'true', 'undefined'],
  ])('reads %s', (text, expected, got) => {
    const plain = shown(text).replaceAll('<mark>', '').replaceAll('</mark>', '')
    expect(plain).toMatch(new RegExp(`<b>expected</b> (status |&#39;)?${expected}.*<b>got</b> (status |&#39;)?${got}`))
  })

  test('shows any other text as it is', () => {
    expect(shown('/Config/Env: must be an array\n<b>')).toBe('/Config/Env: must be an array\n&lt;b&gt;')
  })

  test('takes any text', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (before, one, other) => {
      expect(shown(`${before}; expected ${one}; got ${other}`).replace(/<\/?(mark|b|span class="side"|span)>/g, '')).not.toMatch(/[<>]/)
    }))
  })
})
