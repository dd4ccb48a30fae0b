import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { recordLimit, type Exchange } from './exchange.ts'
import { createClient, type Client } from './http.ts'
import { encodeBody, hostHeader } from './request.ts'
import { scriptedServer, type Peer } from './scripted-server.ts'
import { blank } from './secrets.ts'

/** Runs `body` with a client of a server that follows `script`. */
async function withClient(script: (peer: Peer) => void | Promise<void>, body: (client: Client, requests: readonly string[]) => Promise<void>): Promise<void> {
  await using server = await scriptedServer(script)
  const client = createClient(server.endpoint)
  try {
    await body(client, server.requests)
  } finally {
    await client.close()
  }
}

/** A script: whatever is asked, this is the answer. */
const answers = (...parts: (string | Uint8Array)[]) => async (peer: Peer) => {
  await peer.request()
  peer.send(...parts)
}

const recording = () => {
  const exchanges: Exchange[] = []
  return { exchanges, startedAt: performance.now(), record: (exchange: Exchange) => void exchanges.push(exchange) }
}

describe('request', () => {
  test('gives status, reason, headers as they were written, body, and the record of it all', async () => {
    await withClient(answers('HTTP/1.1 404 Nothing Here\r\nX-Odd-CASE: a\r\nX-Odd-Case: b\r\nContent-Length: 9\r\n\r\n{"a":[1]}'), async (client, requests) => {
      const told = recording()
      const answer = await client.request('GET', '/v1.24/info?a=b', { headers: { 'X-Mine': 'y' }, recording: told })
      expect(answer).toMatchObject({ status: 404, reason: 'Nothing Here', text: '{"a":[1]}' })
      expect(answer.headers.filter(([name]) => name.startsWith('X-'))).toEqual([['X-Odd-CASE', 'a'], ['X-Odd-Case', 'b']])
      expect(answer.header('x-odd-case')).toBe('a, b')
      expect(answer.json()).toEqual({ a: [1] })
      expect(told.exchanges).toEqual([answer.exchange])
      expect(answer.exchange).toMatchObject({ method: 'GET', path: '/v1.24/info?a=b', status: 404, reason: 'Nothing Here', responseBody: { size: 9 } })
      expect(answer.exchange).not.toHaveProperty('error')
      expect(requests[0]).toMatch(/^GET \/v1\.24\/info\?a=b HTTP\/1\.1\r\n/)
      expect(requests[0]).toMatch(/^host: localhost\r$/im)
      expect(requests[0]).toMatch(/^X-Mine: y\r$/m)
    })
  })

  test('sends an object as JSON, a text and bytes as they are, a stream in chunks', async () => {
    const script = async (peer: Peer) => {
      const whole = (soFar: string) => /^content-length: (\d+)\r$/im.test(soFar) ? soFar.split('\r\n\r\n')[1]?.length === Number(/^content-length: (\d+)\r$/im.exec(soFar)?.[1]) : soFar.endsWith('0\r\n\r\n')
      await peer.received(whole)
      peer.send('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
    }
    await withClient(script, async (client, requests) => {
      await client.request('POST', '/a', { body: { a: 1 } })
      await client.request('POST', '/b', { body: 'text' })
      await client.request('POST', '/c', { body: Uint8Array.of(1, 0xff) })
      const streamed = await client.request('PUT', '/d', { body: Readable.from([Buffer.from('one'), Buffer.from('two')]) })
      expect(requests[0]).toMatch(/content-type: application\/json\r\n[^]*\r\n\r\n\{"a":1\}$/i)
      expect(requests[1]).toMatch(/\r\n\r\ntext$/)
      expect(requests[1]).not.toMatch(/content-type/i)
      expect(requests[2]).toMatch(/\r\n\r\n\x01\xff$/)
      expect(requests[3]).toMatch(/transfer-encoding: chunked[^]*\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/i)
      expect(streamed.exchange).not.toHaveProperty('requestBody')
    })
  })

  test('takes the chunked encoding off, in whatever pieces it comes, and a body up to the end of the connection', async () => {
    const slowly = async (peer: Peer) => {
      await peer.request()
      for (const byte of Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n')) {
        peer.send(Uint8Array.of(byte))
        await new Promise(setImmediate)
      }
    }
    await withClient(slowly, async (client) => expect((await client.request('GET', '/')).text).toBe('abcd'))
    const untilClose = async (peer: Peer) => {
      await answers('HTTP/1.1 200 OK\r\n\r\nabc')(peer)
      peer.socket.end()
    }
    await withClient(untilClose, async (client) => expect((await client.request('GET', '/')).text).toBe('abc'))
  })

  test('passes over interim answers', async () => {
    await withClient(answers('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), async (client) => {
      expect(await client.request('GET', '/')).toMatchObject({ status: 200, text: 'ok' })
    })
  })

  test('uses connections again', async () => {
    const often = async (peer: Peer) => {
      for (let count = 1; count <= 9; count += 1) {
        await peer.received((soFar) => soFar.split('\r\n\r\n').length > count)
        peer.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      }
    }
    await withClient(often, async (client, requests) => {
      for (let count = 1; count <= 9; count += 1) expect((await client.request('GET', '/')).text).toBe('ok')
      // The next request may begin before undici has the connection of the last one free.
      expect(requests.length).toBeLessThanOrEqual(2)
    })
  })

  test.each<[string, (peer: Peer) => void | Promise<void>, object, { kind: string; message: RegExp }]>([
    ['no answer', async (peer) => void (await peer.request()), { timeoutMs: 50 }, { kind: 'deadline', message: /no answer to GET \/path within 50 ms/ }],
    ['half a head', answers('HTTP/1.1 200 OK\r\nX'), { timeoutMs: 50 }, { kind: 'deadline', message: /no answer to GET \/path/ }],
    ['half a body', answers('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab'), { timeoutMs: 2000 }, { kind: 'deadline', message: /GET \/path: the daemon sent 2 bytes, and did not close the stream within/ }],
    ['a body without end', async (peer) => {
      await answers('HTTP/1.1 200 OK\r\n\r\n')(peer)
      while (!peer.socket.destroyed) {
        peer.send(new Uint8Array(65_536))
        await new Promise(setImmediate)
      }
    }, { maxBytes: 1_000_000 }, { kind: 'too-large', message: /GET \/path: .*more than the 1000000 bytes/ }],
    ['a body that is larger than is read', answers('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabcde'), { maxBytes: 4 }, { kind: 'too-large', message: /more than the 4 bytes/ }],
    ['an end before the answer', async (peer) => {
      await peer.request()
      peer.socket.end()
    }, {}, { kind: 'connection', message: /the connection broke/ }],
    ['an end in the body', async (peer) => {
      await answers('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab')(peer)
      peer.socket.end()
    }, {}, { kind: 'connection', message: /the connection broke/ }],
    ['an end before the last chunk', async (peer) => {
      await answers('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n')(peer)
      peer.socket.end()
    }, {}, { kind: 'connection', message: /the connection broke/ }],
    ['a reset', async (peer) => {
      await peer.request()
      peer.socket.destroy()
    }, {}, { kind: 'connection', message: /the connection broke/ }],
    ['no HTTP', answers('SSH-2.0-OpenSSH_9\r\n'), {}, { kind: 'connection', message: /does not match the HTTP\/1\.1 protocol/ }],
    ['a malformed header', answers('HTTP/1.1 200 OK\r\nno colon\r\n\r\n'), {}, { kind: 'connection', message: /does not match the HTTP\/1\.1 protocol/ }],
    ['a malformed chunk', answers('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'), {}, { kind: 'connection', message: /does not match the HTTP\/1\.1 protocol/ }],
    ['both lengths', answers('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'), {}, { kind: 'connection', message: /does not match content-length/ }],
  ])('%s is a WireError with its exchange on record', async (_, script, options, { kind, message }) => {
    await withClient(script, async (client) => {
      const told = recording()
      const error: unknown = await client.request('GET', '/path', { ...options, recording: told }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: 'WireError', kind, message: expect.stringMatching(message) as string, exchange: { path: '/path' } })
      expect(told.exchanges).toHaveLength(1)
      expect(told.exchanges[0]?.error).toBeTypeOf('string')
      expect(told.exchanges[0]).toEqual((error as { exchange: Exchange }).exchange)
    })
  })

  test('a record says of a body that was not read to its end what was wrong', async () => {
    await withClient(answers('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab'), async (client) => {
      const told = recording()
      await client.request('GET', '/', { timeoutMs: 2000, recording: told }).catch(() => {})
      expect(told.exchanges[0]).toMatchObject({ status: 200, responseBody: { size: 2 }, error: expect.stringContaining('the daemon sent 2 bytes, and did not close the stream') as string })
    })
  })

  test('a record holds the beginning of a long body and its size', async () => {
    await withClient(answers('HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n', Buffer.alloc(300_000, 0x61)), async (client) => {
      const { exchange, body } = await client.request('GET', '/')
      expect(body.byteLength).toBe(300_000)
      expect(exchange.responseBody?.size).toBe(300_000)
      expect(Buffer.from(exchange.responseBody?.base64 ?? '', 'base64').byteLength).toBe(recordLimit)
    })
  })

  test('secrets cross the wire, and are on no record', async () => {
    await withClient(answers('HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{"IdentityToken":"hush"}'), async (client, requests) => {
      const told = recording()
      await client.request('POST', '/auth', { headers: { 'X-Registry-Auth': 'hush' }, body: { password: 'hush' }, recording: told })
      expect(requests[0]?.match(/hush/g)).toHaveLength(2)
      expect(JSON.stringify(told.exchanges)).toContain(blank)
      for (const record of [told.exchanges[0]?.requestBody, told.exchanges[0]?.responseBody]) expect(Buffer.from(record?.base64 ?? '', 'base64').toString()).toMatch(/blanked/)
      expect(JSON.stringify(told.exchanges)).not.toContain('hush')
    })
  })
})

