import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Exchange } from './exchange.ts'
import { encodeFrame } from './frames.ts'
import { hijack, type HijackOptions, type Hijacked } from './hijack.ts'
import { scriptedServer, type Peer } from './scripted-server.ts'
import { blank } from './secrets.ts'

const head200 = 'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n'
const head101 = 'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'

const recording = () => {
  const exchanges: Exchange[] = []
  return { exchanges, startedAt: performance.now(), record: (exchange: Exchange) => void exchanges.push(exchange) }
}

/** Runs `body` with a connection that a server following `script` answered. */
async function withHijacked(script: (peer: Peer) => void | Promise<void>, body: (hijacked: Hijacked, requests: readonly string[]) => Promise<void>, options: HijackOptions & { listen?: 'tcp' } = {}): Promise<void> {
  await using server = await scriptedServer(script, { ...(options.listen && { listen: options.listen }) })
  const hijacked = await hijack(server.endpoint, 'POST', '/attach?stream=1', options)
  try {
    await body(hijacked, server.requests)
  } finally {
    hijacked.close()
  }
}

const answers = (...parts: (string | Uint8Array)[]) => async (peer: Peer) => {
  await peer.request()
  peer.send(...parts)
}

async function errorOf(script: (peer: Peer) => void | Promise<void>, options: HijackOptions = {}): Promise<unknown> {
  await using server = await scriptedServer(script, { listen: 'tcp' })
  return await hijack(server.endpoint, 'POST', '/attach', options).then((hijacked) => hijacked.close(), (error: unknown) => error)
}

