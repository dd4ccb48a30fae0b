import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { scriptedServer, type Peer } from '../wire/scripted-server.ts'
import type { Mutation } from './fault.ts'
import { startWrongDaemon, type WrongDaemon } from './proxy.ts'
import { each, whole } from './rewriters.ts'

let folder: string
let opened: { close(): Promise<void> }[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-fault-'))
  opened = []
})
afterEach(async () => {
  for (const each of opened) await each.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A daemon that does as its script says, and the proxy before it. */
async function wrong(script: (peer: Peer) => void | Promise<void>, mutation: Mutation = () => undefined): Promise<{ proxy: WrongDaemon; client: () => Socket; requests: readonly string[] }> {
  const server = await scriptedServer(script)
  const path = join(folder, 'wrong.sock')
  const proxy = await startWrongDaemon(server.endpoint, path, mutation)
  opened.push(proxy, server)
  return { proxy, client: () => connect({ path, allowHalfOpen: true }), requests: server.requests }
}

async function readAll(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of socket) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** Sends a text, in parts of some length, and gives all that comes back until the daemon closes. */
async function ask(socket: Socket, text: string | Buffer, part = 1_000_000): Promise<string> {
  const bytes = Buffer.from(text as string, 'latin1')
  for (let at = 0; at < bytes.byteLength; at += part) {
    socket.write(bytes.subarray(at, at + part))
    if (part < 1_000) await new Promise(setImmediate)
  }
  return (await readAll(socket)).toString('latin1')
}

const chunkedAnswer = 'HTTP/1.1 200 OK\r\ntransfer-ENCODING:  chunked\r\nTrailer: X-Sum\r\n\r\n5;ext=1\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 7\r\n\r\n'
const lastAnswer = 'HTTP/1.1 204 No Content\r\nX-Odd :kept\r\n\r\n'

describe('without a fault', () => {
  for (const part of [1, 7, 1_000_000]) {
    test(`requests and answers go through byte for byte, in parts of ${part}`, async () => {
      const first = 'POST /v1.24/build?x=%20 HTTP/1.1\r\nhost:   d\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n'
      const second = 'GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n'
      const { client, requests, proxy } = await wrong(async (peer) => {
        await peer.received((text) => text.includes('T: 1\r\n\r\n'))
        for (const byte of chunkedAnswer) {
          peer.send(byte)
          if (part === 1) await new Promise(setImmediate)
        }
        await peer.received((text) => text.endsWith(second))
        peer.send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nO', 'K')
        peer.socket.end()
      })
      expect(await ask(client(), first + second, part)).toBe(`${chunkedAnswer}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK`)
      expect(requests).toEqual([first + second])
      expect(proxy.altered).toEqual([])
      expect(proxy.problems).toEqual([])
    })
  }

  test('answers without a body, to HEAD and in the middle of others, do not disturb what follows', async () => {
    const answers = ['HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n', 'HTTP/1.1 304 Not Modified\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n']
    const { client } = await wrong(async (peer) => {
      await peer.received((text) => text.includes('/a'))
      peer.send(answers[0] ?? '')
      await peer.received((text) => text.includes('/b'))
      peer.send(answers[1] ?? '')
      await peer.received((text) => text.endsWith('x'))
      peer.send(answers[2] ?? '')
      peer.socket.end()
    })
    expect(await ask(client(), 'HEAD /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\n\r\nPOST /c HTTP/1.1\r\nContent-Length: 1\r\n\r\nx')).toBe(answers.join(''))
  })

  for (const status of ['101 UPGRADED', '200 OK']) {
    test(`a connection that is taken over with ${status} goes on in both directions, each with its own end`, async () => {
      const sent = randomBytes(2_000_000)
      const { client } = await wrong(async (peer) => {
        await peer.request()
        peer.send(`HTTP/1.1 ${status}\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nfirst|`)
        const all = await peer.ended()
        peer.send(`${all.length}|`)
        setImmediate(() => peer.socket.end('after the end'))
      })
      const head = 'POST /v1.24/containers/x/attach?stdin=1 HTTP/1.1\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n'
      const socket = client()
      // stdin right behind the head, before the answer.
      socket.write(head)
      socket.end(sent)
      expect((await readAll(socket)).toString()).toBe(`HTTP/1.1 ${status}\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nfirst|${head.length + sent.byteLength}|after the end`)
    })
  }

  test('what is no HTTP is relayed as it is', async () => {
    const { client, requests } = await wrong(async (peer) => {
      await peer.ended()
      peer.socket.end('HTTP/1.1 400 Bad')
    })
    const socket = client()
    socket.end('get lost\r\n\r\nmore')
    expect((await readAll(socket)).toString()).toBe('HTTP/1.1 400 Bad')
    expect(requests).toEqual(['get lost\r\n\r\nmore'])
  })

  test('a head that breaks off is passed on with its end', async () => {
    const { client, requests } = await wrong(async (peer) => {
      await peer.ended()
      peer.socket.end()
    })
    const socket = client()
    socket.end('GET /half HTTP/1.1\r\nHo')
    expect((await readAll(socket)).byteLength).toBe(0)
    expect(requests).toEqual(['GET /half HTTP/1.1\r\nHo'])
  })
})

describe('with a fault', () => {
  const request = 'POST /v1.24/x?a=1 HTTP/1.1\r\nHost: d\r\nContent-Length: 3\r\n\r\nabc'
  const answering = (answer: string) => async (peer: Peer) => {
    await peer.received((text) => text.includes('\r\n\r\n'))
    await new Promise(setImmediate)
    peer.send(answer)
    peer.socket.end()
  }

  test('the head of a request is changed, and its body goes on', async () => {
    const { client, requests, proxy } = await wrong(answering(lastAnswer), () => ({ request: (head) => ({ ...head, path: '/v1.24/x' }) }))
    await ask(client(), request)
    expect(requests).toEqual([request.replace('?a=1', '')])
    expect(proxy.altered).toEqual(['POST /v1.24/x?a=1'])
  })

  test('the body of a request is changed, with its length', async () => {
    const { client, requests, proxy } = await wrong(answering(lastAnswer), () => ({ requestBody: () => Buffer.from('other') }))
    await ask(client(), request)
    expect(requests).toEqual([request.replace('3\r\n\r\nabc', '5\r\n\r\nother')])
    expect(proxy.altered).toHaveLength(1)
  })

  test('a request is answered without the daemon, and the next one is not', async () => {
    const { client, requests } = await wrong(answering(lastAnswer), ({ path }) =>
      path.startsWith('/v1.24') ? { instead: () => ({ status: 404, reason: 'Not Found', headers: [['Content-Type', 'text/plain']], body: Buffer.from('no') }) } : undefined)
    expect(await ask(client(), `${request}GET /_ping HTTP/1.1\r\n\r\n`)).toBe(`HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nno${lastAnswer}`)
    expect(requests).toEqual(['GET /_ping HTTP/1.1\r\n\r\n'])
  })

  test.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbye'],
    ['chunks', chunkedAnswer, 'HTTP/1.1 200 OK\r\ntransfer-ENCODING: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nbye\r\n0\r\n\r\n'],
    ['the end of the connection', 'HTTP/1.1 200 OK\r\n\r\nhello', 'HTTP/1.1 200 OK\r\n\r\nbye'],
  ])('a body that is delimited by %s is changed', async (_, answer, expected) => {
    const { client, proxy } = await wrong(answering(answer), () => ({ body: () => whole(() => Buffer.from('bye')) }))
    expect(await ask(client(), request)).toBe(expected)
    expect(proxy.altered).toHaveLength(1)
  })

  test('a fault that changes nothing is told from one that does', async () => {
    const { client, proxy } = await wrong(answering('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'), () => ({
      request: (head) => ({ ...head }), requestBody: (body) => body, head: (head) => ({ ...head }), body: () => whole((body) => body),
    }))
    expect(await ask(client(), request)).toBe('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')
    expect(proxy.altered).toEqual([])
  })

  test.each([
    [204, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'HTTP/1.1 204 X\r\n\r\n'],
    [200, lastAnswer.replace('X-Odd :kept\r\n', ''), 'HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n'],
    [500, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'HTTP/1.1 500 X\r\nContent-Length: 5\r\n\r\nhello'],
  ])('a status becomes %s, with the framing that it needs', async (status, answer, expected) => {
    const { client } = await wrong(answering(answer), () => ({ head: (head) => ({ ...head, status, reason: 'X' }) }))
    expect(await ask(client(), request)).toBe(expected)
  })

  test('both directions of a connection that was taken over are changed, and its end is swallowed', async () => {
    const { client, proxy } = await wrong(async (peer) => {
      await peer.received((text) => text.endsWith('in'))
      peer.send('HTTP/1.1 101 UPGRADED\r\n\r\nout')
      // Long enough for an end that was passed on to be here.
      await new Promise((resolve) => setTimeout(resolve, 50))
      peer.send(peer.socket.readableEnded ? '|ended' : '|open')
      peer.socket.end()
    }, () => ({ hijacked: () => ({ fromDaemon: each((bytes) => Buffer.from(bytes.toString().toUpperCase())), fromClient: { push: (bytes) => bytes, end: () => new Uint8Array(), keepsOpen: true } }) }))
    const socket = client()
    socket.end('POST /v1.24/attach HTTP/1.1\r\nContent-Length: 2\r\n\r\nin')
    expect((await readAll(socket)).toString()).toBe('HTTP/1.1 101 UPGRADED\r\n\r\nOUT|OPEN')
    expect(proxy.altered).toHaveLength(1)
  })
})
