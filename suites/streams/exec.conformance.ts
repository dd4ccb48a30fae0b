import { expect, operation, until } from '../../harness/case/index.ts'
import { demultiplex } from '../../harness/wire/frames.ts'
import { expectBytes, expectNext, handshakes } from './bytes.ts'

const start = operation('POST /exec/{id}/start')
const inspect = operation('GET /exec/{id}/json')
const attached = { Detach: false, Tty: false }
const allStreams = { AttachStdin: true, AttachStdout: true, AttachStderr: true }

start.must('keep the streams of commands apart that run at the same time', { id: 'stream-exec-at-once' }, async ({ api, stage, bystanders }) => {
  const names = ['a', 'b', 'c', 'd', 'e']
  const running = await Promise.all(
    names.map(async (name) => {
      const exec = await stage.exec(bystanders.running, { Cmd: ['emit', `out=${name} is here\\n`, 'line', `out*500=${name}`, `err=${name} goes\\n`], ...allStreams })
      return { name, stream: await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade: true }) }
    }),
  )
  // All of them run before the first may end.
  for (const { name, stream } of running) await expectNext(`the first frame of ${name}`, stream, `${name} is here\n`)
  for (const { stream } of running) await stream.write('go\n')
  for (const { name, stream } of running) {
    const { stdout, stderr } = demultiplex(await stream.allFrames())
    expectBytes(`stdout of ${name}`, stdout, Buffer.from(name.repeat(500)))
    expectBytes(`stderr of ${name}`, stderr, Buffer.from(`${name} goes\n`))
  }
})

inspect.must('show how each command has ended by its exit code', { id: 'stream-exec-exit-codes' }, async ({ api, stage, bystanders }) => {
  await Promise.all(
    [0, 1, 2, 126, 127, 128, 255].map(async (code) => {
      const exec = await stage.exec(bystanders.running, { Cmd: ['emit', `exit=${code}`], AttachStdout: true })
      const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached })
      await stream.readAll()
      await until(async () => expect((await api.get(`${exec.path}/json`)).at(), `after exit code ${code}`).toMatchObject({ Running: false, ExitCode: code }))
    }),
  )
})

start.should('let the command run on where its client goes away', {
  id: 'stream-exec-client-gone', source: ['operation', 'general/11'], reality: 'the page knows clients that detach from a command (exec_detach), and says nothing of those that just go',
}, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['sh', '-c', 'emit "out=started\\n"; emit eof; write /tmp/survived yes; exit 7'], ...allStreams })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade: true })
  await expectNext('the first frame', stream, 'started\n')
  expect((await api.get(`${exec.path}/json`)).at('Running')).toBe(true)
  stream.close()
  // The end of its stdin reaches the command, which is alive to write a file and to give its exit code.
  await until(async () => expect((await api.get(`${exec.path}/json`)).at()).toMatchObject({ Running: false, ExitCode: 7 }))
  expect((await stage.run(box, 'cat', '/tmp/survived')).stdout).toBe('yes')
})

start.must('end the stream of a command whose container is killed, and show the command as ended', {
  id: 'stream-exec-container-killed', reality: 'the page does not say what becomes of the instance; daemons keep it for a while, or drop it with the container',
}, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['emit', 'out=here\\n', 'line'], ...allStreams })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade: true })
  await expectNext('the first frame', stream, 'here\n')
  expect((await api.get(`${exec.path}/json`)).at('Running')).toBe(true)
  expect(await api.post(`${box.path}/kill`)).toAnswer(204)
  expect(await stream.allFrames()).toEqual([])
  await until(async () => {
    const inspected = await api.get(`${exec.path}/json`)
    expect(inspected).toAnswer(200, 404)
    if (inspected.status === 200) expect(inspected.at('Running')).toBe(false)
  })
})

start.must('carry a terminal both ways: what is typed is echoed by it, and ctrl-d ends the input', { id: 'stream-exec-terminal', needs: ['linux'] }, async ({ api, stage, bystanders }) => {
  for (const { upgrade } of handshakes) {
    const exec = await stage.exec(bystanders.running, { Cmd: ['cat'], ...allStreams, Tty: true })
    const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: true }, upgrade })
    await stream.write('typed\r')
    const echoed = await stream.readUntil((soFar) => soFar.byteLength >= 14)
    expectBytes(`echo and output, ${upgrade ? 'upgraded' : 'not upgraded'}`, echoed, Buffer.from('typed\r\ntyped\r\n'))
    await stream.write('\x04')
    expectBytes('what follows ctrl-d', await stream.readAll(), new Uint8Array())
    await until(async () => expect((await api.get(`${exec.path}/json`)).at()).toMatchObject({ Running: false, ExitCode: 0 }))
  }
})

start.must('answer without a stream for Detach, whether an upgrade is asked for or not', { id: 'stream-exec-detached' }, async ({ api, stage, bystanders }) => {
  for (const { upgrade } of handshakes) {
    const exec = await stage.exec(bystanders.running, { Cmd: ['emit', 'out=to nobody\\n', 'exit=3'], AttachStdout: true })
    const connection = await api.connection()
    const answer = await connection.request('POST', `${exec.path}/start`, { body: { Detach: true, Tty: false }, ...(upgrade && { headers: { Connection: 'Upgrade', Upgrade: 'tcp' } }) })
    expect(answer).toAnswer(200)
    expect(answer.body.byteLength).toBe(0)
    await until(async () => expect((await api.get(`${exec.path}/json`)).at()).toMatchObject({ Running: false, ExitCode: 3 }))
  }
})

start.must('not disturb a running command where it is started a second time', {
  id: 'stream-exec-started-twice', disposable: 'a daemon that runs an instance again may crash with it, as Docker 1.9 does', reality: 'the page names no status for it; daemons answer 409 or 500 or put the error into the stream, and Docker 1.9 crashes',
}, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['emit', 'out=first\\n', 'line', 'out=last\\n', 'exit=5'], ...allStreams })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade: true })
  await expectNext('the first frame', stream, 'first\n')
  const second = await api.hijack('POST', `${exec.path}/start`, { body: attached })
  expect([200, 409, 500]).toContain(second.status)
  // What is refused is an ordinary answer, after which the connection may stay open.
  const told = second.status === 200 ? await second.readAll() : (await second.refusal()).body
  expect(told.includes('first'), 'whether the command ran again').toBe(false)
  await stream.write('go\n')
  expectBytes('the first stream, then', demultiplex(await stream.allFrames()).stdout, Buffer.from('last\n'))
  await until(async () => expect((await api.get(`${exec.path}/json`)).at()).toMatchObject({ Running: false, ExitCode: 5 }))
})