describe('a hijacked connection', () => {
  test.each([['200', head200, false], ['101', head101, true]] as const)('by %s goes on in both directions, and ends in each on its own', async (_, head, upgrade) => {
    const script = async (peer: Peer) => {
      await peer.request()
      peer.send(head)
      await peer.received((soFar) => soFar.endsWith('stdin'))
      peer.send(encodeFrame('stdout', Buffer.from('got it')))
      // The client has ended its direction; ours goes on.
      await peer.ended()
      peer.send(encodeFrame('stderr', Buffer.from('after the end')))
      peer.socket.end()
    }
    await withHijacked(script, async (hijacked, requests) => {
      expect(hijacked.status).toBe(upgrade ? 101 : 200)
      expect(hijacked.header('content-type')).toBe('application/vnd.docker.raw-stream')
      expect(requests[0]).toBe(`POST /attach?stream=1 HTTP/1.1\r\nHost: localhost\r\n${upgrade ? 'Connection: Upgrade\r\nUpgrade: tcp\r\n' : ''}Content-Length: 0\r\n\r\n`)
      await hijacked.write('stdin')
      expect(Buffer.from((await hijacked.nextFrame())?.payload ?? []).toString()).toBe('got it')
      hijacked.halfClose()
      expect(await hijacked.nextFrame()).toMatchObject({ stream: 'stderr', payload: Buffer.from('after the end') })
      expect(await hijacked.nextFrame()).toBeUndefined()
    }, { upgrade })
  })

  test('loses no byte that comes with the head, however head and bytes are cut', async () => {
    const stream = Buffer.from(head101 + 'raw bytes', 'latin1')
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.nat(stream.byteLength), { maxLength: 5 }), async (cuts) => {
      const script = async (peer: Peer) => {
        await peer.request()
        peer.socket.setNoDelay(true)
        let sent = 0
        for (const cut of [...cuts.sort((a, b) => a - b), stream.byteLength]) {
          await new Promise((resolve) => peer.socket.write(stream.subarray(sent, cut), resolve))
          sent = cut
        }
        peer.socket.end()
      }
      await withHijacked(script, async (hijacked) => expect((await hijacked.readAll()).toString()).toBe('raw bytes'))
    }), { numRuns: 30 })
  })

  test('sends its body as JSON with its length', async () => {
    await withHijacked(answers(head200), async (_, requests) => {
      expect(requests[0]).toMatch(/\r\nContent-Type: application\/json\r\nContent-Length: 16\r\n\r\n\{"Detach":false\}$/)
    }, { body: { Detach: false } })
  })

  test('passes over interim answers', async () => {
    await withHijacked(answers('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\n', head200, 'raw'), async (hijacked) => {
      expect(hijacked.status).toBe(200)
      expect((await hijacked.readUntil((soFar) => soFar.byteLength === 3)).toString()).toBe('raw')
    })
  })

  test('is on record with what crossed it, once it is closed', async () => {
    const told = recording()
    await using server = await scriptedServer(async (peer) => {
      await peer.request()
      peer.send(head200, 'hello')
      await peer.received((soFar) => soFar.endsWith('{"token":"hush"}'))
      peer.socket.end()
    })
    const hijacked = await hijack(server.endpoint, 'POST', '/attach', { recording: told, headers: { 'X-Registry-Auth': 'hush' }, body: { password: 'hush' } })
    await hijacked.write('{"token":"hush"}')
    await hijacked.readAll()
    hijacked.close()
    hijacked.close()
    expect(server.requests[0]?.match(/hush/g)).toHaveLength(3)
    expect(told.exchanges).toMatchObject([{ status: 200, reason: 'OK', chunks: [{ from: 'daemon', size: 5 }, { from: 'client' }] }])
    const [exchange] = told.exchanges
    expect(exchange?.requestHeaders).toContainEqual(['X-Registry-Auth', blank])
    const bodies = [exchange?.requestBody, ...(exchange?.chunks ?? [])].map((record) => Buffer.from(record?.base64 ?? '', 'base64').toString())
    expect(bodies).toEqual([`{"password":"${blank}"}`, 'hello', `{"token":"${blank}"}`])
  })

  test('breaks where the connection is reset, after what had come', async () => {
    const told = recording()
    await withHijacked(async (peer) => {
      await answers(head200, 'ab')(peer)
      await peer.received((soFar) => soFar.endsWith('go'))
      peer.socket.resetAndDestroy()
    }, async (hijacked) => {
      expect(Buffer.from((await hijacked.read()) ?? []).toString()).toBe('ab')
      await hijacked.write('go')
      await expect(hijacked.read()).rejects.toMatchObject({ name: 'WireError', kind: 'connection' })
      await expect(hijacked.write('more')).rejects.toMatchObject({ name: 'WireError', kind: 'connection' })
    }, { recording: told, listen: 'tcp' })
    expect(told.exchanges).toMatchObject([{ error: expect.stringContaining('the connection broke') as string }])
  })

  test('waits no longer than it is told for a daemon that does not take what it is sent', async () => {
    await withHijacked(async (peer) => {
      await peer.request()
      peer.send(head200)
      peer.socket.pause()
      await new Promise((resolve) => peer.socket.once('close', resolve))
    }, async (hijacked) => {
      await expect(hijacked.write(new Uint8Array(32 * 1024 * 1024), 100)).rejects.toMatchObject({ name: 'WireError', kind: 'deadline' })
    })
  })
})