describe('stream', () => {
  test('is there with the head, and is read as it comes', async () => {
    const script = async (peer: Peer) => {
      await answers('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n')(peer)
      peer.send('8\r\n{"a":1}\n\r\n')
      await new Promise((resolve) => peer.socket.once('close', resolve))
    }
    await withClient(script, async (client) => {
      const told = recording()
      const stream = await client.stream('GET', '/events', { recording: told })
      expect(stream.status).toBe(200)
      expect(stream.header('content-type')).toBe('application/json')
      expect(await stream.nextValue()).toEqual({ a: 1 })
      expect(told.exchanges).toHaveLength(0)
      stream.close()
      stream.close()
      expect(told.exchanges).toHaveLength(1)
      expect(Buffer.from(told.exchanges[0]?.responseBody?.base64 ?? '', 'base64').toString()).toBe('{"a":1}\n')
      expect(told.exchanges[0]).not.toHaveProperty('error')
    })
  })

  test('breaks where the connection does, after what had come', async () => {
    const script = async (peer: Peer) => {
      await answers('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n')(peer)
      peer.socket.end()
    }
    await withClient(script, async (client) => {
      const stream = await client.stream('GET', '/')
      expect(Buffer.from((await stream.read()) ?? []).toString()).toBe('ab')
      await expect(stream.read()).rejects.toMatchObject({ name: 'WireError', kind: 'connection' })
    })
  })

  test('holds the source back while nobody reads', async () => {
    let taken = 0
    const script = async (peer: Peer) => {
      await answers('HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n')(peer)
      const part = Buffer.alloc(65_536)
      peer.socket.setMaxListeners(0)
      for (let sent = 0; sent < 1024; sent += 1) {
        if (!peer.socket.write(part)) await new Promise<void>((resolve) => peer.socket.once('drain', resolve).once('close', resolve))
        taken += part.byteLength
      }
    }
    await withClient(script, async (client) => {
      const stream = await client.stream('GET', '/')
      // It stands still once the sockets' own buffers are full as well.
      let before = -1
      while (before !== taken) {
        before = taken
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      expect(taken).toBeLessThan(32 * 1024 * 1024)
      let size = 0
      for (let bytes = await stream.read(); bytes !== undefined; bytes = await stream.read()) size += bytes.byteLength
      expect(size).toBe(67_108_864)
    })
  })
})

describe('connections', () => {
  test('a socket that is not there is a DialError', async () => {
    const client = createClient({ kind: 'socket', path: '/no/such/docker.sock' })
    await expect(client.request('GET', '/')).rejects.toMatchObject({ name: 'DialError', code: 'ENOENT' })
    await client.close()
  })

  test('a daemon behind a path of a proxy is asked there', async () => {
    await using server = await scriptedServer(answers('HTTP/1.1 204 No Content\r\n\r\n'), { listen: 'tcp' })
    const client = createClient({ ...server.endpoint, basePath: '/base' } as typeof server.endpoint)
    const { exchange } = await client.request('GET', '/info')
    expect(server.requests[0]).toMatch(/^GET \/base\/info /)
    expect(exchange.path).toBe('/info')
    await client.close()
  })

  test('the Host header', () => {
    expect(hostHeader({ kind: 'socket', path: '/x' })).toBe('localhost')
    expect(hostHeader({ kind: 'tcp', host: 'daemon', port: 1 })).toBe('daemon:1')
    expect(hostHeader({ kind: 'tcp', host: '::1', port: 1 })).toBe('[::1]:1')
  })
})

test('encodeBody leaves a content type that was given', () => {
  expect(encodeBody({ body: { a: 1 }, headers: { 'content-type': 'text/plain' } }).headers).toEqual({ 'content-type': 'text/plain' })
  expect(encodeBody({ body: [] }).headers).toEqual({ 'Content-Type': 'application/json' })
  expect(encodeBody({})).toEqual({ headers: {}, body: null })
})
