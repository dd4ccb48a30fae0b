import type { HeaderLines } from './exchange.ts'

/** The head of an HTTP/1 answer, as it came. */
export type ResponseHead = {
  readonly httpVersion: '1.0' | '1.1'
  readonly status: number
  readonly reason: string
  readonly headers: HeaderLines
  /** The bytes of the head, the empty line included. */
  readonly raw: Uint8Array
}

/** Bytes that are no head of an HTTP/1 answer. */
export class HeadError extends Error {
  readonly offset: number

  constructor(offset: number, message: string) {
    super(`${message} (at byte ${offset} of the answer)`)
    this.name = 'HeadError'
    this.offset = offset
  }
}

/** Bytes that a head may have. */
const defaultLimit = 64 * 1024

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/
// RFC 9110: a field name is a token, its value visible characters, spaces, tabs and obs-text.
const headerLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*$/

/**
 * Reads the head of an answer (RFC 9112, sections 4 and 5): lines end in CRLF, nothing is folded, nothing is mended.
 * @param bytes from the answer's first byte on
 * @returns the head and its length; undefined while it is not whole
 * @throws HeadError where these bytes can't become a head, however they go on
 */
export function parseHead(bytes: Uint8Array, limit = defaultLimit): { readonly head: ResponseHead; readonly length: number } | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, limit)).toString('latin1')
  const expected = 'HTTP/1.'
  const begin = text.slice(0, expected.length)
  if (!expected.startsWith(begin)) throw new HeadError(0, `an HTTP answer was due, and ${JSON.stringify(begin)} came`)
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) {
    if (bytes.byteLength >= limit) throw new HeadError(limit, `the head of the answer is longer than ${limit} bytes`)
    return undefined
  }
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const parsed = statusLine.exec(first)
  if (parsed === null) throw new HeadError(0, `the status line ${JSON.stringify(first.slice(0, 100))} is malformed`)
  let offset = first.length + 2
  const headers = lines.map((line): [string, string] => {
    const match = headerLine.exec(line)
    if (match === null) throw new HeadError(offset, `the header line ${JSON.stringify(line.slice(0, 100))} is malformed`)
    offset += line.length + 2
    return [match[1] ?? '', match[2] ?? '']
  })
  const length = end + 4
  return {
    head: { httpVersion: parsed[1] === '0' ? '1.0' : '1.1', status: Number(parsed[2]), reason: parsed[3] ?? '', headers, raw: bytes.slice(0, length) },
    length,
  }
}

/** A header's value by its name in any letters; several lines of it joined by `, `. */
export function headerValue(headers: HeaderLines, name: string): string | undefined {
  const wanted = name.toLowerCase()
  const values = headers.filter(([each]) => each.toLowerCase() === wanted).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/**
 * The head of a request, ready to be sent.
 * @throws RangeError where method, path or a header would break out of its line
 */
export function formatRequestHead(request: { readonly method: string; readonly path: string; readonly headers: HeaderLines; readonly httpVersion?: '1.0' | '1.1' }): Uint8Array {
  const { method, path, headers, httpVersion = '1.1' } = request
  if (!/^[A-Z]+$/.test(method)) throw new RangeError(`${JSON.stringify(method)} is no HTTP method`)
  if (!/^[\x21-\x7e]+$/.test(path)) throw new RangeError(`the path ${JSON.stringify(path)} must be percent-encoded`)
  const lines = headers.map(([name, value]) => {
    if (!headerLine.test(`${name}: ${value}`)) throw new RangeError(`the header ${JSON.stringify(`${name}: ${value}`)} can't be sent`)
    return `${name}: ${value}`
  })
  return Buffer.from([`${method} ${path} HTTP/${httpVersion}`, ...lines, '', ''].join('\r\n'), 'latin1')
}

/**
 * How long the body of an answer is, as its head says (RFC 9112, section 6.3).
 * @throws HeadError where the head contradicts itself
 */
export function bodyLength(head: ResponseHead): number | 'chunked' | 'until-close' {
  if (head.status < 200 || head.status === 204 || head.status === 304) return 0
  const encoding = headerValue(head.headers, 'Transfer-Encoding')
  const length = headerValue(head.headers, 'Content-Length')
  if (encoding !== undefined) {
    if (length !== undefined) throw new HeadError(0, 'the answer has both Transfer-Encoding and Content-Length')
    if (encoding.toLowerCase() !== 'chunked') throw new HeadError(0, `the answer has the transfer encoding ${JSON.stringify(encoding)}`)
    return 'chunked'
  }
  if (length === undefined) return 'until-close'
  if (!/^\d{1,15}$/.test(length)) throw new HeadError(0, `the answer has the length ${JSON.stringify(length)}`)
  return Number(length)
}

/** Takes the chunked encoding off a body (RFC 9112, section 7.1). */
export type ChunkedDecoder = {
  /** @returns the body's bytes among these. @throws HeadError where the encoding is malformed */
  push(bytes: Uint8Array): Uint8Array
  /** Whether the last chunk has been seen. */
  readonly done: boolean
}

/** Bytes that a line between chunks may have: a size with an extension, or a trailer. */
const chunkLineLimit = 4096

/** A strict decoder of the chunked encoding; trailers are read and dropped. */
export function chunkedDecoder(): ChunkedDecoder {
  let state: 'size' | 'data' | 'data-end' | 'trailer' | 'done' = 'size'
  let line = ''
  let missing = 0
  let offset = 0

  function takeLine(bytes: Uint8Array, position: number): { next: number; whole: string | undefined } {
    const newline = bytes.indexOf(0x0a, position)
    const end = newline === -1 ? bytes.byteLength : newline + 1
    line += Buffer.from(bytes.subarray(position, end)).toString('latin1')
    if (line.length > chunkLineLimit) throw new HeadError(offset + position, 'a line of the chunked encoding is too long')
    if (newline === -1) return { next: end, whole: undefined }
    if (!line.endsWith('\r\n')) throw new HeadError(offset + newline, 'a line of the chunked encoding does not end in CRLF')
    const whole = line.slice(0, -2)
    line = ''
    return { next: end, whole }
  }

  return {
    get done() {
      return state === 'done'
    },
    push(bytes) {
      const parts: Uint8Array[] = []
      let position = 0
      while (position < bytes.byteLength && state !== 'done') {
        if (state === 'data') {
          const part = bytes.subarray(position, position + missing)
          parts.push(part)
          position += part.byteLength
          missing -= part.byteLength
          if (missing === 0) state = 'data-end'
          continue
        }
        const { next, whole } = takeLine(bytes, position)
        if (whole !== undefined) {
          if (state === 'data-end') {
            if (whole !== '') throw new HeadError(offset + position, 'a chunk is longer than its size says')
            state = 'size'
          } else if (state === 'trailer') {
            if (whole === '') state = 'done'
          } else {
            const size = /^([0-9a-fA-F]{1,12})(?:[ \t]*;.*)?$/.exec(whole)?.[1]
            if (size === undefined) throw new HeadError(offset + position, `${JSON.stringify(whole.slice(0, 40))} is no size of a chunk`)
            missing = Number.parseInt(size, 16)
            state = missing === 0 ? 'trailer' : 'data'
          }
        }
        position = next
      }
      offset += bytes.byteLength
      return Buffer.concat(parts)
    },
  }
}
