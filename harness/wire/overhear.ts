import type { HeaderLines } from './exchange.ts'
import { chunkedDecoder, headerValue } from './head.ts'
import type { Tap } from './relay.ts'
import { printable } from './sanitize.ts'

/** A request and its answer, as they were overheard. */
export type Overheard = {
  readonly method: string
  /** Path and query, as they were sent. */
  readonly path: string
  readonly requestHeaders: HeaderLines
  /** The beginning of the body, without its transfer coding. */
  readonly requestBody: Buffer
  /** Absent where the connection was closed before an answer came. */
  readonly status?: number
  readonly responseHeaders: HeaderLines
  /** The beginning of the body, without its transfer coding; empty where the connection was taken over. */
  readonly responseBody: Buffer
  /** Raw bytes followed the heads, which are not HTTP. */
  readonly hijacked: boolean
}

/** What of a body is kept. */
const bodyLimit = 4 * 1024 * 1024
/** What a head may have before it is given up. */
const headLimit = 256 * 1024

/** Takes the bytes of a body: how much of them, and whether it is whole. */
type Body = { push(bytes: Buffer): Buffer; readonly done: boolean; readonly kept: Buffer }

type Current = {
  readonly method: string
  readonly path: string
  readonly requestHeaders: HeaderLines
  readonly request: Body
  status?: number
  responseHeaders: HeaderLines
  response?: Body
}

/**
 * Listens to one HTTP/1 connection from the side and tells which requests and answers went over it. It forgives: what it does not
 * understand it says once, and hears no more of that connection.
 * @param onExchange takes each request with its answer, when both are whole or the connection is closed
 * @param onPuzzle takes what was not understood
 */
export function overhear(onExchange: (overheard: Overheard) => void, onPuzzle: (what: string) => void): Tap {
  let fromClient: Buffer = Buffer.alloc(0)
  let fromDaemon: Buffer = Buffer.alloc(0)
  let current: Current | undefined
  let deaf = false

  const giveUp = () => {
    deaf = true
    fromClient = fromDaemon = Buffer.alloc(0)
  }
  const tell = (hijacked: boolean) => {
    if (current === undefined) return
    const { method, path, requestHeaders, status, responseHeaders } = current
    onExchange({
      method,
      path,
      requestHeaders,
      requestBody: current.request.kept,
      ...(status !== undefined && { status }),
      responseHeaders,
      responseBody: hijacked ? Buffer.alloc(0) : (current.response?.kept ?? Buffer.alloc(0)),
      hijacked,
    })
    current = undefined
  }

  /** Goes one step on, where the bytes allow it. */
  function step(): boolean {
    if (current === undefined) {
      const head = takeHead(fromClient)
      if (head === undefined) return false
      fromClient = head.rest
      const [, method = '', path = ''] = /^(\S+) (\S+) HTTP\/1\.[01]$/.exec(head.first) ?? []
      if (method === '') throw new Error(`no request line: "${printable(head.first, 80)}"`)
      current = { method, path, requestHeaders: head.headers, request: bodyOf(requestLength(head.headers)), responseHeaders: [] }
      return true
    }
    if (!current.request.done && fromClient.byteLength > 0) {
      fromClient = current.request.push(fromClient)
      return true
    }
    if (current.status === undefined) {
      const head = takeHead(fromDaemon)
      if (head === undefined) return false
      fromDaemon = head.rest
      const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(head.first)?.[1])
      if (Number.isNaN(status)) throw new Error(`no status line: "${printable(head.first, 80)}"`)
      if (status < 200 && status !== 101) return true
      current.status = status
      current.responseHeaders = head.headers
      const length = responseLength(current.method, status, head.headers)
      if (length === 'raw') {
        tell(true)
        giveUp()
        return false
      }
      current.response = bodyOf(length)
      return true
    }
    if (current.response !== undefined && !current.response.done && fromDaemon.byteLength > 0) {
      fromDaemon = current.response.push(fromDaemon)
      return true
    }
    if (current.response?.done && current.request.done) {
      tell(false)
      return true
    }
    return false
  }
  const advance = () => {
    try {
      while (step());
    } catch (error) {
      onPuzzle(`${current === undefined ? '' : `${current.method} ${current.path}: `}${error instanceof Error ? error.message : String(error)}`)
      tell(false)
      giveUp()
    }
  }

  return {
    fromClient(bytes) {
      if (deaf) return
      fromClient = Buffer.concat([fromClient, bytes])
      advance()
    },
    fromDaemon(bytes) {
      if (deaf) return
      fromDaemon = Buffer.concat([fromDaemon, bytes])
      advance()
    },
    closed() {
      if (deaf) return
      tell(false)
      giveUp()
    },
  }
}

function takeHead(bytes: Buffer): { first: string; headers: [string, string][]; rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) {
    if (bytes.byteLength > headLimit) throw new Error(`no end of a head within ${headLimit} bytes`)
    return undefined
  }
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, Math.max(colon, 0)).trim(), line.slice(colon + 1).trim()]
  })
  return { first, headers, rest: bytes.subarray(end + 4) }
}

type Length = number | 'chunked' | 'until-close'

function requestLength(headers: HeaderLines): Length {
  if (/chunked/i.test(headerValue(headers, 'Transfer-Encoding') ?? '')) return 'chunked'
  return Number(headerValue(headers, 'Content-Length')) || 0
}

function responseLength(method: string, status: number, headers: HeaderLines): Length | 'raw' {
  if (status === 101) return 'raw'
  if (method === 'HEAD' || status === 204 || status === 304) return 0
  if (/chunked/i.test(headerValue(headers, 'Transfer-Encoding') ?? '')) return 'chunked'
  const length = headerValue(headers, 'Content-Length')
  if (length !== undefined) return Number(length) || 0
  const taken = /^application\/vnd\.docker\.(raw|multiplexed)-stream/.test(headerValue(headers, 'Content-Type') ?? '')
  return taken && method === 'POST' ? 'raw' : 'until-close'
}

function bodyOf(length: Length): Body {
  const parts: Uint8Array[] = []
  let size = 0
  let missing = typeof length === 'number' ? length : Infinity
  const decoder = length === 'chunked' ? chunkedDecoder() : undefined
  const keep = (bytes: Uint8Array) => {
    // A copy: what was read lies in a buffer that is used again.
    if (size < bodyLimit) parts.push(Uint8Array.prototype.slice.call(bytes, 0, bodyLimit - size))
    size += bytes.byteLength
  }
  return {
    push(bytes) {
      if (decoder !== undefined) {
        keep(decoder.push(bytes))
        return decoder.done ? Buffer.from(decoder.rest) : Buffer.alloc(0)
      }
      keep(bytes.subarray(0, missing))
      const rest = bytes.subarray(Math.min(missing, bytes.byteLength))
      missing -= Math.min(missing, bytes.byteLength)
      return rest
    },
    get done() {
      return decoder?.done ?? missing === 0
    },
    get kept() {
      return Buffer.concat(parts)
    },
  }
}
