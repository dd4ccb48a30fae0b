import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { openConnection } from './connection.ts'
import { DialError } from './dial.ts'
import type { Endpoint } from './endpoint.ts'
import { WireError } from './errors.ts'
import { FrameError } from './frames.ts'
import { HeadError } from './head.ts'
import { hijack } from './hijack.ts'
import { brokenContent, brokenHttp, cutAnswers, type HostileAnswer } from './hostile-answers.ts'
import { createClient, type Client } from './http.ts'
import { brokenTars } from './hostile-tars.ts'
import { brokenWebSockets } from './hostile-websockets.ts'
import { JsonStreamError } from './json-stream.ts'
import { scriptedServer } from './scripted-server.ts'
import { readTar, TarError } from './tar.ts'
import { tarReader } from './tar-reader.ts'
import { openWebSocket } from './websocket.ts'

const timeoutMs = 250
const maxBytes = 256 * 1024
/** Beyond the deadline: a busy machine runs its timers late. */
const graceMs = 5_000

/** The ways in which the suite reads from a daemon. Each lets go of what it opened. */
const doors: Readonly<Record<string, (endpoint: Endpoint) => Promise<unknown>>> = {
  request: ofClient(async (client) => {
    const answer = await client.request('GET', '/x', { timeoutMs, maxBytes })
    try {
      return answer.json()
    } catch (error) {
      if (error instanceof SyntaxError) return answer.text
      throw error
    }
  }),
  'stream of values': ofClient(async (client) => {
    const stream = await client.stream('GET', '/x', { timeoutMs })
    return (await stream.allValues({ timeoutMs, maxBytes })).length
  }),
  async 'hijacked frames'(endpoint) {
    const hijacked = await hijack(endpoint, 'POST', '/x', { timeoutMs, upgrade: true })
    try {
      return (await hijacked.allFrames({ timeoutMs, maxBytes })).length
    } finally {
      hijacked.close()
    }
  },
  async 'refused hijack'(endpoint) {
    const hijacked = await hijack(endpoint, 'POST', '/x', { timeoutMs })
    try {
      return (await hijacked.refusal(timeoutMs)).text.length
    } finally {
      hijacked.close()
    }
  },
  async connection(endpoint) {
    const connection = await openConnection(endpoint)
    try {
      return (await connection.request('GET', '/x', { timeoutMs })).body.byteLength
    } finally {
      connection.close()
    }
  },
  async websocket(endpoint) {
    const socket = await openWebSocket(endpoint, '/x', { timeoutMs })
    try {
      const { length } = await socket.readAll({ timeoutMs, maxBytes })
      return [length, await socket.closeCode(timeoutMs)]
    } finally {
      socket.close()
    }
  },
  archive: ofClient(async (client) => (await readTar((await client.request('GET', '/x', { timeoutMs, maxBytes })).body)).length),
  'archive that passes through': ofClient(async (client) => {
    const stream = await client.stream('GET', '/x', { timeoutMs })
    const reader = tarReader()
    await stream.pour((bytes) => void reader.push(bytes), timeoutMs)
    return reader.end()
  }),
}

const named = [WireError, HeadError, FrameError, JsonStreamError, DialError, TarError]

/** A way that leads through a client. */
function ofClient(read: (client: Client) => Promise<unknown>): (endpoint: Endpoint) => Promise<unknown> {
  return async (endpoint) => {
    const client = createClient(endpoint)
    try {
      return await read(client)
    } finally {
      await client.close()
    }
  }
}

async function enter(door: (endpoint: Endpoint) => Promise<unknown>, endpoint: Endpoint): Promise<void> {
  const began = performance.now()
  try {
    await door(endpoint)
  } catch (error) {
    if (!named.some((kind) => error instanceof kind)) throw error
  }
  // Head, body and close have a deadline each.
  expect(performance.now() - began).toBeLessThan(3 * timeoutMs + graceMs)
}

describe.each(Object.entries(doors))('a hostile daemon and the %s', { concurrent: true }, (name, door) => {
  const answers: readonly HostileAnswer[] = [...brokenHttp, ...brokenContent, ...brokenTars, ...(name === 'websocket' ? brokenWebSockets : [])]

  test.each(answers.map((answer) => [answer.name, answer] as const))('%s', async (_, answer) => {
    await using server = await scriptedServer(async (peer) => {
      answer.send(peer.socket, await peer.request())
    }, { listen: 'tcp' })
    await enter(door, server.endpoint)
  })

  test('an answer that is cut after each of its bytes', async () => {
    let turn = 0
    await using server = await scriptedServer(async (peer) => {
      const cut = cutAnswers[turn++ % cutAnswers.length]
      await peer.request()
      cut?.send(peer.socket)
    })
    for (const _ of cutAnswers) await enter(door, server.endpoint)
    expect(turn).toBeGreaterThanOrEqual(cutAnswers.length)
  })

  test('whatever fast-check thinks of, in whatever pieces', async () => {
    const line = fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.1 101 UPGRADED', 'HTTP/1.0 500 ', 'Content-Length: 3', 'Transfer-Encoding: chunked', 'Content-Type: application/json', 'X:', '', '3', '0', 'abc', '{"a":1}')
    const piece = fc.oneof(line.map((text) => Buffer.from(`${text}\r\n`)), fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)))
    let pieces: readonly Buffer[] = []
    await using server = await scriptedServer(async (peer) => {
      await peer.request()
      peer.send('HTTP/1.1 200 OK\r\n', ...pieces)
      peer.socket.end()
    })
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (some) => {
        pieces = some
        await enter(door, server.endpoint)
      }),
      { numRuns: 40 },
    )
  })
})

test('the prototype of all objects is as it was', () => {
  expect('owned' in {}).toBe(false)
})

test('no redirect is followed, and nobody else is told what was sent', async () => {
  await using elsewhere = await scriptedServer(() => {}, { listen: 'tcp' })
  const { host, port } = elsewhere.endpoint as Extract<Endpoint, { kind: 'tcp' }>
  await using server = await scriptedServer(async (peer) => {
    await peer.request()
    peer.send(`HTTP/1.1 307 Temporary Redirect\r\nLocation: http://${host}:${port}/auth\r\nContent-Length: 0\r\n\r\n`)
  })
  const client = createClient(server.endpoint)
  const answer = await client.request('POST', '/auth', { body: { password: 'canary' }, headers: { 'X-Registry-Auth': 'canary' } })
  await client.close()
  const hijacked = await hijack(server.endpoint, 'POST', '/auth', { headers: { 'X-Registry-Auth': 'canary' } })
  hijacked.close()
  expect([answer.status, hijacked.status]).toEqual([307, 307])
  expect(elsewhere.requests).toEqual([])
})
