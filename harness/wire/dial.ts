import { spawn } from 'node:child_process'
import { connect as connectSocket, type NetConnectOpts, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import type { buildConnector } from 'undici'
import { describeEndpoint, type Endpoint } from './endpoint.ts'
import { readSlabs } from './read-slabs.ts'
import { printable } from './sanitize.ts'

/** No connection could be made. The message says why, and what to do. */
export class DialError extends Error {
  readonly code: string | undefined

  constructor(message: string, options: { code?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'DialError'
    this.code = options.code
  }
}

const defaultTimeoutMs = 15_000
/** How long a command's pipes may stay open when it has ended, and the command when its output has. */
const pipesTimeoutMs = 500
/** Memory that is read into again and again: more than a unix socket holds at a time. */
const reusedBytes = 256 * 1024
/** How much of what a command said on stderr goes into an error. */
const stderrLimit = 4096

/** How a connection is made, and read. */
export type DialOptions = {
  readonly timeoutMs?: number
  /**
   * Takes what the connection brings, in place of its `data` events. The bytes are there during the call alone: the memory is read into again,
   * which is what a reader of many small pieces saves.
   */
  readonly onBytes?: (bytes: Uint8Array) => void
}

/**
 * Opens one connection to an endpoint. `end()` on it closes our direction only.
 * @throws DialError
 */
export async function dial(endpoint: Endpoint, options: DialOptions = {}): Promise<Duplex> {
  const { timeoutMs = defaultTimeoutMs, onBytes } = options
  const connection = await connect(endpoint, timeoutMs, onBytes)
  if (onBytes !== undefined && !isPlain(endpoint)) connection.on('data', onBytes)
  // With memory of its own to read into, a socket has no data for anybody, and comes to its end only where it flows.
  else if (onBytes !== undefined) connection.resume()
  return connection
}

async function connect(endpoint: Endpoint, timeoutMs: number, onBytes: DialOptions['onBytes']): Promise<Duplex> {
  if (endpoint.kind === 'command') return dialCommand(endpoint.argv)
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  const socket = openSocket(endpoint, onBytes)
  const timer = setTimeout(() => {
    socket.destroy()
    reject(new DialError(`no connection to ${describeEndpoint(endpoint)} within ${timeoutMs} ms: is the address right, and does a firewall let it through?`))
  }, timeoutMs)
  const onError = (error: NodeJS.ErrnoException) => {
    clearTimeout(timer)
    socket.destroy()
    reject(explain(error, endpoint))
  }
  socket.once('error', onError)
  socket.once(endpoint.kind === 'tcp' && endpoint.tls !== undefined ? 'secureConnect' : 'connect', () => {
    clearTimeout(timer)
    socket.off('error', onError)
    resolve(socket)
  })
  return promise
}

/** The `connect` of an undici Agent that dials an endpoint. */
export function undiciConnector(endpoint: Endpoint): buildConnector.connector {
  return (_options, callback) => {
    dial(endpoint).then(
      (connection) => callback(null, asSocket(connection)),
      (error: unknown) => callback(error instanceof Error ? error : new DialError(String(error)), null),
    )
  }
}

function isPlain(endpoint: Endpoint): boolean {
  return endpoint.kind === 'socket' || (endpoint.kind === 'tcp' && endpoint.tls === undefined)
}

function openSocket(endpoint: Exclude<Endpoint, { kind: 'command' }>, onBytes: DialOptions['onBytes']): Socket {
  if (endpoint.kind === 'socket') return connectPlain({ path: endpoint.path }, onBytes)
  const { host, port, tls } = endpoint
  if (tls === undefined) return connectPlain({ host, port, noDelay: true }, onBytes)
  const options: ConnectionOptions & { allowHalfOpen: true } = {
    host,
    port,
    // TLS on top of a socket that stays open for reading when we have ended our direction.
    allowHalfOpen: true,
    rejectUnauthorized: tls.verify,
    ...(isAddress(tls.serverName ?? host) ? {} : { servername: tls.serverName ?? host }),
    ...(tls.ca !== undefined && { ca: tls.ca }),
    ...(tls.cert !== undefined && { cert: tls.cert }),
    ...(tls.key !== undefined && { key: tls.key }),
  }
  return connectTls(options)
}

/** A connection whose reads are as large as what has come; Node's own are of 64 KiB, each with an allocation. */
function connectPlain(address: NetConnectOpts, onBytes: DialOptions['onBytes']): Socket {
  if (onBytes !== undefined) {
    const memory = Buffer.allocUnsafeSlow(reusedBytes)
    return connectSocket({ ...address, allowHalfOpen: true, onread: { buffer: memory, callback: (count) => (onBytes(memory.subarray(0, count)), true) } })
  }
  const slabs = readSlabs()
  const socket: Socket = connectSocket({
    ...address,
    allowHalfOpen: true,
    // Pushed by hand, since Node brings nothing to the stream where it is given memory to read into; false stops the reading until the stream is read on.
    onread: { buffer: () => slabs.room(), callback: (count) => socket.push(slabs.take(count)) },
  })
  return socket
}

/** Starts a command whose stdin and stdout are the connection. Where it fails, the connection breaks with what it said on stderr. */
function dialCommand(argv: readonly [string, ...string[]]): Promise<Duplex> {
  const [command, ...args] = argv
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>()
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const { stdin, stdout, stderr } = child
  let said = ''
  stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString('utf8')).slice(-stderrLimit)
  })

  /** Resolves when the command is over; with an error where it failed. */
  const over = Promise.withResolvers<DialError | undefined>()
  const end = (code: number | null, signal: NodeJS.Signals | null) => {
    const why = said === '' ? '' : `: ${printable(said.trim(), 500)}`
    over.resolve(code === 0 ? undefined : new DialError(`${argv.join(' ')} ended with ${signal ?? `exit code ${code}`}${why}`))
  }
  child.once('close', end)
  // It may have left children behind that keep its pipes open.
  child.once('exit', (code, signal) => void setTimeout(end, pipesTimeoutMs, code, signal).unref())

  const connection = new Duplex({
    read: () => void stdout.resume(),
    write(bytes: Buffer, _encoding, done) {
      // A command that no longer reads is one that ends, and how it ends says more than EPIPE.
      stdin.write(bytes, (error) => (error ? void over.promise.then((why) => done(why ?? error)) : done()))
    },
    final: (done) => void stdin.end(() => done()),
    destroy(error, done) {
      child.kill()
      for (const pipe of [stdin, stdout, stderr]) pipe.destroy()
      done(error)
    },
  })
  // Told by the callback of the write, too.
  stdin.on('error', () => {})
  stdout.on('data', (bytes: Buffer) => {
    if (!connection.push(bytes)) stdout.pause()
  })
  // The end of its output is the end of the daemon's direction, unless the command is about to say that it failed.
  stdout.once('end', () => void setTimeout(() => connection.push(null), pipesTimeoutMs).unref())

  child.on('error', (error) => reject(new DialError(`${command} could not be run: ${error.message}`, { cause: error })))
  child.once('spawn', () => {
    void over.promise.then((failed) => (failed === undefined ? connection.push(null) : connection.destroy(failed)))
    resolve(connection)
  })
  return promise
}

