// Test support: what a daemon may send that wishes us ill once it has taken over a connection as a websocket, and how it may pretend to do so.
import { createHash } from 'node:crypto'
import { constants, deflateRawSync } from 'node:zlib'
import { closing, endless, once, type HostileAnswer } from './hostile-answers.ts'

/** The head of an answer that opens a websocket as RFC 6455, section 4.2.2, has it, for the key of the request. */
export function handshake(request: string, more = ''): string {
  const key = /^sec-websocket-key: (.*)\r$/im.exec(request)?.[1] ?? ''
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${more}\r\n`
}

/** A frame of a server, with whatever length it says. */
export function serverFrame(first: number, payload: Uint8Array, says: number | bigint = payload.byteLength): Buffer {
  const length = says <= 125 ? Buffer.of(Number(says)) : says < 65_536 ? Buffer.of(126, Number(says) >> 8, Number(says) & 0xff) : Buffer.alloc(9, 127)
  if (length.byteLength === 9) length.writeBigUInt64BE(BigInt(says), 1)
  return Buffer.concat([Buffer.of(first), length, payload])
}

const upgraded = (answer: HostileAnswer, more = ''): HostileAnswer => ({
  name: answer.name,
  send(socket, request = '') {
    socket.write(handshake(request, more))
    answer.send(socket, request)
  },
})
const frames = (name: string, ...parts: Uint8Array[]) => upgraded(once(name, ...parts))
/** So many at once that the flood is no matter of how fast this side writes. */
const flood = (name: string, frame: Uint8Array, begin: Uint8Array = new Uint8Array()) =>
  upgraded(endless(name, Buffer.from(begin).toString('latin1'), Buffer.concat(Array.from<Uint8Array>({ length: Math.ceil(16_384 / frame.byteLength) }).fill(frame))))
/** The same bytes, one by one. */
const byteByByte = (name: string, bytes: Uint8Array): HostileAnswer =>
  upgraded({
    name,
    send(socket) {
      let at = 0
      const next = () => {
        if (!socket.writable || at >= bytes.byteLength) return
        socket.write(bytes.subarray(at, ++at))
        setImmediate(next)
      }
      next()
    },
  })

const final = 0x80
const [continuation, text, binary, close, ping, pong] = [0, 1, 2, 8, 9, 10]
const abc = Buffer.from('abc')
const noUtf8 = Buffer.from('61ff62c3', 'hex')
const deflating = 'Sec-WebSocket-Extensions: permessage-deflate\r\n'
/** A message that was compressed as RFC 7692, section 7.2.1, has it: without the four bytes at the end. */
const compressed = (bytes: Uint8Array) => {
  const packed = deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
  return serverFrame(final | 0x40 | binary, packed.subarray(0, packed.byteLength - 4))
}
const withAccept = (name: string, accept: string) => once(name, `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${accept}\r\n`)

/** Answers to the opening of a websocket. */
export const brokenWebSockets: readonly HostileAnswer[] = [
  withAccept('a wrong accept key', 'Sec-WebSocket-Accept: wrong\r\n'),
  withAccept('the accept key of another request', `Sec-WebSocket-Accept: ${createHash('sha1').update('another').digest('base64')}\r\n`),
  withAccept('no accept key', ''),
  upgraded(once('a subprotocol nobody asked for'), 'Sec-WebSocket-Protocol: owned\r\n'),
  upgraded(once('an extension nobody asked for'), 'Sec-WebSocket-Extensions: owned; size=0\r\n'),
  upgraded(closing(once('a websocket that ends without a close'))),
  frames('a frame of 2^63 bytes', serverFrame(final | binary, abc, 2n ** 63n)),
  frames('a frame of 2^64 - 1 bytes', serverFrame(final | binary, abc, 2n ** 64n - 1n)),
  frames('a message of 4 GiB', serverFrame(final | binary, abc, 2 ** 32)),
  flood('a message of 2 GiB that comes', Buffer.alloc(16_384, 'z'), serverFrame(final | binary, abc, 2 ** 31 - 1)),
  frames('a close of 4 GiB', serverFrame(final | close, abc, 2 ** 32)),
  frames('a ping of 64 KiB', serverFrame(final | ping, Buffer.alloc(65_536))),
  frames('a ping in fragments', serverFrame(ping, abc), serverFrame(final | continuation, abc)),
  ...[0x40, 0x20, 0x10, 0x70].map((bits) => frames(`a frame with the reserved bits ${bits >> 4}`, serverFrame(final | bits | text, abc))),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => frames(`a frame of the reserved opcode ${opcode}`, serverFrame(final | opcode, abc))),
  frames('a masked frame', Buffer.concat([Buffer.of(final | text, 0x80 | 3, 0, 0, 0, 0), abc])),
  frames('a continuation of nothing', serverFrame(final | continuation, abc)),
  frames('a message within the fragments of another', serverFrame(text, abc), serverFrame(final | text, abc)),
  flood('endless fragments of one message', serverFrame(continuation, abc), serverFrame(binary, abc)),
  flood('endless empty fragments of one message', serverFrame(continuation, new Uint8Array()), serverFrame(binary, abc)),
  flood('endless large fragments of one message', serverFrame(continuation, Buffer.alloc(16_384)), serverFrame(binary, abc)),
  flood('endless messages of a byte', serverFrame(final | text, Buffer.from('x'))),
  flood('endless empty messages', serverFrame(final | binary, new Uint8Array())),
  flood('endless large messages', serverFrame(final | binary, Buffer.alloc(65_535, 'x'))),
  flood('endless pings', serverFrame(final | ping, Buffer.from('are you there?'))),
  flood('endless pongs', serverFrame(final | pong, abc)),
  flood('endless closes', serverFrame(final | close, Buffer.of(0x03, 0xe8))),
  byteByByte('a message that comes a byte at a time', Buffer.concat([serverFrame(final | binary, Buffer.alloc(300, 'x')), serverFrame(final | close, Buffer.of(0x03, 0xe8))])),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map((code) => frames(`a close with the code ${code}`, serverFrame(final | close, Buffer.of(code >> 8, code & 0xff)))),
  frames('a close with half a code', serverFrame(final | close, Buffer.of(3))),
  frames('a close whose reason is no UTF-8', serverFrame(final | close, Buffer.concat([Buffer.of(0x03, 0xe8), noUtf8]))),
  frames('messages after the close', serverFrame(final | close, Buffer.of(0x03, 0xe8)), serverFrame(final | text, abc)),
  frames('text that is no UTF-8', serverFrame(final | text, noUtf8)),
  frames('text whose fragments are no UTF-8', serverFrame(text, noUtf8), serverFrame(final | continuation, noUtf8)),
  frames('a compressed message, though nothing was agreed on', compressed(abc)),
  upgraded(once('a bomb of compressed zeros', compressed(Buffer.alloc(64 * 2 ** 20))), deflating),
  upgraded(endless('endless compressed zeros', '', compressed(Buffer.alloc(8 * 2 ** 20))), deflating),
  upgraded(once('compressed garbage', serverFrame(final | 0x40 | text, noUtf8)), deflating),
]
