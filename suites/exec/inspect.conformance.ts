import { expect, operation, until } from '../../harness/case/index.ts'

const inspect = operation('GET /exec/{id}/json')

inspect.must('show an instance that has not started: its command, streams and container', { id: 'exec-inspect-created' }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['print', 'one', 'two'], AttachStderr: false })
  const answer = await api.get(`${exec.path}/json`)
  expect(answer).toAnswer(200)
  expect(answer.at()).toMatchObject({ ID: exec.id, Running: false, OpenStdout: true, OpenStderr: false, OpenStdin: false, ProcessConfig: { entrypoint: 'print', arguments: ['one', 'two'], tty: false } })
  // Up to 1.20 the whole container is inside, later its id.
  const container = answer.at('ContainerID') ?? answer.at('Container', 'ID') ?? answer.at('Container', 'Id')
  expect(container).toBe(bystanders.running.id)
})

inspect.must('show an instance while it runs, and how it ended', { id: 'exec-inspect-states' }, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['emit', 'line', 'exit=7'], AttachStdin: true })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: false }, upgrade: true })
  await until(async () => expect((await api.get(`${exec.path}/json`)).at('Running')).toBe(true))
  await stream.write('go on\n')
  await stream.readAll()
  await until(async () => expect((await api.get(`${exec.path}/json`)).at()).toMatchObject({ Running: false, ExitCode: 7 }))
})

inspect.must('show whether an instance can be removed', { id: 'exec-inspect-can-remove', since: '1.22', removedIn: '1.25' }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['print', 'x'] })
  expect((await api.get(`${exec.path}/json`)).at('CanRemove')).toBe(false)
})

inspect.must('show the DetachKeys that it was created with', { id: 'exec-inspect-detach-keys', since: '1.22', removedIn: '1.25' }, async ({ api, stage, bystanders }) => {
  const keysOf = async (exec: { readonly path: string }) => (await api.get(`${exec.path}/json`)).textAt('DetachKeys')
  expect(await keysOf(await stage.exec(bystanders.running, { Cmd: ['print', 'x'] }))).toBe('')
  expect(await keysOf(await stage.exec(bystanders.running, { Cmd: ['print', 'x'], DetachKeys: 'ctrl-e,z' }))).not.toBe('')
})

inspect.must('show the user that the process has', { id: 'exec-inspect-user' }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['print', 'x'], User: '1000:2000' })
  expect((await api.get(`${exec.path}/json`)).at('ProcessConfig', 'user')).toBe('1000:2000')
})

inspect.must('answer the Pid of the process', { id: 'exec-inspect-pid', since: '1.25', source: 'change 1.25/23' }, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['hold'] })
  expect(await api.post(`${exec.path}/start`, { body: { Detach: true, Tty: false } })).toAnswer(200)
  const pid = (await api.get(`${exec.path}/json`)).numberAt('Pid')
  const { stdout } = await stage.output({ Cmd: ['ps'], HostConfig: { PidMode: 'host' } })
  expect(stdout.split('\n')).toContainEqual(expect.stringMatching(new RegExp(`^${pid} \\d+ hold$`)))
})

inspect.must('answer 404 where there is no such instance', { id: 'exec-inspect-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/exec/${stage.name()}/json`)).toAnswer(404)
})
