import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunked, mutated } from './chunkings.ts'
import { bodyLength, chunkedDecoder, ChunkedError, formatRequestHead, HeadError, headerValue, parseHead } from './head.ts'

const head = (...lines: string[]) => Buffer.from([...lines, '', ''].join('\r\n'), 'latin1')
const tokenCharacter = fc.constantFrom(..."!#$%&'*+-.^_`|~09AZaz")
const token = fc.string({ unit: tokenCharacter, minLength: 1, maxLength: 12 })
const valueCharacter = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f && (code < 0x80 || code > 0x9f)).map((code) => String.fromCharCode(code))
const value = fc.string({ unit: valueCharacter, maxLength: 20 }).map((text) => text.replace(/^[ \t]+|[ \t]+$/g, ''))
const validHead = fc.record({ status: fc.integer({ min: 100, max: 599 }), reason: fc.string({ unit: valueCharacter, maxLength: 10 }), headers: fc.array(fc.tuple(token, value), { maxLength: 6 }) })
const headBytes = validHead.map(({ status, reason, headers }) => new Uint8Array(head(`HTTP/1.1 ${status} ${reason}`, ...headers.map(([name, text]) => `${name}: ${text}`))))

function headErrorOf(run: () => unknown): HeadError {
  try {
    run()
  } catch (error) {
    if (error instanceof HeadError) return error
    throw error
  }
  throw new Error('no HeadError came')
}

describe('parseHead', () => {
  test('reads what Docker answers an attach', () => {
    const bytes = Buffer.concat([head('HTTP/1.1 101 UPGRADED', 'Content-Type: application/vnd.docker.raw-stream', 'Connection: Upgrade', 'Upgrade: tcp'), Buffer.from('rest')])
    expect(parseHead(bytes)).toMatchObject({
      length: bytes.byteLength - 4,
      head: { httpVersion: '1.1', status: 101, reason: 'UPGRADED', headers: [['Content-Type', 'application/vnd.docker.raw-stream'], ['Connection', 'Upgrade'], ['Upgrade', 'tcp']] },
    })
  })

  test('gives back every head as it was made', () => {
    fc.assert(fc.property(validHead, ({ status, reason, headers }) => {
      const bytes = head(`HTTP/1.0 ${status} ${reason}`, ...headers.map(([name, text]) => `${name}:${text}`))
      const parsed = parseHead(bytes)
      expect(parsed?.head).toMatchObject({ httpVersion: '1.0', status, reason, headers })
      expect(Buffer.from(parsed?.head.raw ?? []).equals(bytes)).toBe(true)
    }))
  })

  test('a head of any bytes is whole, not whole, or a HeadError; and what is no head stays none however it goes on', () => {
    fc.assert(fc.property(fc.oneof(headBytes, mutated(headBytes), fc.uint8Array()), fc.nat(), (bytes, cut) => {
      const outcome = (part: Uint8Array) => {
        try {
          return parseHead(part, 256)
        } catch (error) {
          if (error instanceof HeadError) return error
          throw error
        }
      }
      const early = outcome(bytes.subarray(0, cut % (bytes.byteLength + 1)))
      const whole = outcome(bytes)
      if (early instanceof HeadError) expect(whole).toBeInstanceOf(HeadError)
      else if (early !== undefined) expect(whole).toEqual(early)
    }), { numRuns: 500 })
  })

  test.each([
    ['SSH-2.0-OpenSSH', 0, /HTTP answer was due/],
    ['HTTP/2 200 OK\r\n\r\n', 0, /HTTP answer was due/],
    ['HTTP/1.1 200\r\n\r\n', 0, /status line/],
    ['HTTP/1.1 600 X\r\n\r\n', 0, /status line/],
    ['HTTP/1.2 200 X\r\n\r\n', 0, /status line/],
    ['HTTP/1.1 200 OK\n\n', 15, /LF without CR/],
    ['HTTP/1.1 200 OK\r\nA: b\n', 21, /LF without CR/],
    ['HTTP/1.1 200 OK\r\nA: \0', 20, /0x00/],
    ['HTTP/1.1 200 OK\r\nA: b\rc', 21, /0x0d/],
    ['HTTP/1.1 200 OK\r\nno colon\r\n', 17, /header line/],
    ['HTTP/1.1 200 OK\r\n folded: x\r\n', 17, /header line/],
    ['HTTP/1.1 200 OK\r\nName : x\r\n', 17, /header line/],
    ['HTTP/1.1 200 OK\r\n: x\r\n', 17, /header line/],
  ])('refuses %j at byte %i', (text, offset, message) => {
    const error = headErrorOf(() => parseHead(Buffer.from(text, 'latin1')))
    expect(error).toMatchObject({ name: 'HeadError', offset, message: expect.stringMatching(message) as string })
  })

  test('refuses a head that never ends', () => {
    const long = Buffer.from(`HTTP/1.1 200 OK\r\nA: ${'x'.repeat(100)}`)
    expect(headErrorOf(() => parseHead(long, 50))).toMatchObject({ offset: 50 })
    expect(parseHead(long, 1000)).toBeUndefined()
    expect(headErrorOf(() => parseHead(long, long.byteLength))).toMatchObject({ offset: long.byteLength })
    expect(parseHead(long, long.byteLength + 1)).toBeUndefined()
    expect(parseHead(head('HTTP/1.1 200 OK'), 19)?.length).toBe(19)
  })

  test('takes an empty reason and an empty value', () => {
    expect(parseHead(head('HTTP/1.1 204 ', 'X:'))?.head).toMatchObject({ status: 204, reason: '', headers: [['X', '']] })
  })
})

