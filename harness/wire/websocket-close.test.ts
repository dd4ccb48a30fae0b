import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWebSocket } from './websocket.ts'

/** The text "hi" as a message, then a close with the code 1000 (RFC 6455, sections 5.2 and 5.5.1). */
const hiAndClose = Buffer.from([0x81, 2, 0x68, 0x69, 0x88, 2, 0x03, 0xe8])

test.each<[string, (socket: Socket, head: Buffer) => void]>([
  ['its closing frame comes together with the head', (socket, head) => void socket.end(Buffer.concat([head, hiAndClose])).resume()],
  // Our direction stays open until the client has answered the close.
  ['the daemon ends its direction after the closing handshake', (socket, head) => void (socket.write(head), socket.write(hiAndClose), socket.once('data', () => socket.end()))],
])('a websocket is closed where %s', async (_, answer) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-websocket-'))
  const path = join(folder, 'daemon.sock')
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', (bytes) => {
      const key = /Sec-WebSocket-Key: (\S+)/i.exec(bytes.toString())?.[1] ?? ''
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      answer(socket, Buffer.from(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`))
    })
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  try {
    const socket = await openWebSocket({ kind: 'socket', path }, '/attach/ws')
    expect((await socket.readAll({ timeoutMs: 5_000 })).toString()).toBe('hi')
    expect(await socket.closeCode(5_000)).toBe(1000)
  } finally {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
