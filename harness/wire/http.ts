import { Agent, type Dispatcher } from 'undici'
import { byteQueue } from './byte-queue.ts'
import { byteStream, defaultMaxBytes, type ByteStream } from './byte-stream.ts'
import { withDeadline } from './deadline.ts'
import { DialError, undiciConnector } from './dial.ts'
import type { Endpoint } from './endpoint.ts'
import { WireError } from './errors.ts'
import type { Exchange, HeaderLines } from './exchange.ts'
import { headerValue } from './head.ts'
import { parseJson } from './json.ts'
import { beginExchange, withExchange, type Recorder, type Recording } from './recorder.ts'
import { encodeBody, hostHeader, interrupted, onAbort, targetOf, type ClientOptions, type RequestOptions } from './request.ts'
import { openStream, type AnswerStream, type StreamOptions } from './stream.ts'

/** A whole answer, as it came. */
export type Answer = {
  readonly status: number
  readonly reason: string
  readonly headers: HeaderLines
  /** A header's value by its name in any letters; several lines joined by `, `. */
  header(name: string): string | undefined
  readonly body: Buffer
  readonly text: string
  /** The body as JSON. Throws SyntaxError where it is none, or nested deeper than anything can walk. */
  json(): unknown
  readonly exchange: Exchange
}

/** Requests to one endpoint, over connections that are kept and used again. */
export type Client = {
  readonly endpoint: Endpoint
  /** @throws WireError where no whole answer came */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  /** Resolves once the answer's head is there. @throws WireError where none came */
  stream(method: string, path: string, options?: StreamOptions): Promise<AnswerStream>
  close(): Promise<void>
}

const defaultTimeoutMs = 30_000

/** Opens a client. No connection is made before the first request. */
export function createClient(endpoint: Endpoint, limits: ClientOptions = {}): Client {
  const { longestMs = Infinity } = limits
  // The deadlines are ours: one per request, covering everything.
  const closing = new AbortController()
  const agent = new Agent({ connect: undiciConnector(endpoint), headersTimeout: 0, bodyTimeout: 0, connections: 128, pipelining: 1 })

  async function open(method: string, path: string, options: RequestOptions): Promise<OpenAnswer> {
    const sent = encodeBody(options)
    const recorder = beginExchange(options.recording, {
      method,
      path,
      headers: Object.entries({ Host: hostHeader(endpoint), ...sent.headers }),
      ...(sent.recorded === undefined ? {} : { body: sent.recorded }),
    })
    const answer = dispatch(agent, endpoint, method, path, sent, recorder)
    const timeoutMs = Math.min(options.timeoutMs ?? defaultTimeoutMs, longestMs)
    const missing = `no answer to ${method} ${path}`
    const letGo = onAbort([limits.signal, options.signal], () => answer.abort(interrupted))
    try {
      const open = await withDeadline(answer.head, timeoutMs, missing, () => answer.abort(`${missing} within ${timeoutMs} ms`))
      return { ...open, close: (error) => (letGo(), open.close(error)) }
    } catch (error) {
      letGo()
      throw withExchange(error, recorder)
    }
  }

  return {
    endpoint,
    stream: (method, path, options) => openStream(endpoint, method, path, options, { ...limits, signal: AbortSignal.any([closing.signal, ...(limits.signal ? [limits.signal] : [])]) }),
    async request(method, path, options = {}) {
      const { maxBytes = defaultMaxBytes } = options
      const deadline = performance.now() + Math.min(options.timeoutMs ?? defaultTimeoutMs, longestMs)
      let exchange: Exchange | undefined
      const recording: Recording = {
        startedAt: options.recording?.startedAt ?? performance.now(),
        record(finished) {
          exchange = finished
          options.recording?.record(finished)
        },
      }
      const answer = await open(method, path, { ...options, recording })
      let body: Buffer
      try {
        body = await answer.body.readAll({ timeoutMs: Math.max(1, deadline - performance.now()), maxBytes })
      } catch (error) {
        answer.close(error instanceof Error ? error.message : String(error))
        throw error instanceof WireError ? new WireError(error.kind, `${method} ${path}: ${error.message}`, { ...(exchange && { exchange }), cause: error }) : error
      }
      answer.close()
      if (exchange === undefined) throw new TypeError('an exchange came to its end without a record')
      return wholeAnswer(answer, exchange, body)
    },
    close() {
      closing.abort()
      return agent.destroy()
    },
  }
}

