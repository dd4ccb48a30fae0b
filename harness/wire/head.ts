import type { HeaderLines } from './exchange.ts'
import { printable } from './sanitize.ts'

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
  /** Of the offending byte, or of the line that it spoils. */
  readonly offset: number

  constructor(offset: number, message: string, counted = 'answer') {
    super(`${message} (at byte ${offset} of the ${counted})`)
    this.name = 'HeadError'
    this.offset = offset
  }
}

/** Bytes that break the chunked encoding: HTTP's framing too, so whoever judges a HeadError judges it as well. */
export class ChunkedError extends HeadError {
  constructor(offset: number, message: string) {
    super(offset, message, 'encoded body')
    this.name = 'ChunkedError'
  }
}

/** Bytes that a head may have. */
const defaultLimit = 64 * 1024

const protocol = 'HTTP/1.'
// RFC 9112, section 4: the space before the reason stays where there is no reason. RFC 9110, section 15: 100 to 599.
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d) (.*)$/
// RFC 9110, section 5.6.2: a field name is a token.
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// RFC 9110, section 5.5: visible characters, spaces, tabs and obs-text are all that a line of a head holds.
const strayCharacter = /[^\t\x20-\x7e\x80-\xff]/

/**
 * Reads the head of an answer (RFC 9112, sections 4 and 5): lines end in CRLF, nothing is folded, nothing is mended.
 * @param bytes from the answer's first byte on
 * @param limit bytes that the head may have
 * @returns the head and its length in bytes; undefined while it is not whole
 * @throws HeadError as soon as these bytes can't become a head, however they go on
 */
export function parseHead(bytes: Uint8Array, limit = defaultLimit): { readonly head: ResponseHead; readonly length: number } | undefined {
  const text = latin1(bytes.subarray(0, limit))
  if (!protocol.startsWith(text.slice(0, protocol.length))) throw new HeadError(0, `an HTTP answer was due, and "${printable(text, 40)}" came`)

  let status: RegExpExecArray | undefined
  const headers: [string, string][] = []
  let begin = 0
  for (;;) {
    const end = text.indexOf('\n', begin)
    const line = text.slice(begin, end === -1 ? undefined : end)
    const stray = line.search(strayCharacter)
    const endsInCr = stray !== -1 && stray === line.length - 1 && line[stray] === '\r'
    if (stray !== -1 && !endsInCr) throw new HeadError(begin + stray, `the byte ${hexByte(line.charCodeAt(stray))} stands in the head of the answer`)
    if (end === -1) break
    if (!endsInCr) throw new HeadError(end, 'a line of the head ends in LF without CR')
    const content = line.slice(0, -1)

    if (status === undefined) {
      status = statusLine.exec(content) ?? undefined
      if (status === undefined) throw new HeadError(0, `the status line "${printable(content, 100)}" is malformed`)
    } else if (content === '') {
      const length = end + 1
      const httpVersion = status[1] === '0' ? '1.0' : '1.1'
      return { head: { httpVersion, status: Number(status[2]), reason: status[3] ?? '', headers, raw: bytes.slice(0, length) }, length }
    } else {
      headers.push(parseHeaderLine(content) ?? fail(begin, `the header line "${printable(content, 100)}" is malformed`))
    }
    begin = end + 1
  }
  if (bytes.byteLength >= limit) throw new HeadError(limit, `the head of the answer is longer than ${limit} bytes`)
  return undefined
}

/**
 * A header's value by its name in any letters; several lines of it joined by `, `.
 * @returns undefined where there is no such header
 */
export function headerValue(headers: HeaderLines, name: string): string | undefined {
  const wanted = name.toLowerCase()
  const values = headers.filter(([each]) => each.toLowerCase() === wanted).map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}

/**
 * The head of a request, ready to be sent: header values as latin1, lines as they are given.
 * @throws RangeError where method, path or a header would break out of its line
 */
export function formatRequestHead(request: {
  readonly method: string
  readonly path: string
  readonly headers: HeaderLines
  readonly httpVersion?: '1.0' | '1.1'
}): Uint8Array {
  const { method, path, headers, httpVersion = '1.1' } = request
  if (!/^[A-Z]+$/.test(method)) throw new RangeError(`${JSON.stringify(method)} is no HTTP method`)
  if (!/^[\x21-\x7e]+$/.test(path)) throw new RangeError(`the path ${JSON.stringify(path)} must be percent-encoded`)
  const lines = headers.map(([name, value]) => {
    if (!headerName.test(name) || strayCharacter.test(value)) throw new RangeError(`the header ${JSON.stringify(`${name}: ${value}`)} can't be sent`)
    return `${name}: ${value}`
  })
  return Buffer.from([`${method} ${path} HTTP/${httpVersion}`, ...lines, '', ''].join('\r\n'), 'latin1')
}