/** undici treats its connection as a net.Socket; a command's pipes lack the methods that set a socket's options. */
function asSocket(connection: Duplex): Socket {
  if ('setKeepAlive' in connection) return connection as Socket
  const same = () => connection
  return Object.assign(connection, { setKeepAlive: same, setNoDelay: same, setTimeout: same, ref: same, unref: same }) as unknown as Socket
}

function explain(error: NodeJS.ErrnoException, endpoint: Endpoint): DialError {
  const where = describeEndpoint(endpoint)
  const why = reasons.find(({ codes }) => error.code !== undefined && codes.includes(error.code))?.why ?? error.message
  return new DialError(`can't connect to ${where}: ${why}`, { code: error.code, cause: error })
}

const reasons: readonly { codes: readonly string[]; why: string }[] = [
  { codes: ['ENOENT'], why: 'there is no such socket: is the daemon running, and is the path right?' },
  { codes: ['EACCES', 'EPERM'], why: 'permission denied: run it as a user of the group that owns the socket (docker), or as root' },
  { codes: ['ECONNREFUSED'], why: 'connection refused: is the daemon running, and does it listen there?' },
  { codes: ['ENOTFOUND', 'EAI_AGAIN'], why: 'no host of this name was found' },
  { codes: ['EHOSTUNREACH', 'ENETUNREACH'], why: 'there is no route to this host' },
  { codes: ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'], why: 'it does not speak TLS as asked: leave --tls off, or use the port that has TLS' },
  { codes: ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'], why: "its certificate is not signed by a CA that is trusted here: give the daemon's CA with --tlscacert" },
  { codes: ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'ERR_SSL_UNSUPPORTED_PROTOCOL'], why: 'it speaks an old version of TLS only: TLS 1.2 is the least that is taken' },
  { codes: ['ERR_TLS_CERT_ALTNAME_INVALID'], why: 'its certificate is for another name than the host that was asked for' },
  { codes: ['CERT_HAS_EXPIRED'], why: 'its certificate has expired' },
]

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(':')
}
