import type { HeaderLines } from '../wire/exchange.ts'
import { headerValue } from '../wire/head.ts'
import type { AnswerHead, RequestHead } from './fault.ts'

/** A head with the bytes that it was read from. */
export type ReadHead<Head> = { readonly head: Head; readonly raw: Buffer; readonly rest: Buffer }

/** Bytes that a head may have; what is longer is relayed unread. */
const headLimit = 256 * 1024

/** What the bytes of a head are where they are none: the connection is then relayed without being read. */
export class NoHead extends Error {}

/**
 * Takes a request's head off the front of bytes.
 * @returns undefined while it is not whole
 * @throws NoHead
 */
export function takeRequestHead(bytes: Buffer): ReadHead<RequestHead> | undefined {
  const taken = takeLines(bytes)
  if (taken === undefined) return undefined
  const [, method, path] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(taken.first) ?? []
  if (method === undefined || path === undefined) throw new NoHead()
  return { head: { method, path, headers: taken.headers }, raw: taken.raw, rest: taken.rest }
}

/**
 * Takes an answer's head off the front of bytes.
 * @returns undefined while it is not whole
 * @throws NoHead
 */
export function takeAnswerHead(bytes: Buffer): ReadHead<AnswerHead> | undefined {
  const taken = takeLines(bytes)
  if (taken === undefined) return undefined
  const [, status, reason = ''] = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(taken.first) ?? []
  if (status === undefined) throw new NoHead()
  return { head: { status: Number(status), reason, headers: taken.headers }, raw: taken.raw, rest: taken.rest }
}

/** The bytes of a request's head. */
export function writeRequestHead({ method, path, headers }: RequestHead): Buffer {
  return writeLines(`${method} ${path} HTTP/1.1`, headers)
}

/** The bytes of an answer's head. */
export function writeAnswerHead({ status, reason, headers }: AnswerHead): Buffer {
  return writeLines(`HTTP/1.1 ${status} ${reason}`, headers)
}

/** Headers without those of a name, in any letters. */
export function withoutHeader(headers: HeaderLines, ...names: readonly string[]): HeaderLines {
  const gone = names.map((name) => name.toLowerCase())
  return headers.filter(([name]) => !gone.includes(name.toLowerCase()))
}

/** Headers with one of this value, in the place and the letters that it had. */
export function withHeader(headers: HeaderLines, name: string, value: string): HeaderLines {
  const at = headers.findIndex(([each]) => each.toLowerCase() === name.toLowerCase())
  return at === -1 ? [...headers, [name, value]] : headers.map((line, index) => (index === at ? [line[0], value] : line))
}

/** How a body is delimited. */
export type Framing = number | 'chunked' | 'until-close'

/** How the body of a request is delimited. */
export function requestFraming(headers: HeaderLines): Exclude<Framing, 'until-close'> {
  if (/chunked/i.test(headerValue(headers, 'Transfer-Encoding') ?? '')) return 'chunked'
  return Number(headerValue(headers, 'Content-Length')) || 0
}

/** How the body of an answer is delimited; a connection that is taken over goes on until it is closed. */
export function answerFraming(method: string, { status, headers }: AnswerHead): Framing {
  if (status === 101) return 'until-close'
  if (method === 'HEAD' || status === 204 || status === 304) return 0
  if (/chunked/i.test(headerValue(headers, 'Transfer-Encoding') ?? '')) return 'chunked'
  const length = headerValue(headers, 'Content-Length')
  return length === undefined ? 'until-close' : Number(length) || 0
}

/** One chunk of the chunked coding (RFC 9112, section 7.1); nothing for no bytes, which would be the last chunk. */
export function writeChunk(bytes: Uint8Array): Buffer {
  if (bytes.byteLength === 0) return Buffer.alloc(0)
  return Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

/** The last chunk, without trailers. */
export const lastChunk = Buffer.from('0\r\n\r\n')

function takeLines(bytes: Buffer): { first: string; headers: HeaderLines; raw: Buffer; rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) {
    if (bytes.byteLength > headLimit) throw new NoHead()
    return undefined
  }
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    if (colon <= 0) throw new NoHead()
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return { first, headers, raw: bytes.subarray(0, end + 4), rest: bytes.subarray(end + 4) }
}

function writeLines(first: string, headers: HeaderLines): Buffer {
  return Buffer.from([first, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n'), 'latin1')
}