describe('a refusal', () => {
  test.each([
    ['by its length', 'HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"message":"no"}then what?', 404, '{"message":"no"}'],
    ['by its chunks', 'HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab\n\r\n2\r\ncd\r\n0\r\n\r\nthen what?', 409, 'ab\ncd'],
    ['without a body', 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n', 400, ''],
  ])('is read %s, though the connection stays open', async (_, answer, status, body) => {
    const told = recording()
    await withHijacked(answers(answer), async (hijacked) => {
      const refusal = await hijacked.refusal()
      expect(refusal).toMatchObject({ status, text: body, exchange: { status, responseBody: { size: body.length } } })
      expect(refusal.headers).toEqual(hijacked.headers)
      expect(told.exchanges).toEqual([refusal.exchange])
    }, { recording: told })
  })

  test('is read up to the end of the connection where it gives no length', async () => {
    await withHijacked(async (peer) => {
      await answers('HTTP/1.1 500 Oops\r\n\r\nto the end')(peer)
      peer.socket.end()
    }, async (hijacked) => expect(await hijacked.refusal()).toMatchObject({ status: 500, reason: 'Oops', text: 'to the end' }))
  })

  test.each([
    ['an end in the body', 'HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nabc', true, { name: 'WireError', kind: 'connection' }],
    ['an end in a chunked body', 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc', true, { name: 'WireError', kind: 'connection' }],
    ['a body that does not come', 'HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nabc', false, { name: 'WireError', kind: 'deadline' }],
    ['a malformed chunk', 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', false, { name: 'ChunkedError' }],
    ['a length that is none', 'HTTP/1.1 404 Not Found\r\nContent-Length: many\r\n\r\n', false, { name: 'HeadError' }],
  ])('with %s is an error, and on record as one', async (what, answer, ends, expected) => {
    const told = recording()
    await withHijacked(async (peer) => {
      await answers(answer)(peer)
      if (ends) peer.socket.end()
    }, async (hijacked) => {
      await expect(hijacked.refusal(what === 'a body that does not come' ? 100 : 10_000)).rejects.toMatchObject(expected)
    }, { recording: told })
    expect(told.exchanges).toMatchObject([{ status: 404, error: expect.any(String) as string }])
  })

  test.each(['Content-Length: 999999999999\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n'])('without end (%j) is given up', async (fields) => {
    await withHijacked(async (peer) => {
      await answers(`HTTP/1.1 404 Not Found\r\n${fields}`)(peer)
      while (!peer.socket.destroyed) await new Promise((resolve) => void peer.socket.write(new Uint8Array(1024 * 1024), resolve))
    }, async (hijacked) => {
      await expect(hijacked.refusal()).rejects.toMatchObject({ name: 'WireError', kind: 'too-large' })
    })
  })
})

describe('no answer', () => {
  test.each<[string, (peer: Peer) => void | Promise<void>, object]>([
    ['at all', async (peer) => void (await peer.request()), { name: 'WireError', kind: 'deadline', message: 'no answer to POST /attach within 2000 ms' }],
    ['but half a head', answers('HTTP/1.1 200 OK\r\nX: '), { name: 'WireError', kind: 'deadline' }],
    ['but an end', async (peer) => {
      await answers('HTTP/1.1 200 OK\r\n')(peer)
      peer.socket.end()
    }, { name: 'WireError', kind: 'connection', message: expect.stringContaining('before its answer to POST /attach was whole') as string }],
    ['but a reset', async (peer) => {
      await peer.request()
      peer.socket.resetAndDestroy()
    }, { name: 'WireError', kind: 'connection' }],
    ['that is HTTP', answers('SSH-2.0-OpenSSH_9\r\n'), { name: 'HeadError', offset: 0 }],
    ['with well-formed headers', answers('HTTP/1.1 200 OK\r\nno colon\r\n\r\n'), { name: 'HeadError', offset: 17 }],
    ['but an endless head', answers(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`), { name: 'HeadError', offset: 65_536 }],
  ])('%s is an error, and on record', async (_, script, expected) => {
    const told = recording()
    const error = await errorOf(script, { ...('kind' in expected && expected.kind === 'deadline' && { timeoutMs: 2000 }), recording: told })
    expect(error).toMatchObject(expected)
    expect(told.exchanges).toMatchObject([{ method: 'POST', path: '/attach', error: (error as Error).message }])
    expect(told.exchanges[0]).not.toHaveProperty('status')
  })

  test('and no connection is a DialError', async () => {
    await expect(hijack({ kind: 'socket', path: '/no/such.sock' }, 'POST', '/attach')).rejects.toMatchObject({ name: 'DialError', code: 'ENOENT' })
  })
})

test('a daemon behind a path of a proxy is asked there', async () => {
  await using server = await scriptedServer(answers(head200), { listen: 'tcp' })
  const hijacked = await hijack({ ...server.endpoint, basePath: '/base' } as typeof server.endpoint, 'POST', '/attach')
  hijacked.close()
  expect(server.requests[0]).toMatch(/^POST \/base\/attach HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n/)
})
