import type { Readable } from 'node:stream'
import { Agent, type Dispatcher } from 'undici'
import { byteQueue } from './byte-queue.ts'
import { byteStream, type ByteStream } from './byte-stream.ts'
import { withDeadline } from './deadline.ts'
import { DialError, undiciConnector } from './dial.ts'
import { authority, type Endpoint } from './endpoint.ts'
import { WireError } from './errors.ts'
import type { Exchange, HeaderLines } from './exchange.ts'
import { headerValue } from './head.ts'
import { beginExchange, type Recorder, type Recording } from './recorder.ts'

/** What a request carries. A plain object or array is sent as JSON. */
export type RequestBody = Uint8Array | string | Readable | object

/** How a request is made. */
export type RequestOptions = {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: RequestBody
  /** For the whole answer. */
  readonly timeoutMs?: number
  /** Bytes of body that are read; more is an error. */
  readonly maxBytes?: number
  readonly recording?: Recording
  /** Ends the request, and the reading of its answer, at once: the error is a WireError of kind `aborted`. */
  readonly signal?: AbortSignal
}

/** What holds for all requests of a client. */
export type ClientOptions = {
  /** The most that any of them may wait for its whole answer, whatever it asks for itself. */
  readonly longestMs?: number | undefined
  /** Ends them all at once, and lets none begin. */
  readonly signal?: AbortSignal
}

/** A whole answer, as it came. */
export type Answer = {
  readonly status: number
  readonly reason: string
  readonly headers: HeaderLines
  /** A header's value by its name in any letters; several lines joined by `, `. */
  header(name: string): string | undefined
  readonly body: Buffer
  readonly text: string
  /** The body as JSON. Throws SyntaxError where it is none. */
  json(): unknown
  readonly exchange: Exchange
}

/** An answer whose body goes on: events, logs that are followed, stats. */
export type AnswerStream = ByteStream & {
  readonly status: number
  readonly headers: HeaderLines
  header(name: string): string | undefined
  /** Closes the connection. The exchange is then on record. */
  close(): void
}

/** Requests to one endpoint, over connections that are kept and used again. */
export type Client = {
  readonly endpoint: Endpoint
  /** @throws WireError where no whole answer came */
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>
  /** Resolves once the answer's head is there. @throws WireError where none came */
  stream(method: string, path: string, options?: RequestOptions): Promise<AnswerStream>
  close(): Promise<void>
}

const defaultTimeoutMs = 30_000
const defaultMaxBytes = 16 * 1024 * 1024

/** Opens a client. No connection is made before the first request. */
export function createClient(endpoint: Endpoint, limits: ClientOptions = {}): Client {
  const { longestMs = Infinity } = limits
  // The deadlines are ours: one per request, covering everything.
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
      return { ...open, close: (error) => (letGo(), open.close(error)), stream: { ...open.stream, close: () => (letGo(), open.stream.close()) } }
    } catch (error) {
      letGo()
      throw withExchange(error, recorder)
    }
  }

  return {
    endpoint,
    stream: async (method, path, options = {}) => (await open(method, path, options)).stream,
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
        body = await answer.stream.readAll({ timeoutMs: Math.max(1, deadline - performance.now()), maxBytes })
      } catch (error) {
        answer.close(error instanceof Error ? error.message : String(error))
        throw error instanceof WireError ? new WireError(error.kind, `${method} ${path}: ${error.message}`, { ...(exchange && { exchange }), cause: error }) : error
      }
      answer.close()
      if (exchange === undefined) throw new TypeError('an exchange came to its end without a record')
      return wholeAnswer(answer.stream, exchange, body)
    },
    close: () => agent.destroy(),
  }
}

const interrupted = 'the run was interrupted'

/** Calls back once any of the signals has aborted, also where one has already. @returns what makes it forget about that */
function onAbort(signals: readonly (AbortSignal | undefined)[], callback: () => void): () => void {
  const present = signals.filter((signal) => signal !== undefined)
  if (present.some(({ aborted }) => aborted)) callback()
  for (const signal of present) signal.addEventListener('abort', callback)
  return () => present.forEach((signal) => signal.removeEventListener('abort', callback))
}

/** The Host header for an endpoint: a daemon behind a socket has no name, so `localhost`. */
export function hostHeader(endpoint: Endpoint): string {
  return endpoint.kind === 'tcp' ? authority(endpoint) : 'localhost'
}

/** The bytes of a body and the headers that go with it. `recorded` is absent for a streamed body. */
export function encodeBody(options: Pick<RequestOptions, 'headers' | 'body'>): {
  headers: Record<string, string>
  body: Uint8Array | Readable | null
  recorded?: Uint8Array
} {
  const headers = { ...options.headers }
  const { body } = options
  if (body === undefined) return { headers, body: null }
  if (isReadable(body)) return { headers, body }
  if (body instanceof Uint8Array) return { headers, body, recorded: body }
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  return { headers: named || typeof body === 'string' ? headers : { 'Content-Type': 'application/json', ...headers }, body: bytes, recorded: bytes }
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
    json: () => JSON.parse(body.toString('utf8')) as unknown,
    exchange,
  }
}

/** An answer whose head is there; `close` can say what ended it badly. */
type OpenAnswer = { readonly stream: AnswerStream; close(error?: string): void }

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
      path: (endpoint.kind === 'tcp' ? (endpoint.basePath ?? '') : '') + path,
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
        head.resolve({ stream: { ...byteStream(queue), status, headers: lines, header: (name) => headerValue(lines, name), close: () => close() }, close })
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

function withExchange(error: unknown, recorder: Recorder): unknown {
  if (!(error instanceof WireError)) return error
  return new WireError(error.kind, error.message, { exchange: recorder.finish(error.message), cause: error })
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

function isReadable(body: RequestBody): body is Readable {
  return typeof body === 'object' && 'pipe' in body && typeof body.pipe === 'function'
}
