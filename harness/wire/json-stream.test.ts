import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunked, mutated } from './chunkings.ts'
import { jsonStreamDecoder, JsonStreamError } from './json-stream.ts'

const value = fc.oneof(fc.object({ maxDepth: 3 }), fc.array(fc.jsonValue())).map((each) => JSON.parse(JSON.stringify(each)) as unknown)
const separator = fc.constantFrom('', '\n', '\r\n', ' \t')
const valid = fc.array(fc.tuple(value, separator), { maxLength: 6 }).map((items) => new Uint8Array(Buffer.from(items.map(([each, after]) => JSON.stringify(each) + after).join(''))))

function decode(chunks: readonly Uint8Array[], maxValue = 10_000): { values: unknown[]; error: JsonStreamError | undefined } {
  const decoder = jsonStreamDecoder({ maxValue })
  const values: unknown[] = []
  try {
    for (const chunk of chunks) values.push(...decoder.push(chunk))
    decoder.end()
  } catch (error) {
    if (!(error instanceof JsonStreamError)) throw error
    return { values: [...values, ...error.values], error }
  }
  return { values, error: undefined }
}

function errorOf(bytes: Uint8Array, maxValue?: number): JsonStreamError {
  const { error } = decode([bytes], maxValue)
  if (error === undefined) throw new Error('no JsonStreamError came')
  return error
}

describe('jsonStreamDecoder', () => {
  test('gives back the values, with or without white space between them', () => {
    fc.assert(fc.property(fc.array(fc.tuple(value, separator)), (items) => {
      const text = items.map(([each, after]) => JSON.stringify(each) + after).join('')
      expect(decode([Buffer.from(text)], 1e6)).toEqual({ values: items.map(([each]) => each), error: undefined })
    }))
  })

  test('any chunking gives the same values, or the same error after the same values', () => {
    fc.assert(fc.property(chunked(fc.oneof(valid, mutated(valid), fc.uint8Array())), ({ bytes, chunks }) => {
      const whole = decode([bytes], 60)
      const parts = decode(chunks, 60)
      expect(parts.values).toEqual(whole.values)
      expect(parts.error?.message).toBe(whole.error?.message)
    }), { numRuns: 500 })
  })

  test.each([
    ['1', 'invalid', 0],
    ['"text"', 'invalid', 0],
    ['{} null', 'invalid', 3],
    ['{}}', 'invalid', 2],
    ['\ufeff{}', 'invalid', 0],
    ['{]', 'invalid', 0],
    ['{"a":1,}', 'invalid', 0],
    ["{'a':1}", 'invalid', 0],
    ['{"a":NaN}', 'invalid', 0],
    ['[]\n{"a":', 'truncated', 3],
    ['{"a":"}', 'truncated', 0],
    [`{"a":"${'x'.repeat(100)}"}`, 'too-long', 0],
    [`{"a":"${'x'.repeat(100)}`, 'too-long', 0],
    ['['.repeat(60), 'truncated', 0],
  ])('%.20j is %s at byte %i', (text, kind, offset) => {
    expect(errorOf(Buffer.from(text), 100)).toMatchObject({ name: 'JsonStreamError', kind, offset })
  })

  test('bytes that are no UTF-8 are no JSON', () => {
    expect(errorOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toMatchObject({ kind: 'invalid', offset: 0 })
  })

  test('nesting has a limit that spares the stack', () => {
    expect(errorOf(Buffer.from('['.repeat(513)))).toMatchObject({ kind: 'too-deep' })
    // Whichever limit is met first, in one chunk as in many.
    expect(errorOf(Buffer.from('['.repeat(513)), 512)).toMatchObject({ kind: 'too-long' })
    expect(decode([Buffer.from('['.repeat(512) + ']'.repeat(512))]).error).toBeUndefined()
  })

  test('brackets and quotes in strings are text', () => {
    expect(decode([Buffer.from('{"a":"}]\\"{[\\\\"}')]).values).toEqual([{ a: '}]"{[\\' }])
  })

  test('a member named __proto__ is a member', () => {
    const [only] = decode([Buffer.from('{"__proto__":{"a":1}}')]).values
    expect(Object.keys(only as object)).toEqual(['__proto__'])
  })

  test('a value that arrives byte by byte takes time in proportion to its length', () => {
    const decoder = jsonStreamDecoder()
    const text = Buffer.from(JSON.stringify({ a: 'x'.repeat(200_000) }))
    const values = [...text].flatMap((byte) => decoder.push(Uint8Array.of(byte)))
    expect(values).toHaveLength(1)
  })

  test('gives the same error for ever', () => {
    const decoder = jsonStreamDecoder()
    expect(() => decoder.push(Buffer.from('x'))).toThrow(/0x78/)
    expect(() => decoder.push(Buffer.from('{}'))).toThrow(/0x78/)
    expect(() => decoder.end()).toThrow(/0x78/)
  })
})
