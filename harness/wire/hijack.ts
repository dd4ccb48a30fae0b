import { byteQueue } from './byte-queue.ts'
import { byteStream, type ByteStream } from './byte-stream.ts'
import { withDeadline } from './deadline.ts'
import { dial, DialError } from './dial.ts'
import type { Endpoint } from './endpoint.ts'
import { WireError } from './errors.ts'
import type { HeaderLines } from './exchange.ts'
import { answerHeadReader, bodyLength, chunkedDecoder, formatRequestHead, headerValue, type ResponseHead } from './head.ts'
import { wholeAnswer, type Answer } from './http.ts'
import { beginExchange, type Recording } from './recorder.ts'
import { encodeBody, hostHeader, targetOf, type RequestBody } from './request.ts'

/** How a hijacking request is made. */
export type HijackOptions = {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Exclude<RequestBody, import('node:stream').Readable>
  /** Sends `Connection: Upgrade` and `Upgrade: tcp`, which a daemon answers with 101 instead of 200. */
  readonly upgrade?: boolean
  readonly httpVersion?: '1.0' | '1.1'
  /** For the answer's head. */
  readonly timeoutMs?: number
  readonly recording?: Recording
}

/** A connection on its own, whose HTTP answer is followed by raw bytes in both directions. */
export type Hijacked = ByteStream & {
  readonly head: ResponseHead
  readonly status: number
  readonly headers: HeaderLines
  header(name: string): string | undefined
  /** Sends bytes; resolves when they are handed to the connection, which waits for a slow daemon. */
  write(bytes: Uint8Array | string, timeoutMs?: number): Promise<void>
  /** Closes our direction only: the guest sees the end of its stdin while its output goes on. */
  halfClose(): void
  /** Reads the body of an answer that refused the hijack, by its length as the head gives it. */
  refusal(timeoutMs?: number): Promise<Answer>
  /** Closes the connection. The exchange is then on record. */
  close(): void
}

const defaultTimeoutMs = 20_000

/**
 * Sends a request on a connection of its own and reads the answer's head, byte for byte.
 * Whether the daemon took over the connection, the caller sees by `status`.
 * @throws WireError where no head came, HeadError where it is malformed, DialError where no connection was had
 */
export async function hijack(endpoint: Endpoint, method: string, path: string, options: HijackOptions = {}): Promise<Hijacked> {
  const { timeoutMs = defaultTimeoutMs, upgrade = false, httpVersion = '1.1' } = options
  const sent = encodeBody(options)
  const body = sent.recorded ?? new Uint8Array()
  const headers: [string, string][] = [
    ['Host', hostHeader(endpoint)],
    ...Object.entries(sent.headers),
    ...(upgrade ? ([['Connection', 'Upgrade'], ['Upgrade', 'tcp']] as [string, string][]) : []),
    ['Content-Length', String(body.byteLength)],
  ]
  const socket = await dial(endpoint, { timeoutMs })
  const recorder = beginExchange(options.recording, { method, path, headers, ...(sent.recorded && { body: sent.recorded }) })

  const queue = byteQueue({ pause: () => socket.pause(), resume: () => socket.resume() })
  const headReady = Promise.withResolvers<ResponseHead>()
  const reader = answerHeadReader()
  let head: ResponseHead | undefined

  const afterHead = (bytes: Uint8Array) => {
    recorder.chunk('daemon', bytes)
    queue.push(bytes)
  }
  const fail = (error: Error) => {
    headReady.reject(error)
    queue.fail(error)
    recorder.finish(error.message)
    socket.destroy()
  }
  socket.on('data', (bytes: Buffer) => {
    if (head !== undefined) return afterHead(bytes)
    try {
      const answer = reader.push(bytes)
      if (answer === undefined) return
      head = answer.head
      recorder.answered(head.status, head.reason, head.headers)
      headReady.resolve(head)
      if (answer.rest.byteLength > 0) afterHead(answer.rest)
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
  })
  socket.on('end', () => {
    if (head === undefined) fail(new WireError('connection', `the daemon closed the connection before its answer to ${method} ${path} was whole`))
    else queue.finish()
  })
  socket.on('error', (error: Error) => fail(error instanceof DialError ? error : new WireError('connection', `the connection broke: ${error.message}`, { cause: error })))
  socket.on('close', () => {
    if (head === undefined) fail(new WireError('connection', `the connection was closed before an answer to ${method} ${path} came`))
    else queue.finish()
  })

  socket.write(Buffer.concat([formatRequestHead({ method, path: targetOf(endpoint, path), headers, httpVersion }), body]))
  const answered = await withDeadline(headReady.promise, timeoutMs, `no answer to ${method} ${path}`, () =>
    fail(new WireError('deadline', `no answer to ${method} ${path} within ${timeoutMs} ms`)),
  )

  const close = () => {
    recorder.finish()
    queue.finish()
    socket.destroy()
  }
  const stream = byteStream(queue)
  return {
    ...stream,
    head: answered,
    status: answered.status,
    headers: answered.headers,
    header: (name) => headerValue(answered.headers, name),
    async write(bytes, writeTimeoutMs = defaultTimeoutMs) {
      const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
      recorder.chunk('client', data)
      const flushed = Promise.withResolvers<void>()
      socket.write(data, (error) => (error ? flushed.reject(new WireError('connection', `the daemon did not take what was sent: ${error.message}`)) : flushed.resolve()))
      await withDeadline(flushed.promise, writeTimeoutMs, `the daemon did not take ${data.byteLength} bytes`)
    },
    halfClose: () => socket.end(),
    async refusal(refusalTimeoutMs = defaultTimeoutMs) {
      let bytes: Buffer
      try {
        bytes = await readBody(answered, stream, refusalTimeoutMs)
      } catch (error) {
        recorder.finish(error instanceof Error ? error.message : String(error))
        close()
        throw error
      }
      recorder.answerBody(bytes)
      const exchange = recorder.finish()
      close()
      return wholeAnswer(answered, exchange, bytes)
    },
    close,
  }
}

async function readBody(head: ResponseHead, stream: ByteStream, timeoutMs: number): Promise<Buffer> {
  const length = bodyLength(head)
  if (length === 0) return Buffer.alloc(0)
  if (length === 'until-close') return stream.readAll({ timeoutMs })
  if (length !== 'chunked') {
    const bytes = await stream.readUntil((soFar) => soFar.byteLength >= length, { timeoutMs })
    if (bytes.byteLength < length) throw new WireError('connection', `the connection was closed after ${bytes.byteLength} of the ${length} bytes of the body`)
    return bytes.subarray(0, length)
  }
  const decoder = chunkedDecoder()
  const parts: Uint8Array[] = []
  let decoded = 0
  await stream.readUntil((soFar) => {
    parts.push(decoder.push(soFar.subarray(decoded)))
    decoded = soFar.byteLength
    return decoder.done
  }, { timeoutMs })
  if (!decoder.done) throw new WireError('connection', 'the connection was closed in the middle of a chunked body')
  return Buffer.concat(parts)
}