/**
 * How long the body of an answer is, as its head says (RFC 9112, section 6.3).
 * @param method of the request: an answer to HEAD has no body, whatever its head says
 * @returns a number of bytes, or what marks the body's end
 * @throws HeadError where the head contradicts itself
 */
export function bodyLength(head: Pick<ResponseHead, 'httpVersion' | 'status' | 'headers'>, method = 'GET'): number | 'chunked' | 'until-close' {
  if (method === 'HEAD' || head.status < 200 || head.status === 204 || head.status === 304) return 0
  const encoding = headerValue(head.headers, 'Transfer-Encoding')
  const length = headerValue(head.headers, 'Content-Length')
  if (encoding !== undefined) {
    if (length !== undefined) throw new HeadError(0, 'the answer has both Transfer-Encoding and Content-Length')
    if (head.httpVersion === '1.0') throw new HeadError(0, 'the answer is HTTP/1.0, which has no Transfer-Encoding, and has one')
    if (encoding.toLowerCase() !== 'chunked') throw new HeadError(0, `the answer has the transfer encoding "${printable(encoding, 100)}", where only chunked is known`)
    return 'chunked'
  }
  if (length === undefined) return 'until-close'
  if (!/^\d{1,15}$/.test(length)) throw new HeadError(0, `the answer has the Content-Length "${printable(length, 100)}"`)
  return Number(length)
}

/** Reads the head of an answer from what a connection brings, in pieces of any size. */
export type AnswerHeadReader = {
  /** @returns the head once it is whole, with the bytes that came after it. @throws HeadError */
  push(bytes: Uint8Array): { readonly head: ResponseHead; readonly rest: Uint8Array } | undefined
}

/** A reader of one answer's head. Interim answers may come before it (RFC 9110, section 15.2) and are passed over; 101 is an answer itself. */
export function answerHeadReader(): AnswerHeadReader {
  let waiting: Uint8Array = new Uint8Array()
  return {
    push(bytes) {
      waiting = waiting.byteLength === 0 ? bytes : Buffer.concat([waiting, bytes])
      for (;;) {
        const parsed = parseHead(waiting)
        if (parsed === undefined) return undefined
        const rest = waiting.subarray(parsed.length)
        if (parsed.head.status >= 200 || parsed.head.status === 101) return { head: parsed.head, rest }
        waiting = rest
      }
    },
  }
}

/** Takes the transfer coding off a body, of whichever kind its head says that it is. */
export type BodyDecoder = {
  /** Hands over the body's bytes among these, as views of them; none after its end. @throws ChunkedError, after what came before it */
  push(bytes: Uint8Array, take: (part: Uint8Array) => void): void
  readonly done: boolean
  /** Whether the end of the connection is that of the body. */
  readonly endsWithConnection: boolean
}

/** A decoder of the body that belongs to a head. @throws HeadError where the head contradicts itself */
export function bodyDecoder(head: Pick<ResponseHead, 'httpVersion' | 'status' | 'headers'>, method = 'GET'): BodyDecoder {
  const length = bodyLength(head, method)
  if (length === 'chunked') {
    const decoder = chunkedDecoder()
    return { endsWithConnection: false, push: (bytes, take) => decoder.parts(bytes, take), get done() { return decoder.done } }
  }
  let missing = length === 'until-close' ? Infinity : length
  return {
    endsWithConnection: length === 'until-close',
    get done() {
      return missing === 0
    },
    push(bytes, take) {
      const taken = bytes.subarray(0, missing)
      missing -= taken.byteLength
      take(taken)
    },
  }
}

/** Takes the chunked encoding off a body (RFC 9112, section 7.1). */
export type ChunkedDecoder = {
  /** @returns the body's bytes among these, as a view of them where they lie together. @throws ChunkedError */
  push(bytes: Uint8Array): Uint8Array
  /** The same, each chunk's bytes as a view of these: nothing is copied. @throws ChunkedError, after what came before it */
  parts(bytes: Uint8Array, take: (part: Uint8Array) => void): void
  /** The connection has ended. @throws ChunkedError where that is before the end of the body */
  end(): void
  /** Whether the end of the body has been seen. */
  readonly done: boolean
  /** Bytes that came after the end of the body. */
  readonly rest: Uint8Array
}

/** Bytes that a line of the encoding may have: a size with its extension, or a trailer. */
const chunkLineLimit = 4096
/** Bytes that all trailers together may have. */
const trailerLimit = 64 * 1024
// RFC 9112, section 7.1: a size in hex digits, then extensions, which say nothing to us.
const chunkSize = /^([0-9a-fA-F]{1,12})(?:[ \t]*;.*)?$/

