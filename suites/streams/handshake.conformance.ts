import { expect, operation, type Api, type Query, type ResponseHead } from '../../harness/case/index.ts'
import { decodeFrames, demultiplex } from '../../harness/wire/frames.ts'
import { expectBytes, handshakes } from './bytes.ts'

const attach = operation('POST /containers/{id}/attach')
const execStart = operation('POST /exec/{id}/start')
const attached = { Detach: false, Tty: false }
const output = { stream: 1, stdout: 1, stderr: 1 }

const rawStream = 'Content-Type: application/vnd.docker.raw-stream'
const documentedHeads = {
  200: { statusLine: 'HTTP/1.1 200 OK', lines: [rawStream] },
  101: { statusLine: 'HTTP/1.1 101 UPGRADED', lines: [rawStream, 'Connection: Upgrade', 'Upgrade: tcp'] },
} as const

/** Holds a head against the page's, byte for byte; lines that the page does not have may stand beside, but none that gives the stream a length. */
function expectHead(what: string, head: ResponseHead, upgrade: boolean): void {
  const [statusLine, ...lines] = Buffer.from(head.raw).toString('latin1').split('\r\n')
  const documented = documentedHeads[upgrade ? 101 : 200]
  expect(statusLine, `the status line of ${what}`).toBe(documented.statusLine)
  expect(lines, `the head of ${what}`).toEqual(expect.arrayContaining([...documented.lines]))
  const lengths = head.headers.filter(([name]) => ['content-length', 'transfer-encoding'].includes(name.toLowerCase()))
  expect(lengths, `what gives the stream of ${what} a length`).toEqual([])
}

attach.must('answer with the head that the page shows, byte for byte, and without a length', { id: 'stream-handshake-head-attach', source: ['operation', 'general/03'] }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'out=after the head\\n'] })
  for (const { upgrade } of handshakes) {
    const stream = await api.hijack('POST', `${box.path}/attach`, { query: output, upgrade })
    expectHead(upgrade ? 'an upgrade' : 'no upgrade', stream.head, upgrade)
  }
})

execStart.must('answer with the same heads as attach, and without a length', {
  id: 'stream-handshake-head-exec', source: ['operation', 'general/03'], reality: 'the page shows 200 only; every daemon from 1.6 on upgrades as attach does',
}, async ({ api, stage, bystanders }) => {
  for (const { upgrade } of handshakes) {
    const exec = await stage.exec(bystanders.running, { Cmd: ['print', 'x'], AttachStdout: true })
    const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade })
    expectHead(upgrade ? 'an upgrade' : 'no upgrade', stream.head, upgrade)
    expectBytes('the stream after the head', demultiplex(await stream.allFrames()).stdout, Buffer.from('x\n'))
  }
})

attach.must('take the option upgrade in any letters and in a list', { id: 'stream-handshake-spelling', source: ['operation', 'general/03'] }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'out=upgraded\\n'] })
  const clients = []
  for (const Connection of ['Upgrade', 'upgrade', 'UPGRADE', 'keep-alive, Upgrade', 'Upgrade,keep-alive']) {
    const stream = await api.hijack('POST', `${box.path}/attach`, { query: output, headers: { Connection, Upgrade: 'tcp' } })
    expectHead(`Connection: ${Connection}`, stream.head, true)
    clients.push({ Connection, stream })
  }
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  for (const { Connection, stream } of clients) expectBytes(`the stream for Connection: ${Connection}`, demultiplex(await stream.allFrames()).stdout, Buffer.from('upgraded\n'))
})

attach.must('serve a client that speaks HTTP/1.0', {
  id: 'stream-handshake-http-1-0', reality: 'the page has HTTP/1.1 in its examples, and says nothing of other clients',
}, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'line', 'out=to an old client\\n', 'err=on both streams\\n'], OpenStdin: true, StdinOnce: true })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { ...output, stdin: 1 }, httpVersion: '1.0' })
  expect(stream.status).toBe(200)
  expect(stream.header('Content-Type')).toBe('application/vnd.docker.raw-stream')
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  await stream.write('go\n')
  const { stdout, stderr } = demultiplex(await stream.allFrames())
  expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({ stdout: 'to an old client\n', stderr: 'on both streams\n' })
})

