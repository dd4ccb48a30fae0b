import { expect, operation, until, type Hijacked, type Stage } from '../../harness/case/index.ts'
import { demultiplex } from '../../harness/wire/frames.ts'
import { expectBytes, expectNext, handshakes, logsOf, pattern, readPattern, unlogged } from './bytes.ts'
import { detachBy } from './detach.ts'

const attach = operation('POST /containers/{id}/attach')
const execStart = operation('POST /exec/{id}/start')
const attached = { Detach: false, Tty: false }
const everything = { stream: 1, stdin: 1, stdout: 1, stderr: 1 }
const once = { OpenStdin: true, StdinOnce: true, AttachStdin: true }
const mebibyte = 1024 * 1024

/** Says that it is there, waits for the end of its stdin, and only then writes the most of its output. */
const talksAfterEof = ['emit', 'out=ready\\n', 'eof', 'out*20000=0123456789', 'err=done\\n']
const saidAfterEof = { stdout: Buffer.from('0123456789'.repeat(20_000)), stderr: Buffer.from('done\n') }

async function expectOutputAfterEof(what: string, stream: Hijacked): Promise<void> {
  await expectNext(`${what}, before the end of stdin`, stream, 'ready\n')
  await stream.write('read, and thrown away\n')
  stream.halfClose()
  const { stdout, stderr } = demultiplex(await stream.allFrames())
  expectBytes(`stdout after the end of stdin, ${what}`, stdout, saidAfterEof.stdout)
  expectBytes(`stderr after the end of stdin, ${what}`, stderr, saidAfterEof.stderr)
}

attach.must('end the stdin of the process at a half-close, while its output goes on to its end', { id: 'stream-stdin-half-close', source: ['operation', 'general/03'] }, async ({ api, stage }) => {
  for (const { upgrade } of handshakes) {
    const box = await stage.container({ Cmd: talksAfterEof, ...once })
    const stream = await api.hijack('POST', `${box.path}/attach`, { query: everything, upgrade })
    expect(await api.post(`${box.path}/start`)).toAnswer(204)
    await expectOutputAfterEof(upgrade ? 'upgraded' : 'not upgraded', stream)
  }
})

execStart.must('end the stdin of the command at a half-close, while its output goes on to its end', { id: 'stream-stdin-half-close-exec', source: ['operation', 'general/03'] }, async ({ api, stage, bystanders }) => {
  for (const { upgrade } of handshakes) {
    const exec = await stage.exec(bystanders.running, { Cmd: talksAfterEof, AttachStdin: true, AttachStdout: true, AttachStderr: true })
    await expectOutputAfterEof(upgrade ? 'upgraded' : 'not upgraded', await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade }))
  }
})

attach.must('end the stdin of the process where the client goes away, where StdinOnce is set', { id: 'stream-stdin-once-client-gone' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['count'], ...once })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  await stream.write('12345')
  expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(true)
  stream.close()
  await until(async () => expect((await api.get(`${box.path}/json`)).at('State')).toMatchObject({ Running: false, ExitCode: 0 }))
  expect((await logsOf(api, box)).stdout.toString()).toMatch(/^5 [0-9a-f]{16}\n$/)
})

attach.must('keep stdin open for the next client, where StdinOnce is not set', { id: 'stream-stdin-next-client' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'line', 'out=one\\n', 'line', 'out=two\\n', 'line', 'out=three\\n'], OpenStdin: true })
  const watching = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1 }, upgrade: true })
  const says = async (text: string) => await expectNext('what the process answered', watching, text)

  const halfClosing = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  await halfClosing.write('a\n')
  await says('one\n')
  halfClosing.halfClose()

  const leaving = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  await leaving.write('b\n')
  await says('two\n')
  leaving.close()

  const last = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  await last.write('c\n')
  await says('three\n')
  expect(await watching.nextFrame()).toBeUndefined()
})

attach.must('give the process no stdin where OpenStdin is not set, and take what a client sends all the same', { id: 'stream-stdin-not-open' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['count'] })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: everything, upgrade: true })
  await stream.write('12345')
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expect(demultiplex(await stream.allFrames()).stdout.toString()).toMatch(/^0 [0-9a-f]{16}\n$/)
})

attach.must('pass on the stdin of two clients, and the output to both', { id: 'stream-stdin-two-clients' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['slowcat', '0', '4096'], OpenStdin: true })
  const clients = [await api.hijack('POST', `${box.path}/attach`, { query: everything, upgrade: true }), await api.hijack('POST', `${box.path}/attach`, { query: everything })]
  for (const [index, text] of ['first\n', 'second\n', 'third\n'].entries()) {
    await clients[index % 2]?.write(text)
    for (const [reader, client] of clients.entries()) {
      await expectNext(`what client ${reader + 1} gets of what client ${(index % 2) + 1} has sent`, client, text)
    }
  }
})

