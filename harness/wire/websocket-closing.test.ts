import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWebSocket } from './websocket.ts'

test('a websocket ends where the daemon closes its direction after the closing handshake', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-websocket-'))
  const path = join(folder, 'socket')
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', (request) => {
      const key = /Sec-WebSocket-Key: (\S+)/i.exec(request.toString())?.[1] ?? ''
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
      // A message, and a close with the code 1000; our direction ends once the client has answered it, and its own stays open.
      socket.write(Buffer.from([0x81, 2, 0x68, 0x69, 0x88, 2, 0x03, 0xe8]))
      socket.once('data', () => socket.end())
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  try {
    const socket = await openWebSocket({ kind: 'socket', path }, '/attach/ws')
    expect((await socket.readAll({ timeoutMs: 5_000 })).toString()).toBe('hi')
    expect(await socket.closeCode(5_000)).toBe(1000)
    socket.close()
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
})
