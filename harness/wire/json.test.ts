import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxJsonDepth, parseJson } from './json.ts'

const nested = (open: string, close: string, levels: number) => open.repeat(levels) + (open === '[' ? '' : '1') + close.repeat(levels)

describe('JSON of a daemon', () => {
  test('is what JSON.parse makes of it', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 3 }), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(parseJson(text)).toEqual(JSON.parse(text))
    }))
  })

  test.each([['[', ']'], ['{"a":', '}'], ['[{"a":', '}]']])('of %s and %s is refused where it is nested too deeply, and not before', (open, close) => {
    const levels = maxJsonDepth / (open.match(/[[{]/g)?.length ?? 1)
    expect(() => parseJson(nested(open, close, levels))).not.toThrow()
    expect(() => parseJson(nested(open, close, levels + 1))).toThrow(new SyntaxError('it is nested deeper than 512 levels'))
    expect(() => parseJson(nested(open, close, 200_000))).toThrow(SyntaxError)
  })

  test('has no depth within its strings', () => {
    for (const text of ['['.repeat(600), '\\"['.repeat(600), `\\\\"`, '{\\u005b'.repeat(600)]) expect(parseJson(JSON.stringify([text]))).toEqual([text])
  })

  test('side by side is not nested', () => {
    expect(parseJson(`[${'[],'.repeat(2000)}{}]`)).toHaveLength(2001)
  })
})
