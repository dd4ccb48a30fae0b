import { expect, operation, until } from '../../harness/case/index.ts'
import { decodeFrames, demultiplex } from '../../harness/wire/frames.ts'
import { hasSaid, stateOf } from './lifecycle.ts'
import { detachBy } from '../streams/detach.ts'

const attach = operation('POST /containers/{id}/attach')
const everything = { stream: 1, stdin: 1, stdout: 1, stderr: 1 }
const interactive = { OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true }

attach.must('hijack the connection: 200 with a raw stream, when no upgrade is asked for', { id: 'container-attach-hijack', source: ['operation', 'general/03'] }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'line', 'out=got it\\n', 'err=and this\\n'], ...interactive })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: everything })
  expect(stream.status).toBe(200)
  expect(stream.header('Content-Type')).toBe('application/vnd.docker.raw-stream')
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  await stream.write('hello\n')
  const { stdout, stderr } = demultiplex(await stream.allFrames())
  expect(stdout.toString()).toBe('got it\n')
  expect(stderr.toString()).toBe('and this\n')
})

attach.must('answer 101 where the client asks to upgrade the connection', { id: 'container-attach-upgrade', source: ['operation', 'general/03'] }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['cat'], ...interactive })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: everything, upgrade: true })
  expect(stream.status).toBe(101)
  expect(stream.header('Connection')).toBe('Upgrade')
  expect(stream.header('Upgrade')).toBe('tcp')
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  await stream.write('echo\n')
  stream.halfClose()
  expect(demultiplex(await stream.allFrames()).stdout.toString()).toBe('echo\n')
})

attach.must('carry a tty raw, without frames', { id: 'container-attach-tty' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['tty'], Tty: true, ...interactive })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: everything })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  const text = (await stream.readAll()).toString()
  expect(text).toMatch(/^stdin=tty stdout=tty stderr=tty rows=\d+ cols=\d+\r\n$/)
})

for (const wanted of ['stdout', 'stderr'] as const) {
  attach.must(`stream only ${wanted} where only that is asked for`, { id: `container-attach-only-${wanted}` }, async ({ api, stage }) => {
    const box = await stage.container({ Cmd: ['emit', 'out=to out\\n', 'err=to err\\n'] })
    const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, [wanted]: 1 } })
    expect(await api.post(`${box.path}/start`)).toAnswer(204)
    const { stdout, stderr } = demultiplex(await stream.allFrames())
    expect(stdout.toString()).toBe(wanted === 'stdout' ? 'to out\n' : '')
    expect(stderr.toString()).toBe(wanted === 'stderr' ? 'to err\n' : '')
  })
}

attach.must('replay what was written for logs=1, and end where nothing is streamed', { id: 'container-attach-logs' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['emit', 'out=to out\\n', 'err=to err\\n'] })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { logs: 1, stdout: 1, stderr: 1 } })
  expect(stream.status).toBe(200)
  const { stdout, stderr } = demultiplex(decodeFrames(await stream.readAll()))
  expect(stdout.toString()).toBe('to out\n')
  expect(stderr.toString()).toBe('to err\n')
})

attach.must('replay, and then go on', { id: 'container-attach-logs-and-stream' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'out=before\\n', 'line', 'out=after\\n'], OpenStdin: true })
  await hasSaid(api, box, 'before')
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { logs: 1, ...everything } })
  await stream.write('go on\n')
  expect(demultiplex(await stream.allFrames()).stdout.toString()).toBe('before\nafter\n')
})

attach.must('close stdin when the client closes its side of the connection, where StdinOnce is set', { id: 'container-attach-half-close' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['count'], ...interactive })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: everything, upgrade: true })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  await stream.write('12345')
  stream.halfClose()
  expect(demultiplex(await stream.allFrames()).stdout.toString()).toMatch(/^5 [0-9a-f]{16}\n$/)
  await until(async () => expect(await stateOf(api, box)).toMatchObject({ Running: false, ExitCode: 0 }))
})

