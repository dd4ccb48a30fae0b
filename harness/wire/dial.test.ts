import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { dial } from './dial.ts'
import type { Endpoint, TlsMaterial } from './endpoint.ts'
import { hijack } from './hijack.ts'
import { createClient } from './http.ts'
import { makeCertificates, scriptedServer, type Peer, type ScriptedServer } from './scripted-server.ts'

const hello = async (peer: Peer) => {
  await peer.request()
  peer.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')
}

/** One request over an endpoint: what came, or what was thrown. */
async function ask(endpoint: Endpoint): Promise<string> {
  const client = createClient(endpoint)
  try {
    return (await client.request('GET', '/_ping', { timeoutMs: 10_000 })).text
  } finally {
    await client.close()
  }
}

/** Attaches, sends, ends its direction and reads on to the end: the whole way of a hijack. */
async function echo(endpoint: Endpoint): Promise<string> {
  const hijacked = await hijack(endpoint, 'POST', '/attach')
  await hijacked.write('to and fro')
  hijacked.halfClose()
  const all = await hijacked.readAll()
  hijacked.close()
  return all.toString()
}

const echoes = async (peer: Peer) => {
  await peer.request()
  peer.send('HTTP/1.1 200 OK\r\n\r\n')
  const all = await peer.ended()
  peer.send(all.slice(all.indexOf('\r\n\r\n') + 4), ' and on')
  peer.socket.end()
}

/** The other way round: the daemon ends its direction first, and is still sent something. */
async function lateWord(start: (script: (peer: Peer) => Promise<void>) => Promise<ScriptedServer>): Promise<void> {
  await using server = await start(async (peer) => {
    await peer.request()
    peer.send('HTTP/1.1 200 OK\r\n\r\nover')
    peer.socket.end()
  })
  const hijacked = await hijack(server.endpoint, 'POST', '/attach')
  expect((await hijacked.readAll()).toString()).toBe('over')
  await hijacked.write('a late word')
  await expect.poll(() => server.requests[0], { timeout: 10_000 }).toMatch(/a late word$/)
  hijacked.close()
}

