import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordBody, recordLimit } from '../harness/wire/exchange.ts'
import { showBody } from './body.ts'

const limits = { text: 500, bytes: 64 }

describe('showBody', () => {
  test('shows text as text, with its carriage returns and reversing characters made visible', () => {
    expect(showBody(recordBody(Buffer.from('héllo\r\n\u202e')), limits)).toEqual({ form: 'text', text: 'héllo\\r\n\\u202e', notes: [] })
  })

  test('breaks the lines of longer JSON, and says so', () => {
    const { text, notes } = showBody(recordBody(Buffer.from(`{"a":"${'x'.repeat(150)}"}`)), limits)
    expect(text.split('\n')).toHaveLength(3)
    expect(notes).toEqual(['JSON, line breaks added'])
  })

  test('says what is missing from the record and what is not shown', () => {
    expect(showBody(recordBody(Buffer.alloc(recordLimit + 1, 'a')), limits)).toEqual({
      form: 'text',
      text: 'a'.repeat(500),
      notes: ['the record holds the first 8192 of 8193 bytes', 'the first 500 characters are shown'],
    })
    expect(showBody(recordBody(Buffer.alloc(recordLimit + 1)), limits).notes).toEqual(['the record holds the first 8192 of 8193 bytes', 'the first 64 bytes are shown'])
  })

  test('takes a character that the record cuts for text, and one that the body lacks not', () => {
    const half = Buffer.from('añ').subarray(0, 2)
    expect(showBody({ base64: half.toString('base64'), size: 3 }, limits)).toMatchObject({ form: 'text', text: 'a' })
    expect(showBody(recordBody(half), limits).form).toBe('hex')
  })

  test('an empty body is empty', () => {
    expect(showBody(recordBody(new Uint8Array()), limits)).toEqual({ form: 'empty', text: '', notes: [] })
  })

  test('any bytes are shown without control characters', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(showBody(recordBody(bytes), limits).text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    }))
  })
})
