import { expect, operation } from '../../harness/case/index.ts'
import { stateOf, writtenBy } from './lifecycle.ts'

const start = operation('POST /containers/{id}/start')

start.must('start a created container and answer 204 without a body', { id: 'container-start-created' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['hold'] })
  expect(await stateOf(api, box)).toMatchObject({ Running: false, Pid: 0 })
  const answer = await api.post(`${box.path}/start`)
  expect(answer).toAnswer(204)
  expect(answer.body.byteLength).toBe(0)
  expect(await stateOf(api, box)).toMatchObject({ Running: true, Pid: expect.any(Number) })
})

start.must('answer 304 without a body for a container that is started already', { id: 'container-start-running' }, async ({ api, stage }) => {
  const box = await stage.running()
  const answer = await api.post(`${box.path}/start`)
  expect(answer).toAnswer(304)
  expect(answer.body.byteLength).toBe(0)
})

start.must('start a container again that has exited', { id: 'container-start-exited' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['exit', '4'] })
  const before = await stateOf(api, box)
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expect((await stateOf(api, box)).StartedAt).not.toBe(before.StartedAt)
})

start.must('answer 404 where there is no such container', { id: 'container-start-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/start`)).toAnswer(404)
})

start.must('take a container by its name', { id: 'container-start-by-name' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['exit', '0'] })
  expect(await api.post(`/containers/${box.name}/start`)).toAnswer(204)
})

start.must('refuse a container whose command does not exist', {
  id: 'container-start-command-unknown',
  reality: 'the page documents 500 for server errors only; Docker 1.6 to 1.9 answer 500, later ones 404 or 400',
}, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['/no/such/program'] })
  expect(await api.post(`${box.path}/start`)).toAnswer(400, 404, 500)
  expect(await stateOf(api, box)).toMatchObject({ Running: false })
})

start.must('take the host configuration of its body', { id: 'container-start-host-config', removedIn: '1.24', source: ['change 1.24/14', 'change 1.18/02'] }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['limits'] })
  const body = { NetworkMode: 'none', Ulimits: [{ Name: 'nofile', Soft: 512, Hard: 1024 }] }
  expect(await api.post(`${box.path}/start`, { body })).toAnswer(204)
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  expect(await writtenBy(api, box)).toMatch(/Max open files\s+512\s+1024\s/)
})

start.must('no longer take a host configuration', {
  id: 'container-start-host-config-refused', since: '1.24', source: 'change 1.24/14',
  reality: 'the change gives no status; Docker 1.12 to 20.10 answer 400',
}, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['limits'] })
  expect(await api.post(`${box.path}/start`, { body: { Ulimits: [{ Name: 'nofile', Soft: 512, Hard: 1024 }] } })).toAnswer(400)
})

start.must('set the kernel parameters that the container was created with', { id: 'container-start-sysctls', since: '1.24', source: 'change 1.24/19' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['sysctl', 'kernel.msgmax'], HostConfig: { Sysctls: { 'kernel.msgmax': '9000' } } })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  expect(await writtenBy(api, box)).toContain('9000\n')
})

start.must('take detachKeys', { id: 'container-start-detach-keys', since: '1.22' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['hold'] })
  expect(await api.post(`${box.path}/start`, { query: { detachKeys: 'ctrl-x,x' } })).toAnswer(204)
  expect(await stateOf(api, box)).toMatchObject({ Running: true })
})