describe('headerValue', () => {
  test('finds a name in any letters and joins several lines', () => {
    const lines = [['X-Two', 'a'], ['Other', 'z'], ['x-two', 'b']] as const
    expect(headerValue(lines, 'X-TWO')).toBe('a, b')
    expect(headerValue(lines, 'absent')).toBeUndefined()
  })
})

describe('formatRequestHead', () => {
  test('writes lines as they are given', () => {
    expect(Buffer.from(formatRequestHead({ method: 'GET', path: '/info?x=%20', headers: [['Host', 'localhost'], ['X', '\u00e9']] })).toString('latin1')).toBe('GET /info?x=%20 HTTP/1.1\r\nHost: localhost\r\nX: \u00e9\r\n\r\n')
  })

  test.each([
    [{ method: 'get', path: '/', headers: [] }],
    [{ method: 'GET', path: '/a b', headers: [] }],
    [{ method: 'GET', path: '', headers: [] }],
    [{ method: 'GET', path: '/', headers: [['X', 'a\r\nY: b']] }],
    [{ method: 'GET', path: '/', headers: [['X Y', 'a']] }],
    [{ method: 'GET', path: '/', headers: [['X', '\u0100']] }],
  ] as const)('does not let %j break out of its line', (request) => {
    expect(() => formatRequestHead(request)).toThrow(RangeError)
  })
})

describe('bodyLength', () => {
  const length = (status: number, headers: readonly (readonly [string, string])[], method?: string, httpVersion: '1.0' | '1.1' = '1.1') => bodyLength({ status, headers, httpVersion }, method)

  test.each([
    [200, [], undefined, 'until-close'],
    [200, [['Content-Length', '12']], undefined, 12],
    [200, [['Transfer-Encoding', 'Chunked']], undefined, 'chunked'],
    [200, [['Content-Length', '12']], 'HEAD', 0],
    [101, [], undefined, 0],
    [204, [['Content-Length', '12']], undefined, 0],
    [304, [], undefined, 0],
  ] as const)('%i with %j to %s is %s', (status, headers, method, expected) => {
    expect(length(status, headers, method)).toBe(expected)
  })

  test.each([
    [[['Content-Length', '1'], ['Transfer-Encoding', 'chunked']], '1.1', /both/],
    [[['Transfer-Encoding', 'gzip, chunked']], '1.1', /only chunked/],
    [[['Transfer-Encoding', 'chunked']], '1.0', /HTTP\/1\.0/],
    [[['Content-Length', '-1']], '1.1', /Content-Length/],
    [[['Content-Length', '1'], ['Content-Length', '2']], '1.1', /Content-Length/],
    [[['Content-Length', '9999999999999999']], '1.1', /Content-Length/],
  ] as const)('refuses %j', (headers, version, message) => {
    expect(headErrorOf(() => length(200, headers, 'GET', version)).message).toMatch(message)
  })
})

