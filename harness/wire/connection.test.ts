import { createServer, type Server } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openConnection, type Connection } from './connection.ts'

const undo: (() => void)[] = []
afterEach(() => undo.splice(0).forEach((each) => each()))

/** A connection to a server that answers each request with the next of `answers`, byte by byte, and closes after the last where `ends`. */
async function connectedTo(answers: readonly string[], ends = false): Promise<{ connection: Connection; requests: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-connection-'))
  const requests: string[] = []
  const left = [...answers]
  const server: Server = createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('data', (bytes) => {
      requests.push(bytes.toString())
      for (const character of left.shift() ?? '') socket.write(character)
      if (ends && left.length === 0) socket.end()
    })
  })
  const path = join(folder, 'socket')
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const connection = await openConnection({ kind: 'socket', path })
  undo.push(() => connection.close(), () => server.close(), () => rmSync(folder, { recursive: true }))
  return { connection, requests }
}

describe('a connection of one\'s own', () => {
  test('takes one answer after the other by their lengths', async () => {
    const { connection } = await connectedTo([
      'HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\nContent-Length: 0\r\n\r\n',
    ])
    expect(await connection.request('GET', '/a')).toMatchObject({ status: 404, text: 'no\n', keepsConnection: true })
    expect(await connection.request('GET', '/b')).toMatchObject({ status: 200, text: 'abc', keepsConnection: true })
    expect(await connection.request('GET', '/c')).toMatchObject({ status: 204, text: '', keepsConnection: true })
    expect(await connection.request('GET', '/d')).toMatchObject({ status: 200, text: '', keepsConnection: false })
  })
  test('reads an answer without a length up to the end', async () => {
    const { connection, requests } = await connectedTo(['HTTP/1.1 200 OK\r\n\r\nall of it'], true)
    expect(await connection.request('POST', '/a', { httpVersion: '1.0', headers: { 'X-It': 'y' } })).toMatchObject({ text: 'all of it', keepsConnection: false })
    expect(requests).toEqual(['POST /a HTTP/1.0\r\nHost: localhost\r\nX-It: y\r\nContent-Length: 0\r\n\r\n'])
    await connection.closed(1_000)
  })
  test('says where an answer is cut, or does not end, or is followed by more', async () => {
    const cut = await connectedTo(['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort'], true)
    await expect(cut.connection.request('GET', '/')).rejects.toThrow('after 5 of 9 bytes')
    const none = await connectedTo([''], true)
    await expect(none.connection.request('GET', '/')).rejects.toThrow('before its answer to GET / was whole')
    const endless = await connectedTo(['HTTP/1.1 200 OK\r\n\r\nx'])
    await expect(endless.connection.request('GET', '/', { timeoutMs: 100 })).rejects.toThrow('within')
    const double = await connectedTo(['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore'])
    await double.connection.request('GET', '/')
    await expect(double.connection.closed(1_000)).rejects.toThrow('follow the answer')
    const chunks = await connectedTo(['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'], true)
    await expect(chunks.connection.request('GET', '/')).rejects.toThrow('before its last chunk')
  })
})
