import { expect, operation } from '../../harness/case/index.ts'
import { demultiplex } from '../../harness/wire/frames.ts'
import { detachBy } from '../streams/detach.ts'

const create = operation('POST /containers/{id}/exec')
const asksFor = { AttachStdout: true, AttachStderr: true }

create.must('answer 201 with the id of an instance that has not started', { id: 'exec-create-id' }, async ({ api, bystanders }) => {
  const answer = await api.post(`/containers/${bystanders.running.id}/exec`, { body: { ...asksFor, Cmd: ['print', 'x'] } })
  expect(answer).toAnswer(201)
  expect(answer.at('Id')).toMatch(/^[0-9a-f]{64}$/)
  expect((await api.get(`/exec/${answer.at('Id')}/json`)).at('Running')).toBe(false)
})

create.must('answer Warnings, or leave them out where there are none', {
  id: 'exec-create-warnings', removedIn: '1.25', source: 'change 1.18/08',
  reality: 'the page has Warnings in its example; Docker 1.6 answers null, later ones leave it out',
}, async ({ api, bystanders }) => {
  const answer = await api.post(`/containers/${bystanders.running.id}/exec`, { body: { ...asksFor, Cmd: ['print', 'x'] } })
  expect(answer).toAnswer(201)
  expect(answer.at('Warnings') ?? []).toEqual([])
})

create.must('refuse an instance without a command', {
  id: 'exec-create-no-command', reality: 'the page names no status for it; Docker 1.6 to 1.13 answer 500, later ones 400',
}, async ({ api, bystanders }) => {
  expect(await api.post(`/containers/${bystanders.running.id}/exec`, { body: { ...asksFor, Cmd: [] } })).toAnswer(400, 500)
})

create.must('answer 404 where there is no such container', { id: 'exec-create-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/exec`, { body: { ...asksFor, Cmd: ['print', 'x'] } })).toAnswer(404)
})

create.must('refuse a container that does not run', {
  id: 'exec-create-stopped', reality: 'the page documents 409 for a paused container only; Docker 1.6 to 1.8 answer 500, later ones 409',
}, async ({ api, bystanders }) => {
  expect(await api.post(`/containers/${bystanders.exited.id}/exec`, { body: { ...asksFor, Cmd: ['print', 'x'] } })).toAnswer(409, 500)
})

create.must('answer 409 where the container is paused', { id: 'exec-create-paused', since: '1.21' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  stage.defer(async () => void (await api.post(`${box.path}/unpause`)))
  expect(await api.post(`/containers/${box.id}/exec`, { body: { ...asksFor, Cmd: ['print', 'x'] } })).toAnswer(409)
})

create.must('refuse a body that is no JSON', {
  id: 'exec-create-no-json', reality: 'the page names no status for it; Docker 1.6 to 20.10 answer 500, later ones 400',
}, async ({ api, bystanders }) => {
  expect(await api.post(`/containers/${bystanders.running.id}/exec`, { body: '{', headers: { 'Content-Type': 'application/json' } })).toAnswer(400, 500)
})

create.must('ignore unknown properties', { id: 'exec-create-unknown-property', source: 'general/01' }, async ({ api, bystanders }) => {
  expect(await api.post(`/containers/${bystanders.running.id}/exec`, { body: { ...asksFor, Cmd: ['print', 'x'], NoSuchProperty: true } })).toAnswer(201)
})

create.must('take a body without Container', { id: 'exec-create-without-container', since: '1.24', source: 'change 1.24/20' }, async ({ stage, bystanders }) => {
  expect(await stage.run(bystanders.running, 'print', 'no container named')).toMatchObject({ stdout: 'no container named\n', exitCode: 0 })
})

create.must('run the command with all its arguments', { id: 'exec-create-cmd' }, async ({ stage, bystanders }) => {
  expect((await stage.run(bystanders.running, 'args', 'one', 'two words', '', '$HOME')).stdout).toBe('one\ntwo words\n\n$HOME\n')
})

for (const wanted of ['AttachStdout', 'AttachStderr'] as const) {
  create.must(`attach only what ${wanted} asks for`, { id: `exec-create-${wanted === 'AttachStdout' ? 'attach-stdout' : 'attach-stderr'}` }, async ({ api, stage, bystanders }) => {
    const exec = await stage.exec(bystanders.running, { Cmd: ['emit', 'out=to out\\n', 'err=to err\\n'], AttachStdout: false, AttachStderr: false, [wanted]: true })
    const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: false } })
    const { stdout, stderr } = demultiplex(await stream.allFrames())
    expect(stdout.toString()).toBe(wanted === 'AttachStdout' ? 'to out\n' : '')
    expect(stderr.toString()).toBe(wanted === 'AttachStderr' ? 'to err\n' : '')
  })
}

