import type { CaseData } from '../../harness/case/index.ts'
import { expect, operation } from '../../harness/case/index.ts'

const create = operation('POST /containers/create')

/** Fields of the configuration that a container shows again just as they were given. */
const kept: readonly { field: string; value: unknown; data: CaseData }[] = [
  { field: 'Hostname', value: 'plimsoll-host', data: { id: 'container-create-hostname-kept' } },
  { field: 'Domainname', value: 'plimsoll.test', data: { id: 'container-create-domainname-kept', removedIn: '1.23' } },
  { field: 'User', value: '1000:1000', data: { id: 'container-create-user-kept' } },
  { field: 'AttachStdin', value: true, data: { id: 'container-create-attach-stdin-kept' } },
  { field: 'AttachStdout', value: true, data: { id: 'container-create-attach-stdout-kept' } },
  { field: 'AttachStderr', value: true, data: { id: 'container-create-attach-stderr-kept' } },
  { field: 'Tty', value: true, data: { id: 'container-create-tty-kept' } },
  { field: 'OpenStdin', value: true, data: { id: 'container-create-open-stdin-kept' } },
  { field: 'StdinOnce', value: true, data: { id: 'container-create-stdin-once-kept' } },
  { field: 'Cmd', value: ['print', 'a b'], data: { id: 'container-create-cmd-kept' } },
  { field: 'Entrypoint', value: ['print', '-'], data: { id: 'container-create-entrypoint-kept' } },
  { field: 'WorkingDir', value: '/data', data: { id: 'container-create-working-dir-kept' } },
  { field: 'ExposedPorts', value: { '8080/tcp': {}, '53/udp': {} }, data: { id: 'container-create-exposed-ports-kept' } },
  { field: 'Volumes', value: { '/volume': {} }, data: { id: 'container-create-volumes-kept' } },
  { field: 'NetworkDisabled', value: true, data: { id: 'container-create-network-disabled-kept' } },
  { field: 'StopSignal', value: 'SIGUSR1', data: { id: 'container-create-stop-signal-kept', since: '1.21', source: 'change 1.21/07' } },
  { field: 'StopTimeout', value: 7, data: { id: 'container-create-stop-timeout-kept', since: '1.25', source: 'change 1.25/17' } },
  { field: 'ArgsEscaped', value: true, data: { id: 'container-create-args-escaped-kept', since: '1.25' } },
  { field: 'OnBuild', value: ['RUN exit 0'], data: { id: 'container-create-on-build-kept', since: '1.25' } },
  { field: 'Shell', value: ['/bin/sh', '-c'], data: { id: 'container-create-shell-kept', since: '1.25' } },
  {
    field: 'Healthcheck',
    value: { Test: ['CMD', 'health', '/data/hello'], Interval: 30_000_000_000, Timeout: 5_000_000_000, Retries: 3 },
    data: { id: 'container-create-healthcheck-kept', since: '1.25' },
  },
]

for (const { field, value, data } of kept) {
  create.must(`keep ${field}: inspecting shows it as it was given`, data, async ({ api, stage }) => {
    const box = await stage.container({ [field]: value })
    expect((await api.get(`${box.path}/json`)).at('Config', field)).toEqual(value)
  })
}

create.must('keep Env beside the variables of the image', { id: 'container-create-env-kept' }, async ({ api, stage }) => {
  const box = await stage.container({ Env: ['FLAVOUR=salt', 'EMPTY='] })
  expect((await api.get(`${box.path}/json`)).at('Config', 'Env')).toEqual(expect.arrayContaining(['FLAVOUR=salt', 'EMPTY=', 'PATH=/bin']))
})

create.must('keep Labels beside those of the image', { id: 'container-create-labels-kept' }, async ({ api, stage }) => {
  const box = await stage.container({ Labels: { 'org.example.flavour': 'salt', 'org.example.empty': '' } })
  expect((await api.get(`${box.path}/json`)).at('Config', 'Labels')).toMatchObject({ 'org.example.flavour': 'salt', 'org.example.empty': '', 'plimsoll.guest': 'true' })
})

create.must('keep the name of the image that it was given', { id: 'container-create-image-kept' }, async ({ api, stage, guest }) => {
  const box = await stage.container()
  expect((await api.get(`${box.path}/json`)).at('Config', 'Image')).toBe(guest.image)
})

create.must('ignore AutoRemove: the container stays when its process has exited', { id: 'container-create-auto-remove-ignored', removedIn: '1.25', source: 'change 1.25/04' }, async ({ api, stage }) => {
  const box = await stage.exited({ HostConfig: { AutoRemove: true } })
  // A removal would still be under way: what is about to go says so, or can't be started again.
  expect((await api.get(`${box.path}/json`)).at('HostConfig', 'AutoRemove')).not.toBe(true)
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(false)
})

create.must('keep MacAddress: inspecting shows it in Config', { id: 'container-create-mac-address-kept', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const box = await stage.container({ MacAddress: '02:42:ac:11:ca:ff', HostConfig: { NetworkMode: 'bridge' } })
  expect((await api.get(`${box.path}/json`)).at('Config', 'MacAddress')).toBe('02:42:ac:11:ca:ff')
})

create.must('take MacAddress for the interface of the container', { id: 'container-create-mac-address', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const box = await stage.running({ MacAddress: '02:42:ac:11:ca:fe', HostConfig: { NetworkMode: 'bridge' } })
  expect((await api.get(`${box.path}/json`)).at('NetworkSettings', 'MacAddress')).toBe('02:42:ac:11:ca:fe')
})

create.must('give a container no network with NetworkDisabled', { id: 'container-create-network-disabled' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['interfaces'], NetworkDisabled: true })
  expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('lo '))).toEqual([])
})

create.must('take ArgsEscaped, which only Windows heeds', { id: 'container-create-args-escaped', since: '1.25' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['print', 'a b'], ArgsEscaped: true })).stdout).toBe('a b\n')
})