/** Puts an answer together from its head and its body. */
export function wholeAnswer(head: { status: number; headers: HeaderLines; reason?: string }, exchange: Exchange, body: Buffer): Answer {
  return {
    status: head.status,
    reason: exchange.reason ?? '',
    headers: head.headers,
    header: (name) => headerValue(head.headers, name),
    body,
    get text() {
      return body.toString('utf8')
    },
    json: () => parseJson(body.toString('utf8')),
    exchange,
  }
}

/** An answer whose head is there; `close` can say what ended it badly. */
type OpenAnswer = { readonly status: number; readonly headers: HeaderLines; readonly body: ByteStream; close(error?: string): void }

function dispatch(
  agent: Agent,
  endpoint: Endpoint,
  method: string,
  path: string,
  sent: ReturnType<typeof encodeBody>,
  recorder: Recorder,
): { head: Promise<OpenAnswer>; abort(reason: string): void } {
  const head = Promise.withResolvers<OpenAnswer>()
  let controller: Dispatcher.DispatchController | undefined
  let abortedEarly: string | undefined
  const received: Uint8Array[] = []
  let receivedBytes = 0
  const queue = byteQueue({ pause: () => controller?.pause(), resume: () => controller?.resume() })

  const finish = (error?: string) => {
    recorder.answerBody(Buffer.concat(received), receivedBytes)
    recorder.finish(error)
  }
  const abort = (reason: string) => {
    abortedEarly = reason
    const error = new WireError('aborted', reason)
    if (controller !== undefined) return controller.abort(error)
    // Still being dialled: the connection is let go once it is there, and nobody waits for that.
    head.reject(error)
    queue.fail(error)
  }

  agent.dispatch(
    {
      origin: endpoint.kind === 'tcp' ? `http${endpoint.tls ? 's' : ''}://${hostHeader(endpoint)}` : 'http://localhost',
      path: targetOf(endpoint, path),
      method: method as Dispatcher.HttpMethod,
      headers: sent.headers,
      body: sent.body,
    },
    {
      onRequestStart(started) {
        controller = started
        if (abortedEarly !== undefined) started.abort(new WireError('aborted', abortedEarly))
      },
      onResponseStart(started, status, headers, reason) {
        if (status < 200) return
        const lines = rawLines(started.rawHeaders) ?? Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
        recorder.answered(status, reason ?? '', lines)
        const close = (error?: string) => {
          // On record first: what the abort says of itself is not how the exchange ended.
          finish(error)
          abort('closed by the client')
        }
        head.resolve({ status, headers: lines, body: byteStream(queue), close })
      },
      onResponseData(_controller, chunk) {
        if (receivedBytes < 64 * 1024) received.push(chunk)
        receivedBytes += chunk.byteLength
        queue.push(chunk)
      },
      onResponseEnd() {
        finish()
        queue.finish()
      },
      onResponseError(_controller, error) {
        finish(error.message)
        const wireError = error instanceof WireError || error instanceof DialError ? error : new WireError('connection', `the connection broke: ${describe(error)}`, { cause: error })
        head.reject(wireError)
        queue.fail(wireError)
      },
    },
  )
  return { head: head.promise, abort }
}

function rawLines(raw: Dispatcher.DispatchController['rawHeaders']): HeaderLines | undefined {
  if (!Array.isArray(raw)) return undefined
  const lines: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) lines.push([String(raw[index]), String(raw[index + 1])])
  return lines
}

function describe(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  return `${error.message}${code}`
}