const slowly = ['slowcat', '2', '65536']

/** Sends 10 MiB as fast as they are taken, to a guest that echoes them slowly, and reads the echo at the same time. */
async function expectEcho(stream: Hijacked): Promise<void> {
  const size = 10 * mebibyte
  const send = async () => {
    for (let sent = 0; sent < size; sent += mebibyte / 2) await stream.write(pattern(sent, mebibyte / 2))
    stream.halfClose()
  }
  const [total] = await Promise.all([readPattern(stream, 'stdout'), send()])
  expect(total).toBe(size)
}

attach.must('hold back a client whose stdin the process takes slowly, and lose nothing', { id: 'stream-stdin-slow', versions: 'ends' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: slowly, ...once, HostConfig: unlogged })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: everything, upgrade: true })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  await expectEcho(stream)
})

execStart.must('hold back a client whose stdin the command takes slowly, and lose nothing', { id: 'stream-stdin-slow-exec', versions: 'ends' }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: slowly, AttachStdin: true, AttachStdout: true, AttachStderr: true })
  await expectEcho(await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade: true }))
})

attach.must('let the process go on undisturbed where a client goes away in the middle of its output', { id: 'stream-stdin-client-gone' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'outfill=4194304', 'line', 'out=finished\\n', 'exit=5'], OpenStdin: true, HostConfig: unlogged })
  const leaving = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1, stderr: 1 } })
  const staying = await api.hijack('POST', `${box.path}/attach`, { query: everything, upgrade: true })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expect((await leaving.nextFrame())?.stream).toBe('stdout')
  leaving.close()
  // All that was written stands in the staying client's stream, and the process still waits for its line.
  expect(await readPattern(staying, 'stdout', 0, (total) => total >= 4 * mebibyte)).toBe(4 * mebibyte)
  expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(true)
  await staying.write('go\n')
  expectBytes('the rest', demultiplex(await staying.allFrames()).stdout, Buffer.from('finished\n'))
  await until(async () => expect((await api.get(`${box.path}/json`)).at('State')).toMatchObject({ Running: false, ExitCode: 5 }))
})

async function terminal(stage: Stage): ReturnType<Stage['running']> {
  return stage.running({ Cmd: ['slowcat', '0', '1'], Tty: true, OpenStdin: true })
}

attach.must('take every kind of key that the page names as the keys to detach, and end the stream at them alone', {
  id: 'stream-stdin-detach-keys', since: '1.22',
  reality: 'the page also names ctrl- with a comma; a comma parts one key from the next, and no daemon takes it',
}, async ({ api, stage }) => {
  const box = await terminal(stage)
  for (const [detachKeys, keys] of [['x', 'x'], ['Z', 'Z'], ['ctrl-a', '\x01'], ['ctrl-z', '\x1a'], ['ctrl-@', '\0'], ['ctrl-[', '\x1b'], ['ctrl-^', '\x1e'], ['ctrl-_', '\x1f'], ['ctrl-o,k', '\x0fk']] as const) {
    const stream = await api.hijack('POST', `${box.path}/attach`, { query: { ...everything, detachKeys }, upgrade: true })
    expect(stream.status, detachKeys).toBe(101)
    await stream.write('y')
    await stream.readUntil((soFar) => soFar.includes('y'))
    await detachBy(keys, stream)
    stream.close()
    expect((await api.get(`${box.path}/json`)).at('State', 'Running'), `after ${detachKeys}`).toBe(true)
  }
})

attach.should('detach at ctrl-p ctrl-q where nothing else is asked for', {
  id: 'stream-stdin-detach-keys-default', since: '1.22', reality: 'the page has a parameter to override the keys, and refers to the document of docker attach for them',
}, async ({ api, stage }) => {
  const box = await terminal(stage)
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: everything, upgrade: true })
  await stream.write('y')
  await stream.readUntil((soFar) => soFar.includes('y'))
  await detachBy('\x10\x11', stream)
  expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(true)
})

attach.must('refuse keys to detach that the page does not name with 400', { id: 'stream-stdin-detach-keys-refused', since: '1.22' }, async ({ api, bystanders }) => {
  for (const detachKeys of ['ab', 'ctrl-', 'ctrl-1', 'ctrl-ab', 'alt-a', 'a,,b', 'ctrl-a,bc']) {
    const stream = await api.hijack('POST', `/containers/${bystanders.running.id}/attach`, { query: { stream: 1, stdout: 1, detachKeys } })
    expect(stream.status, `the answer to detachKeys=${detachKeys}`).toBe(400)
  }
})
