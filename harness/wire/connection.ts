import { byteQueue } from './byte-queue.ts'
import { defaultMaxBytes } from './byte-stream.ts'
import { dial } from './dial.ts'
import type { Endpoint } from './endpoint.ts'
import { WireError } from './errors.ts'
import { bodyLength, chunkedDecoder, formatRequestHead, headerValue, parseHead, type ResponseHead } from './head.ts'
import type { HijackOptions } from './hijack.ts'
import { wholeAnswer, type Answer } from './http.ts'
import { beginExchange } from './recorder.ts'
import { encodeBody, hostHeader, targetOf } from './request.ts'

/** How a request on a connection of one's own is made. */
export type ConnectionRequest = Omit<HijackOptions, 'upgrade'>

/** An answer, and what its head says of the connection that it came on. */
export type ConnectionAnswer = Answer & {
  readonly head: ResponseHead
  /** Whether another request may follow on the same connection (RFC 9112, section 9.3). */
  readonly keepsConnection: boolean
}

/** One connection that is the caller's to use: one request after the other, as its bytes are given. */
export type Connection = {
  /**
   * Sends a request, and reads the answer whole, by the length that its head gives or up to the end of the connection.
   * @throws WireError where no whole answer came, HeadError where it is malformed
   */
  request(method: string, path: string, options?: ConnectionRequest): Promise<ConnectionAnswer>
  /** Waits for the daemon to close the connection; bytes that come before that are an error. @throws WireError */
  closed(timeoutMs?: number): Promise<void>
  close(): void
}

const defaultTimeoutMs = 20_000

/**
 * Opens a connection of its own.
 * @throws DialError
 */
export async function openConnection(endpoint: Endpoint, options: { readonly timeoutMs?: number } = {}): Promise<Connection> {
  const socket = await dial(endpoint, options)
  const queue = byteQueue({ pause: () => socket.pause(), resume: () => socket.resume() })
  socket.on('data', (bytes: Buffer) => queue.push(bytes))
  socket.on('end', () => queue.finish())
  socket.on('close', () => queue.finish())
  socket.on('error', (error: Error) => queue.fail(new WireError('connection', `the connection broke: ${error.message}`, { cause: error })))
  /** What has come and belongs to no answer yet. */
  let waiting = Buffer.alloc(0)

  /** Waits for more bytes; false at the end of the connection. */
  async function more(deadline: number): Promise<boolean> {
    const bytes = await queue.read(deadline - performance.now(), () => 'the answer did not come to its end within its time')
    if (bytes === undefined) return false
    waiting = Buffer.concat([waiting, bytes])
    if (waiting.byteLength > defaultMaxBytes) throw new WireError('too-large', `the answer is longer than the ${defaultMaxBytes} bytes that are read of it`)
    return true
  }

  async function readHead(what: string, deadline: number): Promise<ResponseHead> {
    for (;;) {
      const parsed = waiting.byteLength === 0 ? undefined : parseHead(waiting)
      if (parsed !== undefined) {
        waiting = waiting.subarray(parsed.length)
        return parsed.head
      }
      if (!(await more(deadline))) throw new WireError('connection', `the daemon closed the connection before its answer to ${what} was whole`)
    }
  }

  async function readBody(length: ReturnType<typeof bodyLength>, deadline: number): Promise<Buffer> {
    if (length === 'chunked') {
      const decoder = chunkedDecoder()
      const parts: Uint8Array[] = []
      for (;;) {
        parts.push(decoder.push(waiting))
        waiting = Buffer.alloc(0)
        if (decoder.done) break
        if (!(await more(deadline))) decoder.end()
      }
      waiting = Buffer.from(decoder.rest)
      return Buffer.concat(parts)
    }
    const wanted = length === 'until-close' ? Infinity : length
    while (waiting.byteLength < wanted) {
      if (await more(deadline)) continue
      if (length === 'until-close') break
      throw new WireError('connection', `the daemon closed the connection after ${waiting.byteLength} of ${length} bytes of a body`)
    }
    const body = waiting.subarray(0, Math.min(wanted, waiting.byteLength))
    waiting = waiting.subarray(body.byteLength)
    return body
  }

  return {
    async request(method, path, options = {}) {
      const { timeoutMs = defaultTimeoutMs, httpVersion = '1.1', recording } = options
      const sent = encodeBody(options)
      const body = sent.recorded ?? new Uint8Array()
      const headers: [string, string][] = [['Host', hostHeader(endpoint)], ...Object.entries(sent.headers), ['Content-Length', String(body.byteLength)]]
      const recorder = beginExchange(recording, { method, path, headers, ...(sent.recorded && { body: sent.recorded }) })
      const deadline = performance.now() + timeoutMs
      try {
        socket.write(Buffer.concat([formatRequestHead({ method, path: targetOf(endpoint, path), headers, httpVersion }), body]))
        const head = await readHead(`${method} ${path}`, deadline)
        recorder.answered(head.status, head.reason, head.headers)
        const length = bodyLength(head, method)
        const bytes = await readBody(length, deadline)
        recorder.answerBody(bytes)
        return { ...wholeAnswer(head, recorder.finish(), bytes), head, keepsConnection: length !== 'until-close' && staysOpen(head) }
      } catch (error) {
        recorder.finish(error instanceof Error ? error.message : String(error))
        throw error
      }
    },
    async closed(timeoutMs = defaultTimeoutMs) {
      const bytes = waiting.byteLength > 0 ? waiting : await queue.read(timeoutMs)
      if (bytes !== undefined) throw new WireError('connection', `${bytes.byteLength} bytes follow the answer, and the connection was to be closed`)
    },
    close: () => void socket.destroy(),
  }
}

function staysOpen(head: ResponseHead): boolean {
  const tokens = (headerValue(head.headers, 'Connection') ?? '').toLowerCase().split(',').map((token) => token.trim())
  return head.httpVersion === '1.1' ? !tokens.includes('close') : tokens.includes('keep-alive')
}
