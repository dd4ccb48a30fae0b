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
  /** The type of each message so far. */
  readonly messageTypes: readonly ('text' | 'binary')[]
  send(data: string | Uint8Array): void
  /** The code that the daemon closed with. */
  closeCode(timeoutMs?: number): Promise<number>
  close(): void
}

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
  const agent = new Agent({ connect: endingConnector(endpoint) })
  const recorder = beginExchange(options.recording, { method: 'GET', path, headers: [['Upgrade', 'websocket'], ['Connection', 'Upgrade']] })
  const origin = endpoint.kind === 'tcp' ? `ws${endpoint.tls ? 's' : ''}://${hostHeader(endpoint)}${endpoint.basePath ?? ''}` : 'ws://localhost'
  const socket = new WebSocket(origin + path, { dispatcher: agent, protocols: [...protocols] })
  socket.binaryType = 'arraybuffer'

  // The API has no way to pause a websocket's source; the read limits of the stream hold all the same.
  const queue = byteQueue({ pause() {}, resume() {} })
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
    messageTypes.push(typeof data === 'string' ? 'text' : 'binary')
    const bytes = typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data as ArrayBuffer)
    recorder.chunk('daemon', bytes)
    queue.push(bytes)
  })
  socket.addEventListener('error', (event) => {
    const why = event.message || (event.error instanceof Error && event.error.message) || 'no reason is known'
    const error = new WireError('connection', `the websocket broke: ${why}`, { cause: event.error })
    recorder.finish(error.message)
    opened.reject(error)
    closed.reject(error)
    queue.fail(error)
  })
  socket.addEventListener('close', (event) => {
    recorder.finish()
    closed.resolve(event.code)
    opened.reject(new WireError('connection', 'the daemon closed the websocket before it was open'))
    queue.finish()
    void agent.destroy()
  })

  const abandon = () => {
    socket.close()
    void agent.destroy()
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
function endingConnector(endpoint: Endpoint): ReturnType<typeof undiciConnector> {
  const connect = undiciConnector(endpoint)
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return callback(error, null)
      socket.once('end', () => socket.end())
      callback(null, socket)
    })
}
