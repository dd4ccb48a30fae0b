import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { Exchange } from './exchange.ts'
import { handshake, serverFrame } from './hostile-websockets.ts'
import { scriptedServer, type Peer } from './scripted-server.ts'
import { openWebSocket, type WebSocketConnection } from './websocket.ts'

const recording = () => {
  const exchanges: Exchange[] = []
  return { exchanges, startedAt: performance.now(), record: (exchange: Exchange) => void exchanges.push(exchange) }
}

/** Answers the handshake as RFC 6455, section 4.2.2, has it. */
async function shake(peer: Peer, more = ''): Promise<void> {
  peer.send(handshake(await peer.request(), more))
}

const message = (opcode: number, payload: Uint8Array) => serverFrame(0x80 | opcode, payload)
const text = (payload: string) => message(1, Buffer.from(payload))
const closing = (code: number) => message(8, Buffer.from([code >> 8, code & 0xff]))

/** What the client has sent after its request, unmasked; short messages only. */
function messagesOf(received: string): string[] {
  let rest = Buffer.from(received.slice(received.indexOf('\r\n\r\n') + 4), 'latin1')
  const messages: string[] = []
  while (rest.byteLength > 0) {
    const [opcode = 0, length = 0] = [(rest[0] ?? 0) & 0x0f, (rest[1] ?? 0) & 0x7f]
    const mask = rest.subarray(2, 6)
    messages.push(`${opcode} ${Buffer.from(rest.subarray(6, 6 + length).map((byte, index) => byte ^ (mask[index % 4] ?? 0))).toString()}`)
    rest = rest.subarray(6 + length)
  }
  return messages
}

async function withWebSocket(script: (peer: Peer) => Promise<void>, body: (connection: WebSocketConnection, requests: readonly string[]) => Promise<void>, options: Parameters<typeof openWebSocket>[2] = {}): Promise<void> {
  await using server = await scriptedServer(script)
  const connection = await openWebSocket(server.endpoint, '/v1.24/attach/ws?stream=1', options)
  try {
    await body(connection, server.requests)
  } finally {
    connection.close()
  }
}

