import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWebSocket } from './websocket.ts'

test('a websocket whose closing frame comes together with the head is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-websocket-'))
  const path = join(folder, 'daemon.sock')
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', (bytes) => {
      const key = /Sec-WebSocket-Key: (.*)\r\n/i.exec(bytes.toString())?.[1] ?? ''
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
      socket.end(Buffer.concat([Buffer.from(head), Buffer.from([0x81, 2, 0x68, 0x69, 0x88, 2, 3, 0xe8])])).resume()
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  try {
    const socket = await openWebSocket({ kind: 'socket', path }, '/attach/ws')
    expect((await socket.readAll({ timeoutMs: 5_000 })).toString()).toBe('hi')
    expect(await socket.closeCode()).toBe(1000)
  } finally {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
