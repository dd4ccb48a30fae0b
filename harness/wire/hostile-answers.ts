// Test support: what a daemon may send that wishes us ill, byte for byte.
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'

/** One way to answer a request, whose head is there for answers that depend on it. What it does with the connection ends when the other side has gone. */
export type HostileAnswer = { readonly name: string; readonly send: (socket: Socket, request?: string) => void }

const okHead = 'HTTP/1.1 200 OK\r\n'
const json = `${okHead}Content-Type: application/json\r\n`
/** Sends this, and leaves the connection open. */
export const once = (name: string, ...parts: (string | Uint8Array)[]): HostileAnswer => ({
  name,
  send: (socket) => parts.forEach((part) => socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
})
/** Sends the same, and closes the connection. */
export const closing = ({ name, send }: HostileAnswer): HostileAnswer => ({ name, send: (socket, request) => (send(socket, request), socket.end()) })
/** A body of its own length. */
export const whole = (name: string, body: string | Uint8Array, head = json) => once(name, `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`, Buffer.from(body))
/** Goes on with `more` as long as the other side takes it. */
export const endless = (name: string, begin: string, more: string | Uint8Array): HostileAnswer => ({
  name,
  send(socket) {
    const piece = typeof more === 'string' ? Buffer.from(more.repeat(Math.ceil(16_384 / more.length)), 'latin1') : more
    const pour = () => {
      // A turn of the event loop between pieces: the side that reads lives in the same process.
      if (!socket.writable) return
      if (socket.write(piece)) setImmediate(pour)
      else socket.once('drain', () => setImmediate(pour))
    }
    socket.write(begin, 'latin1')
    pour()
  },
})
/** A byte now and then, and never an end. */
const trickle = (name: string, begin: string, everyMs: number): HostileAnswer => ({
  name,
  send(socket) {
    socket.write(begin, 'latin1')
    const timer = setInterval(() => void (socket.writable ? socket.write('x') : clearInterval(timer)), everyMs)
    socket.once('close', () => clearInterval(timer))
  },
})

const frameHead = (type: number, size: number) => {
  const head = Buffer.alloc(8)
  head[0] = type
  head.writeUInt32BE(size, 4)
  return head
}
const rawStream = `${okHead}Content-Type: application/vnd.docker.raw-stream\r\n\r\n`

/** What acts on a terminal or misleads a reader: a title, a cleared screen, a link, C1, bidirectional overrides, BEL, backspaces, a carriage return, markup. */
export const actingText =
  '\u001b]0;owned\u0007\u001b[2J\u001b[1;1H\u001b[31m\u001b]8;;http://evil.example/\u001b\\\u009b2J\u202egnp\u2066\u200b\ufeff\u0008\r\u0000</script><script>globalThis.owned=1</script><img src=x onerror="globalThis.owned=1">::error::owned'

/** A tree of arrays or objects, as deep as it says. */
const nested = (open: string, close: string, levels: number) => `${open.repeat(levels)}${close.repeat(levels)}`

/** Answers that break HTTP, or use it against whoever reads. */
export const brokenHttp: readonly HostileAnswer[] = [
  once('nothing at all'),
  { name: 'a closed connection', send: (socket) => void socket.end() },
  { name: 'a reset connection', send: (socket) => void (socket.remoteAddress === undefined ? socket.destroy() : socket.resetAndDestroy()) },
  once('the head of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'),
  trickle('a head that comes a byte at a time', okHead, 20),
  trickle('a body that comes a byte at a time', `${okHead}Content-Length: 1000000\r\n\r\n`, 20),
  endless('endless header lines', okHead, 'X-Filler: 0123456789012345678901234567890123456789\r\n'),
  endless('one endless header line', `${okHead}X-Filler: `, 'a'),
  endless('an endless status line', 'HTTP/1.1 200 ', 'O'),
  endless('an endless body', `${okHead}\r\n`, 'z'),
  endless('endless chunks', `${okHead}Transfer-Encoding: chunked\r\n\r\n`, '1\r\nz\r\n'),
  endless('an endless chunk size', `${okHead}Transfer-Encoding: chunked\r\n\r\n`, '0'),
  endless('an endless chunk extension', `${okHead}Transfer-Encoding: chunked\r\n\r\n1;`, 'a'),
  endless('endless trailers', `${okHead}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'X-Trailer: y\r\n'),
  endless('endless interim answers', '', 'HTTP/1.1 102 Processing\r\n\r\n'),
  once('an interim answer with a body', 'HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\nOK', whatFollows()),
  closing(once('a Content-Length that is too large', `${okHead}Content-Length: 10\r\n\r\nabc`)),
  once('a Content-Length that is too small', `${okHead}Content-Length: 1\r\n\r\nabc`),
  once('a Content-Length that is negative', `${okHead}Content-Length: -1\r\n\r\nabc`),
  once('a Content-Length beyond 2^64', `${okHead}Content-Length: 99999999999999999999999\r\n\r\nabc`),
  once('two lengths', `${okHead}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`),
  once('both a length and chunks', `${okHead}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`),
  once('a chunk of 2^48 bytes', `${okHead}Transfer-Encoding: chunked\r\n\r\nffffffffffff\r\nabc`),
  once('chunks whose size is no number', `${okHead}Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n0\r\n\r\n`),
  once('an unknown transfer encoding', `${okHead}Transfer-Encoding: br\r\n\r\nabc`),
  once('a redirect to elsewhere', 'HTTP/1.1 307 Temporary Redirect\r\nLocation: http://evil.example/steal\r\nContent-Length: 0\r\n\r\n'),
  once('a redirect to itself', 'HTTP/1.1 301 Moved\r\nLocation: /v1.25/_ping\r\nContent-Length: 0\r\n\r\n'),
  once('an upgrade nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nabc'),
  once('an upgrade refused after the body began', `${okHead}Content-Length: 4\r\n\r\nabHTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n`),
  once('bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nOK'),
  once('zero bytes in the head', 'HTTP/1.1 200 O\0K\r\nX: \0\r\nContent-Length: 0\r\n\r\n'),
  once('the status 999', 'HTTP/1.1 999 Beyond\r\nContent-Length: 0\r\n\r\n'),
  once('two answers to one request', `${okHead}Content-Length: 2\r\n\r\nOK${okHead}Content-Length: 4\r\n\r\nmore`),
]

/** Answers that are sound as HTTP, and whose content is not. */
export const brokenContent: readonly HostileAnswer[] = [
  whole('a gzip bomb', gzipSync(Buffer.alloc(32 * 1024 * 1024)), `${json}Content-Encoding: gzip\r\n`),
  whole('a gzip bomb as JSON without a word of it', gzipSync(Buffer.alloc(1024 * 1024))),
  whole('bytes that are no UTF-8', Buffer.from('7b2249c3286422c3a122ff7d', 'hex')),
  whole('arrays a thousand levels deep', nested('[', ']', 1000)),
  whole('arrays a hundred thousand levels deep', nested('[', ']', 100_000)),
  whole('objects a thousand levels deep', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`),
  whole('keys of the prototype', '{"__proto__":{"owned":1,"Id":"x"},"constructor":{"prototype":{"owned":1}},"toString":1,"hasOwnProperty":null,"length":-1}'),
  whole('numbers beyond 2^53', '{"StatusCode":9007199254740993,"Size":1e400,"Created":-1e400,"Containers":99999999999999999999}'),
  whole('one key many times', `{${'"Id":"a",'.repeat(1000)}"Id":null}`),
  whole('null', 'null'),
  whole('a list where an object is due, of everything', '[null,0,"",[],{},true,[[null]]]'),
  whole('an empty body', ''),
  whole('a string of a mebibyte', JSON.stringify({ Id: 'i'.repeat(2 ** 20), Names: ['/n'.repeat(2 ** 19)], message: 'm'.repeat(2 ** 20), ApiVersion: '1'.repeat(2 ** 20) })),
  whole('text that acts on a terminal', JSON.stringify({ Id: actingText, Names: [actingText], Name: actingText, message: actingText, Version: actingText, ApiVersion: actingText, Os: actingText, [actingText]: actingText })),
  whole('text that acts on a terminal, with a status', JSON.stringify({ message: actingText }), 'HTTP/1.1 500 \u001b[31mOwned\u009b2J\r\nContent-Type: application/json\r\nX-\u001b: 1\r\n'),
  closing(once('a frame of 4 GiB', rawStream, frameHead(1, 0xffffffff), 'abc')),
  closing(once('a frame of an unknown stream', rawStream, frameHead(7, 3), 'abc')),
  closing(once('a frame that breaks off', rawStream, frameHead(1, 10), 'abc')),
  endless('endless empty frames', rawStream, frameHead(1, 0)),
  endless('endless JSON values', `${json}\r\n`, '{"status":"x"}\r\n'),
  endless('one endless JSON value', `${json}\r\n{"status":"`, 'x'),
]

/** A whole answer, cut after each of its bytes. */
export const cutAnswers: readonly HostileAnswer[] = cutsOf(`${json}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n3\r\n"b"\r\n1\r\n}\r\n0\r\n\r\n`)

function cutsOf(text: string): HostileAnswer[] {
  return Array.from({ length: text.length }, (_, length) => closing(once(`the first ${length} bytes of an answer`, text.slice(0, length))))
}

function whatFollows(): string {
  return `${okHead}Content-Length: 2\r\n\r\nOK`
}
