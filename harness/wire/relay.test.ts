import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { overhear, type Overheard } from './overhear.ts'
import type { GoBetween } from './go-between.ts'
import { startRelay, type Tap } from './relay.ts'

const silent: Tap = { fromClient() {}, fromDaemon() {}, closed() {} }

let folder: string
let opened: (Server | GoBetween)[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-relay-'))
  opened = []
})
afterEach(async () => {
  for (const each of opened) await each.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A daemon that does as it is told on each connection, and a relay to it. */
async function relayed(serve: (socket: Socket) => void, tapOf: () => Tap = () => silent): Promise<{ relay: GoBetween; client: () => Socket }> {
  const path = join(folder, 'daemon.sock')
  const server = createServer({ allowHalfOpen: true }, (socket) => serve(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const relay = await startRelay({ kind: 'socket', path }, join(folder, 'relay.sock'), tapOf)
  opened.push(relay, server)
  return { relay, client: () => connect({ path: join(folder, 'relay.sock'), allowHalfOpen: true }) }
}

async function readAll(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

describe('a relay', () => {
  test('carries bytes both ways as they are, and hears them', async () => {
    const heard = { client: Buffer.alloc(0), daemon: Buffer.alloc(0), closed: 0 }
    const sent = randomBytes(3_000_000)
    const { client } = await relayed((socket) => void socket.pipe(socket), () => ({
      fromClient: (bytes) => void (heard.client = Buffer.concat([heard.client, bytes])),
      fromDaemon: (bytes) => void (heard.daemon = Buffer.concat([heard.daemon, bytes])),
      closed: () => void (heard.closed += 1),
    }))
    const socket = client()
    socket.end(sent)
    expect((await readAll(socket)).equals(sent)).toBe(true)
    await expect.poll(() => heard.closed).toBe(1)
    expect(heard.client.equals(sent)).toBe(true)
    expect(heard.daemon.equals(sent)).toBe(true)
  })

  test('passes on the end of one direction while the other goes on', async () => {
    const { client } = await relayed((socket) => {
      socket.write('before|')
      let got = ''
      socket.on('data', (bytes) => void (got += bytes.toString())).once('end', () => {
        socket.write(`got ${got}|`)
        setImmediate(() => socket.end('after'))
      })
    })
    const socket = client()
    socket.end('all')
    expect((await readAll(socket)).toString()).toBe('before|got all|after')
  })

  test('passes on the end of the daemon while the client goes on', async () => {
    const got = Promise.withResolvers<string>()
    const { client } = await relayed((socket) => {
      socket.end('goodbye')
      readAll(socket).then((bytes) => got.resolve(bytes.toString()), got.reject)
    })
    const socket = client()
    expect((await readAll(socket)).toString()).toBe('goodbye')
    socket.end('still here')
    expect(await got.promise).toBe('still here')
  })

  test('breaks off where the daemon breaks off', async () => {
    const { client } = await relayed((socket) => void socket.once('data', () => socket.destroy()))
    const socket = client().on('error', () => {})
    socket.write('x')
    expect((await readAll(socket)).byteLength).toBe(0)
  })

  test('closes the daemon where the client breaks off', async () => {
    const closed = Promise.withResolvers<void>()
    const { client } = await relayed((socket) => {
      // It goes on writing, and hears of the client only by that.
      const writing = setInterval(() => socket.write('more'), 5)
      socket.resume().once('close', () => (clearInterval(writing), closed.resolve()))
    })
    const socket = client()
    socket.once('data', () => socket.destroy())
    await closed.promise
  })

  test('has told its taps of the end once it is closed', async () => {
    let told = 0
    const { relay, client } = await relayed((socket) => void socket.write('hello'), () => ({ ...silent, closed: () => void (told += 1) }))
    const sockets = Array.from({ length: 20 }, client)
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('data', resolve))))
    // The client has gone, and the relay has heard of it or not.
    for (const socket of sockets.slice(10)) socket.destroy()
    await relay.close()
    expect(told).toBe(20)
  })

  test('keeps what a tap throws, and goes on', async () => {
    const { client, relay } = await relayed((socket) => void socket.end('there'), () => ({ ...silent, fromDaemon: () => { throw new Error('deaf') } }))
    const socket = client()
    expect((await readAll(socket)).toString()).toBe('there')
    expect(relay.problems).toEqual([expect.stringContaining('deaf')])
  })

  test('says which endpoint refused a connection', async () => {
    const relay = await startRelay({ kind: 'socket', path: join(folder, 'nobody.sock') }, join(folder, 'relay.sock'), () => silent)
    opened.push(relay)
    await new Promise<void>((resolve) => connect(join(folder, 'relay.sock')).on('error', () => {}).once('close', () => resolve()))
    expect(relay.problems).toEqual([expect.stringContaining('nobody.sock')])
  })

  test('does not relay to an endpoint below a path', async () => {
    await expect(startRelay({ kind: 'tcp', host: 'x', port: 1, basePath: '/docker' }, join(folder, 'relay.sock'), () => silent)).rejects.toThrow(RangeError)
  })
})

describe('overhearing a relayed connection', () => {
  test('tells a hijacked exchange with its heads, and leaves the raw bytes alone', async () => {
    const told: Overheard[] = []
    const puzzles: string[] = []
    const { client } = await relayed((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nraw ')
        socket.on('data', (bytes) => socket.write(bytes)).once('end', () => socket.end(' bye'))
      })
    }, () => overhear((each) => told.push(each), (what) => puzzles.push(what)))
    const socket = client()
    socket.write('POST /v1.24/containers/x/attach?stream=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')
    await new Promise((resolve) => socket.once('readable', resolve))
    socket.end('POST not a request\r\n\r\n')
    expect((await readAll(socket)).toString()).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\nraw POST not a request\r\n\r\n bye$/)
    expect(puzzles).toEqual([])
    expect(told).toMatchObject([{ method: 'POST', path: '/v1.24/containers/x/attach?stream=1', status: 101, hijacked: true }])
  })
})