describe('sockets', () => {
  test.each(['unix', 'tcp'] as const)('%s carries requests and hijacked connections', async (listen) => {
    await using one = await scriptedServer(hello, { listen })
    expect(await ask(one.endpoint)).toBe('hello')
    await using other = await scriptedServer(echoes, { listen })
    expect(await echo(other.endpoint)).toBe('to and fro and on')
    await lateWord((script) => scriptedServer(script, { listen }))
  })

  test('what is not there is said with a hint', async () => {
    await expect(dial({ kind: 'socket', path: '/no/such.sock' })).rejects.toMatchObject({ name: 'DialError', code: 'ENOENT', message: expect.stringContaining('is the daemon running') as string })
    const server = await scriptedServer(hello, { listen: 'tcp' })
    await server.close()
    await expect(dial(server.endpoint)).rejects.toMatchObject({ name: 'DialError', code: 'ECONNREFUSED', message: expect.stringMatching(/^can't connect to tcp:\/\/127\.0\.0\.1:\d+: connection refused/) as string })
    await expect(dial({ kind: 'tcp', host: 'no-such-host.invalid', port: 1 })).rejects.toMatchObject({ name: 'DialError', message: expect.stringContaining('no host of this name') as string })
  })
})

describe('TLS', () => {
  const certificates = makeCertificates()
  const { ca, server, stranger, client, expired } = certificates
  const trusting: TlsMaterial = { verify: true, ca: ca.cert }
  const start = (script: (peer: Peer) => Promise<void>, trust: TlsMaterial, own = server, wantsClient = false) =>
    scriptedServer(script, { tls: { key: own.key, cert: own.cert, ...(wantsClient && { requestCert: true, rejectUnauthorized: true, ca: ca.cert }) }, trust })

  test('a daemon whose CA is given is trusted, for requests and for hijacked connections', async () => {
    await using one = await start(hello, trusting)
    expect(await ask(one.endpoint)).toBe('hello')
    await using other = await start(echoes, trusting)
    expect(await echo(other.endpoint)).toBe('to and fro and on')
    await lateWord((script) => start(script, trusting))
  })

  test('a name may be given that the certificate is held against', async () => {
    await using one = await start(hello, { ...trusting, serverName: 'elsewhere.invalid' }, stranger)
    expect(await ask(one.endpoint)).toBe('hello')
  })

  test.each<[string, TlsMaterial, typeof server, RegExp]>([
    ['nobody knows', { verify: true }, server, /not signed by a CA that is trusted here/],
    ['is signed by itself', { verify: true }, ca, /not signed by a CA that is trusted here/],
    ['is for another name', trusting, stranger, /for another name than the host/],
    ['has expired', trusting, expired, /its certificate has expired/],
  ])('a certificate that %s is refused, and taken where nothing is verified', async (_, trust, own, message) => {
    await using strict = await start(hello, trust, own)
    await expect(dial(strict.endpoint)).rejects.toMatchObject({ name: 'DialError', message: expect.stringMatching(message) as string })
    await expect(ask(strict.endpoint)).rejects.toMatchObject({ name: 'DialError' })
    await using lax = await start(hello, { ...trust, verify: false }, own)
    expect(await ask(lax.endpoint)).toBe('hello')
  })

  test('a daemon that wants a certificate gets ours, and turns away who has none', async () => {
    await using one = await start(hello, { ...trusting, cert: client.cert, key: client.key }, server, true)
    expect(await ask(one.endpoint)).toBe('hello')
    await using other = await start(hello, trusting, server, true)
    // With TLS 1.3 the handshake is over for us before the daemon looks at our certificate.
    await expect(ask(other.endpoint)).rejects.toMatchObject({ name: expect.stringMatching(/^(WireError|DialError)$/) as string, message: expect.stringMatching(/certificate required|connection broke/) as string })
  })

  test('a port that has no TLS is told from one that has', async () => {
    await using plain = await scriptedServer(async (peer) => {
      await peer.received((soFar) => soFar.length > 0)
      peer.send('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
    }, { listen: 'tcp' })
    await expect(dial({ ...plain.endpoint, tls: trusting } as Endpoint)).rejects.toMatchObject({ name: 'DialError', message: expect.stringContaining('does not speak TLS') as string })
  })

  test('an old version of TLS is refused, and called by its name', async () => {
    const old = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const
    await using one = await scriptedServer(hello, { tls: { key: server.key, cert: server.cert, ...old }, trust: trusting })
    await expect(ask(one.endpoint)).rejects.toMatchObject({ name: 'DialError', message: expect.stringMatching(/version of TLS/) as string })
  })

  test('a handshake that never ends is given up', async () => {
    await using silent = await scriptedServer(() => {}, { listen: 'tcp' })
    await expect(dial({ ...silent.endpoint, tls: trusting } as Endpoint, { timeoutMs: 60 })).rejects.toMatchObject({ name: 'DialError', message: expect.stringContaining('within 60 ms') as string })
  })
})

describe('commands', () => {
  // What `ssh host docker system dial-stdio` does, without the ssh.
  const relay = `const s = require('node:net').connect({ path: process.argv[1], allowHalfOpen: true }); process.stdin.pipe(s); s.pipe(process.stdout)`
  const through = (endpoint: Endpoint): Endpoint => ({ kind: 'command', argv: [process.execPath, '-e', relay, endpoint.kind === 'socket' ? endpoint.path : ''] })

  test('a command that relays its stdio carries requests and hijacked connections', async () => {
    await using one = await scriptedServer(hello)
    expect(await ask(through(one.endpoint))).toBe('hello')
    await using other = await scriptedServer(echoes)
    expect(await echo(through(other.endpoint))).toBe('to and fro and on')
  })

  test('a command that is not there, or that fails, is a DialError with what it said', async () => {
    await expect(dial({ kind: 'command', argv: ['/no/such/command'] })).rejects.toMatchObject({ name: 'DialError', message: expect.stringContaining('/no/such/command could not be run') as string })
    const failing: Endpoint = { kind: 'command', argv: ['sh', '-c', 'cat >/dev/null & echo "no route \x1b[31m" >&2; exit 3'] }
    const expected = { name: 'DialError', message: expect.stringMatching(/ended with exit code 3: no route \\x1b\[31m$/) as string }
    await expect(ask(failing)).rejects.toMatchObject(expected)
    await expect(hijack(failing, 'GET', '/')).rejects.toMatchObject(expected)
  })

  test('a command that ends its output and goes on has ended the daemon\'s direction', async () => {
    const connection = await dial({ kind: 'command', argv: ['sh', '-c', 'echo all; exec >&-; cat >/dev/null'] })
    expect(String(await connection.toArray())).toBe('all\n')
  })

  test('a command that reads no more does not take the harness with it', async () => {
    const connection = await dial({ kind: 'command', argv: ['sh', '-c', 'exec <&-; sleep 0.2; echo gone >&2; exit 4'] })
    const [error] = (await once(connection.resume(), 'error', {}).catch((thrown: unknown) => [thrown])) as [Error]
    expect(error.message).toMatch(/exit code 4: gone$/)
    connection.write('late')
  })

  test('a command does not outlive its connection', async () => {
    const connection = await dial({ kind: 'command', argv: ['sh', '-c', 'echo $$; exec sleep 1000'] })
    const [first] = (await once(connection, 'data')) as [Buffer]
    const pid = Number(first.toString())
    expect(() => process.kill(pid, 0)).not.toThrow()
    connection.destroy()
    await expect.poll(() => {
      try {
        return process.kill(pid, 0)
      } catch (error) {
        return (error as NodeJS.ErrnoException).code
      }
    }, { timeout: 10_000 }).toBe('ESRCH')
  })
})
