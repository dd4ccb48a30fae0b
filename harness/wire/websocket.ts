import type { Socket } from 'node:net'
import { Agent, WebSocket } from 'undici'
import { byteQueue } from './byte-queue.ts'
import { byteStream, type ByteStream } from './byte-stream.ts'
import { withDeadline } from './deadline.ts'
import { undiciConnector } from './dial.ts'
import type { Endpoint } from './endpoint.ts'
import { WireError } from './errors.ts'
import { hostHeader } from './request.ts'
import { beginExchange, type Recording } from './recorder.ts'

/** An open websocket. What the daemon sends is read as bytes, whatever the type of its messages. */
export type WebSocketConnection = ByteStream & {
  /** The subprotocol that was agreed on; empty where there is none. */
  readonly protocol: string
  /** The type of each message so far, of the first thousands. */
  readonly messageTypes: readonly ('text' | 'binary')[]
  send(data: string | Uint8Array): void
  /** The code that the daemon closed with. */
  closeCode(timeoutMs?: number): Promise<number>
  close(): void
}

/** Bytes that one message may have, also where it comes in fragments or was compressed. */
const maxMessage = 16 * 1024 * 1024
/** Fragments that one message may have. */
const maxFragments = 16_384
/** Bytes that may come while nobody reads. */
const maxUnread = 2 * maxMessage
/** What a message takes beyond its bytes. */
const messageCost = 256
/** Messages whose types are kept. */
const maxTypes = 10_000

/**
 * Opens a websocket on the daemon.
 * @throws WireError where the handshake fails: the refusal's status is not known here, ask for it with a plain request
 */
export async function openWebSocket(
  endpoint: Endpoint,
  path: string,
  options: { readonly protocols?: readonly string[]; readonly recording?: Recording; readonly timeoutMs?: number } = {},
): Promise<WebSocketConnection> {
  const { timeoutMs = 10_000, protocols = [] } = options
  let connection: Socket | undefined
  const connector = endingConnector(endpoint, (socket) => (connection = socket))
  const agent = new Agent({ connect: connector, webSocket: { maxPayloadSize: maxMessage, maxFragments } })
  const recorder = beginExchange(options.recording, { method: 'GET', path, headers: [['Upgrade', 'websocket'], ['Connection', 'Upgrade']] })
  const origin = endpoint.kind === 'tcp' ? `ws${endpoint.tls ? 's' : ''}://${hostHeader(endpoint)}${endpoint.basePath ?? ''}` : 'ws://localhost'
  const socket = new WebSocket(origin + path, { dispatcher: agent, protocols: [...protocols] })
  socket.binaryType = 'arraybuffer'

  /** What has come since the reader fell behind; undefined where it has not. */
  let unread: number | undefined
  // The API has no way to pause a websocket's source: where far too much comes, it is closed.
  const queue = byteQueue({ pause: () => (unread = 0), resume: () => (unread = undefined) })
  const opened = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<number>()
  // Whether anybody awaits the closing or not, its failure is told through the stream.
  closed.promise.catch(() => {})
  const messageTypes: ('text' | 'binary')[] = []

  socket.addEventListener('open', () => {
    recorder.answered(101, 'Switching Protocols', [['Sec-WebSocket-Protocol', socket.protocol]])
    opened.resolve()
  })
  socket.addEventListener('message', (event) => {
    const data: unknown = event.data
    if (messageTypes.length < maxTypes) messageTypes.push(typeof data === 'string' ? 'text' : 'binary')
    const bytes = typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data as ArrayBuffer)
    recorder.chunk('daemon', bytes)
    queue.push(bytes)
    if (unread === undefined) return
    unread += bytes.byteLength + messageCost
    if (unread > maxUnread) fail(new WireError('too-large', `the daemon sent more than ${maxUnread} bytes that nobody read`))
  })
  socket.addEventListener('error', (event) => {
    const why = event.message || (event.error instanceof Error && event.error.message) || 'no reason is known'
    fail(new WireError('connection', `the websocket broke: ${why}`, { cause: event.error }))
  })
  socket.addEventListener('close', (event) => {
    recorder.finish()
    closed.resolve(event.code)
    opened.reject(new WireError('connection', 'the daemon closed the websocket before it was open'))
    queue.finish()
    void agent.destroy()
  })

  function fail(error: WireError): void {
    recorder.finish(error.message)
    opened.reject(error)
    closed.reject(error)
    queue.fail(error)
    abandon()
  }
  function abandon(): void {
    socket.close()
    void agent.destroy()
    // Neither waits for a daemon that does not answer our closing frame, or goes on as if there were none: the connection would stay.
    const left = connection
    if (left === undefined) return
    if (left.writableNeedDrain) left.destroy()
    else left.unref().end(() => left.destroy())
  }
  try {
    await withDeadline(opened.promise, timeoutMs, `no websocket at ${path}`)
  } catch (error) {
    const exchange = recorder.finish(error instanceof Error ? error.message : String(error))
    abandon()
    throw error instanceof WireError ? new WireError(error.kind, error.message, { exchange, cause: error }) : error
  }

  return {
    ...byteStream(queue),
    protocol: socket.protocol,
    messageTypes,
    send(data) {
      recorder.chunk('client', typeof data === 'string' ? Buffer.from(data) : data)
      socket.send(data)
    },
    closeCode: (closeTimeoutMs = 10_000) => withDeadline(closed.promise, closeTimeoutMs, 'the daemon did not close the websocket'),
    close() {
      recorder.finish()
      abandon()
    },
  }
}

/**
 * A websocket has no half-close: where the daemon ends the connection, so do we. undici leaves that to the socket, whose other
 * direction our connections keep open, and would not tell of the closing where the closing frame comes together with the head.
 */
function endingConnector(endpoint: Endpoint, onOpen: (socket: Socket) => void): ReturnType<typeof undiciConnector> {
  const connect = undiciConnector(endpoint)
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null)
      socket.once('end', () => socket.end())
      onOpen(socket)
      callback(null, socket)
    })
}