describe('chunkedDecoder', () => {
  const part = fc.uint8Array({ minLength: 1, maxLength: 40 })
  const encode = (parts: readonly Uint8Array[], extension: string, trailers: readonly string[]) =>
    Buffer.concat([...parts.flatMap((bytes) => [Buffer.from(`${bytes.byteLength.toString(16)}${extension}\r\n`), bytes, Buffer.from('\r\n')]), Buffer.from(['0', ...trailers, '', ''].join('\r\n'))])
  const encoding = fc.tuple(fc.array(part, { maxLength: 5 }), fc.constantFrom('', ';a=b', ' ; x'), fc.array(fc.constant('X-Trailer: y'), { maxLength: 2 }))
  const valid = encoding.map((parts) => new Uint8Array(encode(...parts)))

  function decode(chunks: readonly Uint8Array[]): { body: string; rest: string; done: boolean; error: string | undefined } {
    const decoder = chunkedDecoder()
    const body: Uint8Array[] = []
    let error: string | undefined
    try {
      for (const chunk of chunks) body.push(decoder.push(chunk))
      decoder.end()
    } catch (thrown) {
      if (!(thrown instanceof ChunkedError)) throw thrown
      error = thrown.message
    }
    return { body: Buffer.concat(body).toString('hex'), rest: Buffer.from(decoder.rest).toString('hex'), done: decoder.done, error }
  }

  test('takes the encoding off, whatever extensions and trailers there are, and leaves what comes after', () => {
    fc.assert(fc.property(encoding, fc.uint8Array({ maxLength: 10 }), ([parts, extension, trailers], after) => {
      const { body, rest, done, error } = decode([Buffer.concat([encode(parts, extension, trailers), after])])
      expect({ body, rest, done, error }).toEqual({ body: Buffer.concat(parts).toString('hex'), rest: Buffer.from(after).toString('hex'), done: true, error: undefined })
    }))
  })

  test('any chunking gives the same body, or the same error', () => {
    fc.assert(fc.property(chunked(fc.oneof(valid, mutated(valid), fc.uint8Array())), ({ bytes, chunks }) => {
      const whole = decode([bytes])
      const parts = decode(chunks)
      expect(parts.error).toBe(whole.error)
      // What an erring push had already decoded is not handed over, so bodies compare only where there is no error.
      if (whole.error === undefined) expect(parts).toEqual(whole)
    }), { numRuns: 500 })
  })

  test.each([
    ['x\r\n', 0, /no size/],
    ['\r\n', 0, /no size/],
    ['1234567890abc\r\n', 0, /no size/],
    ['1\n', 1, /LF without CR/],
    ['1\0', 1, /0x00/],
    ['1\r\naX', 4, /CRLF/],
    ['1\r\na\rX', 5, /CRLF/],
    ['0\r\nno colon\r\n', 3, /trailer/],
    ['1\r\na', 4, /before its last chunk/],
    ['', 0, /before its last chunk/],
    [`1;${'x'.repeat(5000)}`, 0, /longer than 4096/],
    [`0\r\n${'A: b\r\n'.repeat(11_000)}`, 65_535, /trailers are longer/],
  ])('refuses %.20j at byte %i', (text, offset, message) => {
    const decoder = chunkedDecoder()
    const error = headErrorOf(() => {
      decoder.push(Buffer.from(text, 'latin1'))
      decoder.end()
    })
    expect(error).toBeInstanceOf(ChunkedError)
    expect(error.message).toMatch(message)
    expect(error.offset).toBe(offset)
    expect(() => decoder.push(Buffer.from('0\r\n\r\n'))).toThrow(error)
    expect(() => decoder.end()).toThrow(error)
  })
})