attach.must('detach at the keys in detachKeys, and leave the container running', { id: 'container-attach-detach-keys', since: '1.22' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['slowcat', '0', '1'], Tty: true, OpenStdin: true })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { ...everything, detachKeys: 'ctrl-e,z' }, upgrade: true })
  await stream.write('a\r')
  await stream.readUntil((soFar) => soFar.includes('a'))
  // The daemon ends the connection; the process goes on.
  await detachBy('\x05z', stream)
  expect(await stateOf(api, box)).toMatchObject({ Running: true })
})

attach.must('answer 404 where there is no such container', { id: 'container-attach-unknown' }, async ({ api, stage }) => {
  const stream = await api.hijack('POST', `/containers/${stage.name()}/attach`, { query: { stream: 1, stdout: 1 } })
  expect(await stream.refusal()).toAnswer(404)
})

attach.must('refuse to attach to a paused container with 409', {
  id: 'container-attach-paused', since: '1.22', removedIn: '1.25',
}, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  stage.defer(async () => void (await api.post(`${box.path}/unpause`)))
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1 } })
  expect(await stream.refusal()).toAnswer(409)
})

attach.must('refuse keys to detach that do not exist with 400', { id: 'container-attach-detach-keys-unknown', since: '1.22' }, async ({ api, bystanders }) => {
  const stream = await api.hijack('POST', `/containers/${bystanders.running.id}/attach`, { query: { stream: 1, stdout: 1, detachKeys: 'bogus' } })
  expect(await stream.refusal()).toAnswer(400)
})

const websocket = operation('GET /containers/{id}/attach/ws')

websocket.must('carry stdin and stdout over a websocket', { id: 'container-attach-ws-echo' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'line', 'out=over the web\\n'], OpenStdin: true, StdinOnce: true })
  const socket = await api.websocket(`${box.path}/attach/ws`, { query: everything })
  socket.send('go\n')
  const bytes = await socket.readUntil((soFar) => soFar.includes('over the web'))
  expect(bytes.toString()).toBe('over the web\n')
})

websocket.must('stream no output that is not asked for', { id: 'container-attach-ws-only-stderr' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'line', 'out=to out\\n', 'sleep=200', 'err=to err\\n'], OpenStdin: true, StdinOnce: true })
  const socket = await api.websocket(`${box.path}/attach/ws`, { query: { stream: 1, stdin: 1, stderr: 1 } })
  socket.send('go\n')
  expect((await socket.readUntil((soFar) => soFar.includes('to err'))).toString()).toBe('to err\n')
})

websocket.must('replay what was written for logs=1', { id: 'container-attach-ws-logs' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['print', 'to out'] })
  const socket = await api.websocket(`${box.path}/attach/ws`, { query: { logs: 1, stdout: 1 } })
  expect((await socket.readAll()).toString()).toContain('to out\n')
})

websocket.must('detach at the keys in detachKeys, and leave the container running', { id: 'container-attach-ws-detach-keys', since: '1.22' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['slowcat', '0', '1'], Tty: true, OpenStdin: true })
  const socket = await api.websocket(`${box.path}/attach/ws`, { query: { ...everything, detachKeys: 'ctrl-e,z' } })
  socket.send('\x05')
  socket.send('z')
  await socket.readAll()
  expect(await stateOf(api, box)).toMatchObject({ Running: true })
})

websocket.must('answer 404 where there is no such container', { id: 'container-attach-ws-unknown' }, async ({ api, stage }) => {
  const answer = await api.get(`/containers/${stage.name()}/attach/ws`, { query: { stream: 1, stdout: 1 } })
  expect(answer).toAnswer(404)
})

websocket.must('refuse a request that is no handshake of a websocket', {
  id: 'container-attach-ws-no-handshake', reality: 'the page documents 400 for a bad parameter; daemons say 400 from their websocket library',
}, async ({ api, bystanders }) => {
  expect(await api.get(`/containers/${bystanders.running.id}/attach/ws`, { query: { stream: 1, stdout: 1 } })).toAnswer(400)
})
