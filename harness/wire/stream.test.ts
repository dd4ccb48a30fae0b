import { describe, expect, test } from 'vitest'
import type { Exchange } from './exchange.ts'
import { scriptedServer, type Peer } from './scripted-server.ts'
import { openStream, type AnswerStream, type StreamOptions } from './stream.ts'

/** Opens a stream at a server that takes one request and then follows `script`. */
async function streamOf(script: (peer: Peer) => void | Promise<void>, use: (stream: AnswerStream, request: string) => Promise<void>, options: StreamOptions = {}, method = 'GET'): Promise<void> {
  await using server = await scriptedServer(async (peer) => {
    await peer.request()
    await script(peer)
  })
  const stream = await openStream(server.endpoint, method, '/x?a=b', options)
  try {
    await use(stream, server.requests[0] ?? '')
  } finally {
    stream.close()
  }
}

const chunkedHead = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
const textOf = async (stream: AnswerStream) => (await stream.readAll()).toString()

describe('an answer that goes on', () => {
  test('is asked for as HTTP has it', async () => {
    await streamOf((peer) => peer.send(chunkedHead), async (_, request) => expect(request).toBe('GET /x?a=b HTTP/1.1\r\nHost: localhost\r\nX-Mine: y\r\n\r\n'), { headers: { 'X-Mine': 'y' } })
    await streamOf((peer) => peer.send(chunkedHead), async (_, request) => expect(request).toBe('POST /x?a=b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n'), {}, 'POST')
    await streamOf((peer) => peer.send(chunkedHead), async (_, request) => expect(request).toContain('\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}'), { body: { a: 1 } }, 'POST')
  })

  test('is read whatever pieces it comes in, after interim answers', async () => {
    const bytes = `HTTP/1.1 102 Processing\r\n\r\n${chunkedHead}3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n`
    const script = async (peer: Peer) => {
      for (const byte of bytes) await new Promise<void>((resolve) => peer.socket.write(byte, () => resolve()))
    }
    await streamOf(script, async (stream) => {
      expect(stream.status).toBe(200)
      expect(await textOf(stream)).toBe('abcde')
    })
  })

  test.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef', 'abc'],
    ['up to the end of the connection', 'HTTP/1.0 200 OK\r\n\r\nabc', 'abc'],
    ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
  ])('%s', async (_, sent, expected) => {
    await streamOf((peer) => (peer.send(sent), void (expected === 'abc' && peer.socket.end())), async (stream) => expect(await textOf(stream)).toBe(expected))
  })

  test.each([
    ['no head', 'SSH-2.0-OpenSSH_9\r\n', { name: 'HeadError' }],
    ['a head that contradicts itself', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n', { name: 'HeadError' }],
    ['half a head', 'HTTP/1.1 200 OK\r\nContent-', { name: 'WireError', kind: 'connection' }],
  ])('fails where there is %s', async (_, sent, error) => {
    await expect(streamOf((peer) => (peer.send(sent), void peer.socket.end()), async () => {})).rejects.toMatchObject(error)
  })

  test('fails where no head comes in time, with the exchange', async () => {
    await expect(streamOf(() => {}, async () => {}, { timeoutMs: 50 })).rejects.toMatchObject({ name: 'WireError', kind: 'deadline', exchange: { path: '/x?a=b' } })
  })

  test('ends with the signal of the run', async () => {
    const interrupt = new AbortController()
    await streamOf((peer) => peer.send(chunkedHead), async (stream) => {
      const reading = stream.read()
      interrupt.abort()
      await expect(reading).rejects.toMatchObject({ name: 'WireError', kind: 'aborted' })
    }, { signal: interrupt.signal })
  })

  test('breaks where its chunks do, after what had come', async () => {
    await streamOf((peer) => peer.send(`${chunkedHead}2\r\nabXX`), async (stream) => {
      expect(Buffer.from((await stream.read()) ?? []).toString()).toBe('ab')
      await expect(stream.read()).rejects.toMatchObject({ name: 'ChunkedError' })
    })
  })

  test('is on record once, with the beginning of its body', async () => {
    const exchanges: Exchange[] = []
    await streamOf((peer) => peer.send(`${chunkedHead}2\r\nab\r\n0\r\n\r\n`), async (stream) => expect(await textOf(stream)).toBe('ab'), { recording: { startedAt: performance.now(), record: (exchange) => void exchanges.push(exchange) } })
    expect(exchanges).toEqual([expect.objectContaining({ method: 'GET', status: 200, responseBody: { base64: Buffer.from('ab').toString('base64'), size: 2 } })])
  })
})

describe('pour', () => {
  const pieces = Array.from({ length: 64 }, (_, index) => Buffer.alloc(50_000, index))
  const script = async (peer: Peer) => {
    peer.send(chunkedHead)
    for (const piece of pieces) await new Promise<void>((resolve) => peer.socket.write(Buffer.concat([Buffer.from(`${piece.byteLength.toString(16)}\r\n`), piece, Buffer.from('\r\n')]), () => resolve()))
    peer.send('0\r\n\r\n')
  }

  test('hands over every byte in its order, those that had come before too', async () => {
    await streamOf(script, async (stream) => {
      const parts = [Buffer.from((await stream.read()) ?? [])]
      await stream.pour((bytes) => void parts.push(Buffer.from(bytes)))
      expect(Buffer.concat(parts).equals(Buffer.concat(pieces))).toBe(true)
      expect(await stream.read()).toBeUndefined()
    })
  })

  test('throws what the sink throws', async () => {
    await streamOf(script, async (stream) => {
      await expect(stream.pour(() => {
        throw new RangeError('no more')
      })).rejects.toThrow('no more')
    })
  })

  test('throws what breaks the stream, and does not wait for ever', async () => {
    await streamOf((peer) => (peer.send(`${chunkedHead}2\r\nab`), void peer.socket.end()), async (stream) => {
      const parts: string[] = []
      await expect(stream.pour((bytes) => void parts.push(Buffer.from(bytes).toString()))).rejects.toMatchObject({ kind: 'connection' })
      expect(parts).toEqual(['ab'])
    })
    await streamOf((peer) => peer.send(chunkedHead), async (stream) => {
      await expect(stream.pour(() => {}, 50)).rejects.toMatchObject({ name: 'WireError', kind: 'deadline' })
    })
  })
})
