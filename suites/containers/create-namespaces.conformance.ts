import { expect, operation } from '../../harness/case/index.ts'

const create = operation('POST /containers/create')

create.must('give a container its own process ids', { id: 'container-create-pid-own' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['ps'] })).stdout).toBe('1 0 ps\n')
})

create.must('show the processes of the host with PidMode host', { id: 'container-create-pid-host' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['ps'], HostConfig: { PidMode: 'host' } })
  expect(stdout.split('\n').length).toBeGreaterThan(3)
})

create.must('join the process ids of another container with PidMode container:<name>', { id: 'container-create-pid-container', since: '1.24', source: 'change 1.24/22' }, async ({ stage, bystanders }) => {
  const { stdout } = await stage.output({ Cmd: ['ps'], HostConfig: { PidMode: `container:${bystanders.running.name}` } })
  expect(stdout).toMatch(/^1 0 hold$/m)
})

create.must('share the host’s name with UTSMode host', { id: 'container-create-uts-host', since: '1.25' }, async ({ api, stage }) => {
  const name: unknown = (await api.get('/info')).at('Name')
  expect((await stage.output({ Cmd: ['hostname'], HostConfig: { UTSMode: 'host' } })).stdout).toBe(`${String(name)}\n`)
})

create.must('join the memory segments of another container with IpcMode container:<id>', { id: 'container-create-ipc-container', since: '1.25' }, async ({ stage }) => {
  const owner = await stage.running({ HostConfig: { IpcMode: 'shareable' } })
  expect((await stage.run(owner, 'write', '/dev/shm/left', 'here')).exitCode).toBe(0)
  expect((await stage.output({ Cmd: ['cat', '/dev/shm/left'], HostConfig: { IpcMode: `container:${owner.id}` } })).stdout).toBe('here')
})