describe('openWebSocket', () => {
  test('reads messages of either type as bytes, and says which there were', async () => {
    const told = recording()
    await withWebSocket(async (peer) => {
      await shake(peer, 'Sec-WebSocket-Protocol: two\r\n')
      peer.send(text('tëxt'), message(2, Uint8Array.of(0, 0xff)), closing(1000))
      await peer.received((soFar) => messagesOf(soFar).some((sent) => sent.startsWith('8 ')))
      peer.socket.end()
    }, async (connection, requests) => {
      expect(requests[0]).toMatch(/^GET \/v1\.24\/attach\/ws\?stream=1 HTTP\/1\.1\r\n/)
      expect(requests[0]).toMatch(/^sec-websocket-protocol: one, two\r$/im)
      expect(connection.protocol).toBe('two')
      expect((await connection.readAll()).equals(Buffer.from([...Buffer.from('tëxt'), 0, 0xff]))).toBe(true)
      expect(connection.messageTypes).toEqual(['text', 'binary'])
      expect(await connection.closeCode()).toBe(1000)
    }, { protocols: ['one', 'two'], recording: told })
    expect(told.exchanges).toMatchObject([{ method: 'GET', path: '/v1.24/attach/ws?stream=1', status: 101, chunks: [{ from: 'daemon', size: 5 }, { from: 'daemon', size: 2 }] }])
    expect(told.exchanges[0]).not.toHaveProperty('error')
  })

  test('sends text and bytes', async () => {
    await withWebSocket(async (peer) => {
      await shake(peer)
      await peer.received((soFar) => messagesOf(soFar).length >= 2)
      peer.send(text('done'))
    }, async (connection, requests) => {
      connection.send('hello')
      connection.send(Buffer.from('bytes'))
      await connection.read()
      expect(messagesOf(requests[0] ?? '').slice(0, 2)).toEqual(['1 hello', '2 bytes'])
    })
  })

  test.each<[string, (peer: Peer) => Promise<void>, object]>([
    ['a refusal', async (peer) => {
      await peer.request()
      peer.send('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno')
    }, { kind: 'connection' }],
    ['a wrong key', async (peer) => {
      await peer.request()
      peer.send('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n')
    }, { kind: 'connection' }],
    ['an end', async (peer) => {
      await peer.request()
      peer.socket.end()
    }, { kind: 'connection' }],
    ['no answer', async (peer) => void (await peer.request()), { kind: 'deadline', message: 'no websocket at /ws within 80 ms' }],
  ])('%s to the handshake is a WireError with its exchange', async (what, script, expected) => {
    await using server = await scriptedServer(script)
    const told = recording()
    const error: unknown = await openWebSocket(server.endpoint, '/ws', { timeoutMs: what === 'no answer' ? 80 : 10_000, recording: told }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'WireError', ...expected, exchange: { path: '/ws', error: expect.any(String) as string } })
    expect(told.exchanges).toEqual([(error as { exchange: Exchange }).exchange])
    expect(told.exchanges[0]).not.toHaveProperty('status')
  })

  test('a connection that breaks gives what had come, then the error', async () => {
    const told = recording()
    await withWebSocket(async (peer) => {
      await shake(peer)
      peer.send(text('ab'), Uint8Array.of(0xff, 0xff, 0xff))
    }, async (connection) => {
      expect(Buffer.from((await connection.read()) ?? []).toString()).toBe('ab')
      await expect(connection.read()).rejects.toMatchObject({ name: 'WireError', kind: 'connection' })
    }, { recording: told })
    expect(told.exchanges).toMatchObject([{ status: 101, error: expect.stringContaining('the websocket broke') as string }])
  })

  test('waits no longer than it is told for the end', async () => {
    await withWebSocket((peer) => shake(peer), async (connection) => {
      await expect(connection.closeCode(30)).rejects.toMatchObject({ name: 'WireError', kind: 'deadline' })
      await expect(connection.read(30)).rejects.toMatchObject({ name: 'WireError', kind: 'deadline' })
    })
  })

  /** Goes on with the same as long as the client takes it. */
  const flood = (piece: Uint8Array) => async (peer: Peer) => {
    await shake(peer)
    const pour = () => {
      if (!peer.socket.writable) return
      if (peer.socket.write(piece)) setImmediate(pour)
      else peer.socket.once('drain', () => setImmediate(pour))
    }
    pour()
  }

  test.each<[string, Buffer]>([
    ['large messages', message(2, Buffer.alloc(65_535))],
    ['messages of a byte', Buffer.concat(Array.from<Buffer>({ length: 5_000 }).fill(text('x')))],
  ])('a flood of %s that nobody reads is cut off, in bounded memory', { timeout: 60_000 }, async (_, piece) => {
    const before = process.memoryUsage().rss
    await withWebSocket(flood(piece), async (connection) => {
      await expect(connection.closeCode(50_000)).rejects.toMatchObject({ name: 'WireError', kind: 'too-large', message: 'the daemon sent more than 33554432 bytes that nobody read' })
      expect(connection.messageTypes.length).toBeLessThanOrEqual(10_000)
      // What had come before is there, then the error.
      await expect(connection.readAll({ maxBytes: 2 ** 30 })).rejects.toMatchObject({ kind: 'too-large' })
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20)
  })

  test('the connection does not outlive its closing, though the daemon goes on as if there had been none', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<void>()
    await withWebSocket(async (peer) => {
      void once(peer.socket, 'close').then(() => resolve())
      await flood(text('x'))(peer)
    }, async (connection) => void (await connection.read()))
    await gone
  })

  test('the connection does not outlive its closing, though the daemon says nothing more', async () => {
    const left = Promise.withResolvers<string>()
    await using server = await scriptedServer(async (peer) => {
      await shake(peer)
      left.resolve(await peer.ended())
    })
    const connection = await openWebSocket(server.endpoint, '/ws')
    connection.close()
    expect(messagesOf(await left.promise).map((sent) => sent.slice(0, 1))).toEqual(['8'])
  })
})