operation('GET /containers/{id}/logs').must('answer a client that speaks HTTP/1.0 as one that speaks HTTP/1.1', {
  id: 'stream-handshake-http-1-0-logs', reality: 'the page has HTTP/1.1 in its examples, and says nothing of other clients',
}, async ({ api, bystanders }) => {
  for (const httpVersion of ['1.0', '1.1'] as const) {
    const connection = await api.connection()
    const answer = await connection.request('GET', `/containers/${bystanders.exited.id}/logs`, { query: { stdout: 1, stderr: 1 }, httpVersion })
    expect(answer).toAnswer(200)
    const { stdout, stderr } = demultiplex(decodeFrames(answer.body))
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }, `HTTP/${httpVersion}`).toEqual({ stdout: 'bystander out\n', stderr: 'bystander err\n' })
  }
})

attach.must('end at once, without a byte, where neither stream nor logs is asked for', { id: 'stream-handshake-nothing-asked' }, async ({ api, bystanders }) => {
  for (const { upgrade } of handshakes) {
    // A container that runs on: the stream has no other reason to end.
    const stream = await api.hijack('POST', `/containers/${bystanders.running.id}/attach`, { query: { stdin: 1, stdout: 1, stderr: 1 }, upgrade })
    expect(stream.status).toBe(upgrade ? 101 : 200)
    expectBytes(upgrade ? 'upgraded' : 'not upgraded', await stream.readAll(), new Uint8Array())
  }
})

/**
 * Asks on a connection of its own for what must be refused, and holds the refusal against HTTP: whole, by its length or by the end of the
 * connection, with a message, and without anything of a stream; the connection then serves the next request, or is closed.
 */
async function expectRefusal(api: Api, status: number, path: string, options: { readonly query?: Query; readonly body?: object }): Promise<void> {
  for (const { upgrade } of handshakes) {
    const what = `${status} for ${path}, ${upgrade ? 'upgrade asked for' : 'no upgrade asked for'}`
    const connection = await api.connection()
    const refusal = await connection.request('POST', path, {
      ...(options.query && { query: options.query }), ...(options.body && { body: options.body }), ...(upgrade && { headers: { Connection: 'Upgrade', Upgrade: 'tcp' } }),
    })
    expect(refusal, what).toAnswer(status)
    expect(refusal.header('Upgrade'), what).toBeUndefined()
    expect(refusal.text.trim(), `the message of ${what}`).not.toBe('')
    if (refusal.keepsConnection) expect(await connection.request('GET', '/version'), `the next request after ${what}`).toAnswer(200)
    else await connection.closed()
  }
}

attach.must('refuse an unknown container with a whole answer', { id: 'stream-handshake-refused-unknown' }, async ({ api, stage }) => {
  const name = stage.name()
  await expectRefusal(api, 404, `/containers/${name}/attach`, { query: { stream: 1, stdout: 1 } })
})

attach.must('refuse keys to detach that do not exist with a whole answer, and stay ready to be attached to', { id: 'stream-handshake-refused-keys', since: '1.22' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'line', 'out=still here\\n'], OpenStdin: true, StdinOnce: true })
  await expectRefusal(api, 400, `${box.path}/attach`, { query: { stream: 1, stdin: 1, stdout: 1, detachKeys: 'bogus' } })
  // The refused clients have not used up the one stdin that StdinOnce allows.
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1, stdout: 1 }, upgrade: true })
  await stream.write('go\n')
  expectBytes('the stream after the refusals', demultiplex(await stream.allFrames()).stdout, Buffer.from('still here\n'))
})

attach.must('refuse a paused container with a whole answer', { id: 'stream-handshake-refused-paused', since: '1.22', removedIn: '1.25' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  stage.defer(async () => void (await api.post(`${box.path}/unpause`)))
  await expectRefusal(api, 409, `${box.path}/attach`, { query: { stream: 1, stdout: 1 } })
})

execStart.must('refuse an unknown instance with a whole answer', { id: 'stream-handshake-refused-exec-unknown' }, async ({ api, stage }) => {
  const name = stage.name()
  await expectRefusal(api, 404, `/exec/${name}/start`, { body: attached })
})

execStart.must('refuse where the container is paused with a whole answer, and run the instance later', {
  id: 'stream-handshake-refused-exec-paused', since: '1.21', source: 'change 1.21/15',
}, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['print', 'ran'], AttachStdout: true })
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  stage.defer(async () => void (await api.post(`${box.path}/unpause`)))
  await expectRefusal(api, 409, `${exec.path}/start`, { body: attached })
  expect(await api.post(`${box.path}/unpause`)).toAnswer(204)
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached })
  expectBytes('what the instance wrote after the refusals', demultiplex(await stream.allFrames()).stdout, Buffer.from('ran\n'))
})
