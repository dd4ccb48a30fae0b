import { expect, operation, until } from '../../harness/case/index.ts'
import { demultiplex } from '../../harness/wire/frames.ts'

const start = operation('POST /exec/{id}/start')
const attached = { Detach: false, Tty: false }

start.must('hijack the connection: 200 with a raw stream, when no upgrade is asked for', { id: 'exec-start-hijack', source: ['operation', 'general/03'] }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['emit', 'out=to out\\n', 'err=to err\\n'] })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached })
  expect(stream.status).toBe(200)
  expect(stream.header('Content-Type')).toBe('application/vnd.docker.raw-stream')
  const { stdout, stderr } = demultiplex(await stream.allFrames())
  expect(stdout.toString()).toBe('to out\n')
  expect(stderr.toString()).toBe('to err\n')
})

start.must('answer 101 where the client asks to upgrade the connection', {
  id: 'exec-start-upgrade', source: 'general/03', reality: 'the page shows 101 for attach and not here; every daemon from 1.6 on upgrades',
}, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['cat'], AttachStdin: true })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade: true })
  expect(stream.status).toBe(101)
  await stream.write('echo\n')
  stream.halfClose()
  expect(demultiplex(await stream.allFrames()).stdout.toString()).toBe('echo\n')
})

start.must('run in the background for Detach, and answer at once', { id: 'exec-start-detach' }, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['sh', '-c', 'write /tmp/ran yes; hold'] })
  const answer = await api.post(`${exec.path}/start`, { body: { Detach: true, Tty: false } })
  expect(answer).toAnswer(200)
  expect(answer.body.byteLength).toBe(0)
  await until(async () => expect((await stage.run(box, 'cat', '/tmp/ran')).stdout).toBe('yes'))
  expect((await api.get(`${exec.path}/json`)).at('Running')).toBe(true)
})

start.must('stream a terminal raw, without frames, for Tty', { id: 'exec-start-tty' }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['print', 'raw'], Tty: true })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: true } })
  expect((await stream.readAll()).toString()).toBe('raw\r\n')
})

start.must('take a body without Container', { id: 'exec-start-without-container', since: '1.24', source: 'change 1.24/20' }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['print', 'ran'] })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached })
  expect(demultiplex(await stream.allFrames()).stdout.toString()).toBe('ran\n')
})

start.must('answer 404 where there is no such instance', { id: 'exec-start-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/exec/${stage.name()}/start`, { body: attached })).toAnswer(404)
})

start.must('answer 409 where the container is paused', { id: 'exec-start-paused', since: '1.21', source: 'change 1.21/15' }, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['print', 'x'] })
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  stage.defer(async () => void (await api.post(`${box.path}/unpause`)))
  expect(await api.post(`${exec.path}/start`, { body: attached })).toAnswer(409)
})

start.must('answer an error where the container is stopped', {
  id: 'exec-start-stopped', since: '1.21', source: 'change 1.21/15',
  reality: 'the page documents 409; daemons drop the instances of a container that stops, so that the answer may be 404',
}, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['print', 'x'] })
  expect(await api.get(`${exec.path}/json`)).toAnswer(200)
  expect(await api.post(`${box.path}/kill`)).toAnswer(204)
  await until(async () => expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(false))
  expect(await api.post(`${exec.path}/start`, { body: attached })).toAnswer(404, 409)
})

start.must('not run an instance a second time', {
  id: 'exec-start-again', disposable: 'a daemon that runs an instance again may crash with it, as Docker 1.9 does', reality: 'the page names no status for it; Docker 1.6 to 28.5 put the error into the stream or answer 409 or 500',
}, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['append', '/tmp/runs', 'x'] })
  const first = await api.hijack('POST', `${exec.path}/start`, { body: attached })
  await first.readAll()
  const second = await api.hijack('POST', `${exec.path}/start`, { body: attached })
  expect([200, 409, 500]).toContain(second.status)
  expect((await stage.run(box, 'cat', '/tmp/runs')).stdout).toBe('x')
})

start.must('report the exit code of a command that does not exist, or an error', {
  id: 'exec-start-command-unknown', reality: 'the page names no status for it; Docker 1.6 to 1.12 answer 200 and put the error into the stream, later ones answer 400 or 404',
}, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['/no/such/program'] })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached })
  expect([200, 400, 404, 500]).toContain(stream.status)
  await stream.readAll()
  const inspected = await api.get(`${exec.path}/json`)
  if (inspected.status === 200) {
    expect(inspected.at('Running')).toBe(false)
    expect(inspected.at('ExitCode')).not.toBe(0)
  }
})
