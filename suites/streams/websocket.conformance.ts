import { createHash, randomBytes } from 'node:crypto'
import { expect, operation, until, type Hijacked } from '../../harness/case/index.ts'
import { expectBytes } from './bytes.ts'

const websocket = operation('GET /containers/{id}/attach/ws')
const everything = { stream: 1, stdin: 1, stdout: 1, stderr: 1 }
const interactive = { OpenStdin: true, StdinOnce: true }

/** The headers with which a client opens a websocket (RFC 6455, section 4.1), and the value that proves that the server has understood them. */
function opening(): { headers: Record<string, string>; accept: string } {
  const key = randomBytes(16).toString('base64')
  return {
    headers: { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Key': key, 'Sec-WebSocket-Version': '13' },
    accept: createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64'),
  }
}

/** A message or control frame as a client sends it: masked (RFC 6455, section 5.3), here with zeros, which leave it readable. */
function clientFrame(opcode: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.byteLength, 0, 0, 0, 0]), payload])
}

const closeOpcode = 8
const pingOpcode = 9

/** Reads frames of a server, which are not masked, up to the one with an opcode; the frame's payload, or undefined at the end. */
async function frameOf(stream: Hijacked, opcode: number): Promise<Buffer | undefined> {
  const find = (bytes: Buffer): Buffer | undefined => {
    for (let at = 0; at + 2 <= bytes.byteLength; ) {
      const length = bytes[at + 1] ?? 0
      if ((bytes[at] ?? 0) === (0x80 | opcode)) return at + 2 + length <= bytes.byteLength ? bytes.subarray(at + 2, at + 2 + length) : undefined
      at += 2 + length
    }
    return undefined
  }
  return find(await stream.readUntil((soFar) => find(soFar) !== undefined))
}

const documented = 'the page documents 200 up to 1.24, where RFC 6455, to which it refers, has only 101'

websocket.must('answer the opening handshake as RFC 6455 has it', { id: 'stream-websocket-handshake', reality: documented }, async ({ api, bystanders }) => {
  const { headers, accept } = opening()
  const stream = await api.hijack('GET', `/containers/${bystanders.running.id}/attach/ws`, { query: { stream: 1, stdout: 1 }, headers })
  expect(stream.status).toBe(101)
  expect(stream.header('Upgrade')?.toLowerCase()).toBe('websocket')
  expect(stream.header('Connection')?.toLowerCase()).toBe('upgrade')
  expect(stream.header('Sec-WebSocket-Accept')).toBe(accept)
  // None was asked for (RFC 6455, section 4.2.2).
  expect(stream.header('Sec-WebSocket-Protocol')).toBeUndefined()
  expect(stream.header('Sec-WebSocket-Extensions')).toBeUndefined()
})

websocket.must('take the subprotocol that the client asks for, or none', { id: 'stream-websocket-subprotocol', reality: documented }, async ({ api, bystanders }) => {
  const { headers } = opening()
  const stream = await api.hijack('GET', `/containers/${bystanders.running.id}/attach/ws`, { query: { stream: 1, stdout: 1 }, headers: { ...headers, 'Sec-WebSocket-Protocol': 'plain.example' } })
  expect(stream.status).toBe(101)
  expect(stream.header('Sec-WebSocket-Protocol') ?? 'plain.example').toBe('plain.example')
})

websocket.must('refuse a version of the protocol that does not exist, and name the one that it speaks', { id: 'stream-websocket-version' }, async ({ api, bystanders }) => {
  for (const version of ['8', '99']) {
    const { headers } = opening()
    const stream = await api.hijack('GET', `/containers/${bystanders.running.id}/attach/ws`, { query: { stream: 1, stdout: 1 }, headers: { ...headers, 'Sec-WebSocket-Version': version } })
    expect([400, 426], `the answer to version ${version}`).toContain(stream.status)
    expect(stream.header('Sec-WebSocket-Version'), 'the version that the daemon speaks').toContain('13')
  }
})

websocket.must('refuse an unknown container before the handshake, with a message', { id: 'stream-websocket-unknown' }, async ({ api, stage }) => {
  const stream = await api.hijack('GET', `/containers/${stage.name()}/attach/ws`, { query: { stream: 1, stdout: 1 }, headers: opening().headers })
  const refusal = await stream.refusal()
  expect(refusal).toAnswer(404)
  expect(refusal.text.trim()).not.toBe('')
})

websocket.must('send output in text frames', {
  id: 'stream-websocket-text', reality: 'the pages up to 1.25 do not say it; that of 1.28 makes binary frames out of what were text frames, and daemons keep to both',
}, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'line', 'out=some text\\n', 'err=and more\\n'], ...interactive })
  const socket = await api.websocket(`${box.path}/attach/ws`, { query: everything })
  socket.send('go\n')
  const text = (await socket.readAll()).toString()
  // Without frames of its own to tell them apart, a websocket may carry the two streams in either order.
  expect([...text].sort().join('')).toBe([...'some text\nand more\n'].sort().join(''))
  expect(socket.messageTypes.length).toBeGreaterThan(0)
  expect(new Set(socket.messageTypes)).toEqual(new Set(['text']))
})

websocket.must('close the websocket in order where the container ends', { id: 'stream-websocket-close' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'line', 'out=last words', 'exit=3'], ...interactive })
  const socket = await api.websocket(`${box.path}/attach/ws`, { query: everything })
  socket.send('go\n')
  expectBytes('the messages', await socket.readAll(), Buffer.from('last words'))
  expect(await socket.closeCode()).toBe(1000)
})

websocket.must('take stdin from text and from binary messages, of any length', { id: 'stream-websocket-stdin' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['cat'], ...interactive, HostConfig: { LogConfig: { Type: 'none', Config: {} } } })
  const socket = await api.websocket(`${box.path}/attach/ws`, { query: everything })
  const messages = ['one, ', Buffer.from('two, '), 'grüße, ', 'x'.repeat(70_000), Buffer.from('end')]
  for (const message of messages) socket.send(message)
  const expected = Buffer.concat(messages.map((message) => Buffer.from(message)))
  expectBytes('what the guest echoed', await socket.readUntil((soFar) => soFar.byteLength >= expected.byteLength), expected)
})

websocket.must('answer a ping with a pong of the same bytes', { id: 'stream-websocket-ping', reality: documented }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['cat'], ...interactive })
  const stream = await api.hijack('GET', `${box.path}/attach/ws`, { query: everything, headers: opening().headers })
  expect(stream.status).toBe(101)
  await stream.write(clientFrame(pingOpcode, Buffer.from('are you there?')))
  expect((await frameOf(stream, 10))?.toString()).toBe('are you there?')
})

websocket.must('close stdin where the client closes the websocket, where StdinOnce is set', { id: 'stream-websocket-client-closes' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['count'], ...interactive })
  const stream = await api.hijack('GET', `${box.path}/attach/ws`, { query: everything, headers: opening().headers })
  expect(stream.status).toBe(101)
  await stream.write(clientFrame(1, Buffer.from('12345')))
  await stream.write(clientFrame(closeOpcode, Buffer.from([0x03, 0xe8])))
  // RFC 6455, section 5.5.1: a close is answered with a close.
  expect([...((await frameOf(stream, closeOpcode)) ?? [])].slice(0, 2)).toEqual([0x03, 0xe8])
  await until(async () => expect((await api.get(`${box.path}/json`)).at('State')).toMatchObject({ Running: false, ExitCode: 0 }))
  expect((await api.get(`${box.path}/logs`, { query: { stdout: 1 } })).text).toMatch(/5 [0-9a-f]{16}\n$/)
})
