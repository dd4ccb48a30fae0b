import type { Duplex, Readable } from 'node:stream'
import { byteQueue } from './byte-queue.ts'
import { byteStream, type ByteStream } from './byte-stream.ts'
import { withDeadline } from './deadline.ts'
import { dial, DialError } from './dial.ts'
import type { Endpoint } from './endpoint.ts'
import { WireError } from './errors.ts'
import type { HeaderLines } from './exchange.ts'
import { answerHeadReader, bodyDecoder, formatRequestHead, headerValue, type BodyDecoder } from './head.ts'
import { beginExchange, withExchange, type Recorder } from './recorder.ts'
import { encodeBody, hostHeader, interrupted, onAbort, targetOf, type ClientOptions, type RequestBody, type RequestOptions } from './request.ts'

/** How a request is made whose answer goes on. */
export type StreamOptions = Omit<RequestOptions, 'body' | 'maxBytes'> & { readonly body?: Exclude<RequestBody, Readable> }

/** An answer whose body goes on: events, logs that are followed, stats, archives. */
export type AnswerStream = ByteStream & {
  readonly status: number
  readonly headers: HeaderLines
  header(name: string): string | undefined
  /** Closes the connection. The exchange is then on record. */
  close(): void
}

const defaultTimeoutMs = 30_000
/** Bytes of the body that are kept for the record, which cuts them further. */
const keptBytes = 64 * 1024

/**
 * Sends a request on a connection of its own; resolves once the answer's head is there. Head and transfer coding are read by the suite itself:
 * strictly, and with less work for each of an archive's many small chunks than a general client has.
 * @param options `timeoutMs` is for the head
 * @throws WireError where no head came, HeadError where it is malformed, DialError where no connection was had
 */
export async function openStream(endpoint: Endpoint, method: string, path: string, options: StreamOptions = {}, limits: ClientOptions = {}): Promise<AnswerStream> {
  const timeoutMs = Math.min(options.timeoutMs ?? defaultTimeoutMs, limits.longestMs ?? Infinity)
  const what = `${method} ${path}`
  const sent = encodeBody(options)
  const body = sent.recorded
  const headers: [string, string][] = [
    ['Host', hostHeader(endpoint)],
    ...Object.entries(sent.headers),
    // RFC 9110, section 8.6: a method that expects a body says so where there is none.
    ...(body !== undefined || method !== 'GET' ? ([['Content-Length', String(body?.byteLength ?? 0)]] as [string, string][]) : []),
  ]
  const recorder = beginExchange(options.recording, { method, path, headers, ...(body && { body }) })
  const begun = begin(endpoint, what, recorder, { head: formatRequestHead({ method, path: targetOf(endpoint, path), headers }), ...(body && { body }) }, timeoutMs)
  const letGo = onAbort([limits.signal, options.signal], () => begun.fail(new WireError('aborted', interrupted)))
  try {
    const stream = await withDeadline(begun.stream, timeoutMs, `no answer to ${what}`, () => begun.fail(new WireError('aborted', `no answer to ${what} within ${timeoutMs} ms`)))
    return { ...stream, close: () => (letGo(), stream.close()) }
  } catch (error) {
    letGo()
    throw withExchange(error, recorder)
  }
}

function begin(
  endpoint: Endpoint,
  what: string,
  recorder: Recorder,
  request: { readonly head: Uint8Array; readonly body?: Uint8Array },
  timeoutMs: number,
): { readonly stream: Promise<AnswerStream>; fail(error: Error): void } {
  const opened = Promise.withResolvers<AnswerStream>()
  const reader = answerHeadReader()
  let decoder: BodyDecoder | undefined
  const kept: Uint8Array[] = []
  let size = 0
  let ended = false
  let socket: Duplex | undefined
  const queue = byteQueue({ pause: () => socket?.pause(), resume: () => socket?.resume() })

  const finish = (error?: string) => {
    if (ended) return
    ended = true
    recorder.answerBody(Buffer.concat(kept), size)
    recorder.finish(error)
  }
  const fail = (error: Error) => {
    finish(error.message)
    opened.reject(error)
    queue.fail(error)
    socket?.destroy()
  }
  const end = () => {
    finish()
    queue.finish()
    socket?.destroy()
  }
  const close = () => {
    finish()
    queue.fail(new WireError('aborted', 'closed by the client'))
    socket?.destroy()
  }

  /** Takes the head, copied since it may come in pieces, and gives what came after it. */
  function takeHead(bytes: Uint8Array): Uint8Array {
    const answer = reader.push(Uint8Array.from(bytes))
    if (answer === undefined) return new Uint8Array()
    const { status, reason, headers } = answer.head
    recorder.answered(status, reason, headers)
    decoder = bodyDecoder(answer.head)
    opened.resolve({ ...byteStream(queue), status, headers, header: (name) => headerValue(headers, name), close })
    return answer.rest
  }
  function take(bytes: Uint8Array): void {
    const rest = decoder === undefined ? takeHead(bytes) : bytes
    if (decoder === undefined) return
    decoder.push(rest, (content) => {
      if (size < keptBytes) kept.push(Uint8Array.from(content))
      size += content.byteLength
      queue.lend(content)
    })
    if (decoder.done) end()
  }
  const onBytes = (bytes: Uint8Array) => {
    if (ended) return
    try {
      take(bytes)
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const onEnd = () => {
    if (ended) return
    if (decoder?.endsWithConnection) return end()
    fail(new WireError('connection', `the connection broke: the daemon closed it ${decoder === undefined ? `before its answer to ${what} was whole` : `after ${size} bytes of a body that goes on`}`))
  }
  const onDialled = (connection: Duplex) => {
    socket = connection
    if (ended) return void socket.destroy()
    socket.on('end', onEnd)
    socket.on('close', onEnd)
    socket.on('error', (error: Error) => fail(error instanceof DialError ? error : new WireError('connection', `the connection broke: ${error.message}`, { cause: error })))
    socket.write(request.body === undefined ? request.head : Buffer.concat([request.head, request.body]))
  }

  dial(endpoint, { timeoutMs, onBytes }).then(onDialled, fail)
  return { stream: opened.promise, fail }
}
