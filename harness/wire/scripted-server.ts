import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { Endpoint, TlsMaterial } from './endpoint.ts'

/** For tests: one connection, as the script of a server sees it. */
export type Peer = {
  readonly socket: Socket
  /** Waits until what the client has sent satisfies `enough`, and gives all of it. */
  received(enough: (soFar: string) => boolean): Promise<string>
  /** Waits for the end of the client's direction, and gives all that it has sent. */
  ended(): Promise<string>
  /** Waits for a request's head, and gives what there is with it. */
  request(): Promise<string>
  send(...parts: (string | Uint8Array)[]): void
}

/** For tests: a server that says what it is told to, whether HTTP allows it or not. */
export type ScriptedServer = {
  readonly endpoint: Extract<Endpoint, { kind: 'socket' | 'tcp' }>
  /** Everything each connection has sent so far, latin1. */
  readonly requests: readonly string[]
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a server on a unix socket of its own or, with `listen: 'tcp'` or TLS, on loopback. What its script throws is thrown by `close`.
 * @param script what happens on each connection; an error that the client's departure causes is no error of the script
 */
export async function scriptedServer(
  script: (peer: Peer) => void | Promise<void>,
  options: { readonly listen?: 'unix' | 'tcp'; readonly host?: string; readonly tls?: TlsOptions; readonly trust?: TlsMaterial } = {},
): Promise<ScriptedServer> {
  const { tls, trust, host = '127.0.0.1' } = options
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-wire-'))
  const sockets = new Set<Socket>()
  const requests: string[] = []
  const failures: unknown[] = []
  const onConnection = (socket: Socket) => {
    sockets.add(socket)
    const place = requests.push('') - 1
    socket.on('error', () => {})
    socket.on('data', (bytes) => (requests[place] += bytes.toString('latin1')))
    const until = (enough: (soFar: string, ended: boolean) => boolean) =>
      new Promise<string>((resolve) => {
        const look = () => {
          if (!enough(requests[place] ?? '', socket.readableEnded)) return
          for (const event of ['data', 'end', 'close']) socket.off(event, look)
          resolve(requests[place] ?? '')
        }
        for (const event of ['data', 'end', 'close']) socket.on(event, look)
        look()
      })
    const peer: Peer = {
      socket,
      received: until,
      ended: () => until((_, ended) => ended),
      request: () => until((soFar) => soFar.includes('\r\n\r\n')),
      send(...parts) {
        for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)
      },
    }
    Promise.resolve(peer).then(script).catch((error: unknown) => failures.push(error))
  }
  const server: Server = tls === undefined ? createServer({ allowHalfOpen: true }, onConnection) : createTlsServer({ ...tls, allowHalfOpen: true } as TlsOptions, onConnection)
  // A client that does not trust the server leaves in the middle of the handshake.
  server.on('tlsClientError', () => {}).on('connection', (socket: Socket) => sockets.add(socket))
  const overTcp = options.listen === 'tcp' || tls !== undefined
  const path = join(folder, 'daemon.sock')
  await new Promise<void>((resolve) => (overTcp ? server.listen(0, host, resolve) : server.listen(path, resolve)))
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
    rmSync(folder, { recursive: true, force: true })
    if (failures.length > 0) throw failures[0]
  }
  return {
    endpoint: overTcp ? { kind: 'tcp', host, port: (server.address() as AddressInfo).port, ...(trust && { tls: trust }) } : { kind: 'socket', path },
    requests,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** For tests: a CA with a server's certificate for `localhost` and 127.0.0.1, one for another name, one whose time is over, and a client's. All PEM. */
export type Certificates = Record<'ca' | 'server' | 'stranger' | 'client' | 'expired', { readonly cert: string; readonly key: string }>

/** Makes certificates with openssl, which is on every machine that has git or curl. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-certificates-'))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const read = (name: string) => ({ cert: readFileSync(join(folder, `${name}.pem`), 'utf8'), key: readFileSync(join(folder, `${name}.key`), 'utf8') })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const request = (name: string, extensions: string) => {
    writeFileSync(join(folder, `${name}.ext`), extensions)
    openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
  }
  const issue = (name: string, extensions: string) => {
    request(name, extensions)
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', `${name}.ext`, '-out', `${name}.pem`)
  }
  try {
    openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '1', '-subj', '/CN=plimsoll test CA')
    issue('server', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
    issue('stranger', 'subjectAltName=DNS:elsewhere.invalid')
    issue('client', 'extendedKeyUsage=clientAuth')
    // `openssl x509` issues nothing for the past; `openssl ca` does.
    request('expired', 'subjectAltName=DNS:localhost,IP:127.0.0.1')
    writeFileSync(join(folder, 'ca.cnf'), '[ca]\ndefault_ca=own\n[own]\ndatabase=index\nnew_certs_dir=.\nserial=serial\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n')
    writeFileSync(join(folder, 'index'), '')
    writeFileSync(join(folder, 'serial'), '1000')
    openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-in', 'expired.csr', '-out', 'expired.pem', '-startdate', '20200101000000Z', '-enddate', '20200102000000Z', '-extfile', 'expired.ext')
    return { ca: read('ca'), server: read('server'), stranger: read('stranger'), client: read('client'), expired: read('expired') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