/** A strict decoder of the chunked encoding; trailers are checked and dropped. After an error it is at its end. */
export function chunkedDecoder(): ChunkedDecoder {
  let state: 'size' | 'data' | 'cr' | 'lf' | 'trailer' | 'done' = 'size'
  let line = ''
  let lineOffset = 0
  let missing = 0
  let trailerBytes = 0
  let offset = 0
  let failed: ChunkedError | undefined
  let rest: Uint8Array[] = []

  function fail(at: number, message: string): never {
    failed = new ChunkedError(at, message)
    throw failed
  }

  /** Takes what belongs to the current line; it is whole once it ends in LF. */
  function takeLine(bytes: Uint8Array, position: number): number {
    if (line === '') lineOffset = offset + position
    const window = bytes.subarray(position, position + chunkLineLimit + 1 - line.length)
    const taken = window.subarray(0, window.indexOf(0x0a) + 1 || window.byteLength)
    line += latin1(taken)
    const stray = line.search(strayCharacter)
    const tail = stray === -1 ? '' : line.slice(stray)
    if (tail !== '' && tail !== '\r' && tail !== '\r\n') {
      fail(lineOffset + stray, tail === '\n' ? 'a line of the chunked encoding ends in LF without CR' : `the byte ${hexByte(tail.charCodeAt(0))} stands in a line of the chunked encoding`)
    }
    if (line.length > chunkLineLimit) fail(lineOffset, `a line of the chunked encoding is longer than ${chunkLineLimit} bytes`)
    return position + taken.byteLength
  }

  function endLine(content: string): void {
    if (state === 'trailer') {
      trailerBytes += content.length + 2
      if (content === '') state = 'done'
      else if (trailerBytes > trailerLimit) fail(lineOffset, `the trailers are longer than ${trailerLimit} bytes`)
      else if (parseHeaderLine(content) === undefined) fail(lineOffset, `the trailer "${printable(content, 100)}" is malformed`)
      return
    }
    const size = chunkSize.exec(content)?.[1] ?? fail(lineOffset, `"${printable(content, 40)}" is no size of a chunk`)
    missing = Number.parseInt(size, 16)
    state = missing === 0 ? 'trailer' : 'data'
  }

  function parts(bytes: Uint8Array, take: (part: Uint8Array) => void): void {
    if (failed !== undefined) throw failed
    let position = 0
    while (position < bytes.byteLength && state !== 'done') {
      if (state === 'data') {
        const part = bytes.subarray(position, position + missing)
        take(part)
        position += part.byteLength
        missing -= part.byteLength
        if (missing === 0) state = 'cr'
      } else if (state === 'cr' || state === 'lf') {
        if (bytes[position] !== (state === 'cr' ? 0x0d : 0x0a)) fail(offset + position, 'a chunk does not end in CRLF where its size says')
        state = state === 'cr' ? 'lf' : 'size'
        position += 1
      } else {
        position = takeLine(bytes, position)
        if (!line.endsWith('\n')) continue
        endLine(line.slice(0, -2))
        line = ''
      }
    }
    if (position < bytes.byteLength) rest.push(bytes.subarray(position))
    offset += bytes.byteLength
  }

  return {
    parts,
    get done() {
      return state === 'done'
    },
    get rest() {
      if (rest.length > 1) rest = [Buffer.concat(rest)]
      return rest[0] ?? new Uint8Array()
    },
    push(bytes) {
      const found: Uint8Array[] = []
      parts(bytes, (part) => void found.push(part))
      const [only] = found
      return found.length === 1 && only !== undefined ? only : Buffer.concat(found)
    },
    end() {
      if (failed !== undefined) throw failed
      if (state !== 'done') fail(offset, 'the chunked body ends before its last chunk')
    },
  }
}

/** One line `name: value` without its CRLF; undefined where it is malformed. */
function parseHeaderLine(line: string): [name: string, value: string] | undefined {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(colon, 0))
  return headerName.test(name) ? [name, trimBlanks(line.slice(colon + 1))] : undefined
}

/** Without the spaces and tabs around it. By hand: a regular expression takes quadratic time on a line of blanks. */
function trimBlanks(value: string): string {
  const isBlank = (index: number) => value[index] === ' ' || value[index] === '\t'
  let begin = 0
  let end = value.length
  while (begin < end && isBlank(begin)) begin += 1
  while (end > begin && isBlank(end - 1)) end -= 1
  return value.slice(begin, end)
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function hexByte(code: number): string {
  return `0x${code.toString(16).padStart(2, '0')}`
}

function fail(offset: number, message: string): never {
  throw new HeadError(offset, message)
}