create.must('give the command a stdin for AttachStdin', { id: 'exec-create-attach-stdin' }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['count'], AttachStdin: true })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: false }, upgrade: true })
  await stream.write('12345')
  stream.halfClose()
  expect(demultiplex(await stream.allFrames()).stdout.toString()).toMatch(/^5 [0-9a-f]{16}\n$/)
})

create.must('give the command no stdin without AttachStdin', { id: 'exec-create-no-stdin' }, async ({ stage, bystanders }) => {
  expect((await stage.run(bystanders.running, 'count')).stdout).toMatch(/^0 [0-9a-f]{16}\n$/)
})

create.must('give the command a terminal for Tty', { id: 'exec-create-tty' }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['tty'], AttachStdin: true, Tty: true })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: true } })
  expect((await stream.readAll()).toString()).toMatch(/^stdin=tty stdout=tty stderr=tty rows=\d+ cols=\d+\r\n$/)
})

create.must('run the command as User, by name or number', { id: 'exec-create-user', since: '1.19' }, async ({ api, stage, bystanders }) => {
  const idsOf = async (User: string) => {
    const exec = await stage.exec(bystanders.running, { Cmd: ['id'], User })
    const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: false } })
    return demultiplex(await stream.allFrames()).stdout.toString()
  }
  expect(await idsOf('')).toMatch(/^uid=0 gid=0 /)
  expect(await idsOf('guest')).toMatch(/^uid=1000 gid=1000 /)
  expect(await idsOf('1234:4321')).toMatch(/^uid=1234 gid=4321 /)
})

create.must('give the command all capabilities for Privileged', { id: 'exec-create-privileged', since: '1.21', needs: ['linux', 'privileged'] }, async ({ api, stage, bystanders }) => {
  const capabilitiesOf = async (Privileged: boolean) => {
    const exec = await stage.exec(bystanders.running, { Cmd: ['status'], Privileged })
    const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: false } })
    const status = demultiplex(await stream.allFrames()).stdout.toString()
    const effective = /^CapEff:\s*([0-9a-f]+)$/m
    expect(status).toMatch(effective)
    return BigInt(`0x${effective.exec(status)?.[1] ?? '0'}`)
  }
  const ordinary = await capabilitiesOf(false)
  const privileged = await capabilitiesOf(true)
  const sysAdmin = 1n << 21n
  expect(ordinary & sysAdmin).toBe(0n)
  expect(privileged & sysAdmin).toBe(sysAdmin)
})

create.must('keep Privileged, and answer it in the configuration of the process', { id: 'exec-create-privileged-kept', since: '1.21', needs: ['linux'] }, async ({ api, stage, bystanders }) => {
  const privileged = await stage.exec(bystanders.running, { Cmd: ['status'], Privileged: true })
  const ordinary = await stage.exec(bystanders.running, { Cmd: ['status'] })
  expect((await api.get(`${privileged.path}/json`)).text).toMatch(/"privileged":true/i)
  expect((await api.get(`${ordinary.path}/json`)).text).not.toMatch(/"privileged":true/i)
})

create.must('set the environment of the command by Env', { id: 'exec-create-env', since: '1.25', source: 'change 1.25/21' }, async ({ api, stage }) => {
  const box = await stage.running({ Env: ['KEPT=1', 'SHADE=light'] })
  const exec = await stage.exec(box, { Cmd: ['env'], Env: ['SHADE=dark', 'NEW=2'] })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: false } })
  const lines = demultiplex(await stream.allFrames()).stdout.toString().split('\n')
  expect(lines).toEqual(expect.arrayContaining(['KEPT=1', 'SHADE=dark', 'NEW=2']))
  expect(lines).not.toContain('SHADE=light')
})

create.must('detach at the keys in DetachKeys, and leave the command running', { id: 'exec-create-detach-keys', since: '1.22' }, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['hold'], AttachStdin: true, Tty: true, DetachKeys: 'ctrl-e,z' })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: true }, upgrade: true })
  await stream.write('a\r')
  await stream.readUntil((soFar) => soFar.includes('a'))
  await detachBy('\x05z', stream)
  expect((await api.get(`${exec.path}/json`)).at('Running')).toBe(true)
})
