import type { CaseData } from '../../harness/case/index.ts'
import { expect, operation } from '../../harness/case/index.ts'

const create = operation('POST /containers/create')

/** Fields of the host configuration that a container shows again just as they were given. */
const kept: readonly { field: string; value: unknown; beside?: object; data: CaseData }[] = [
  { field: 'Binds', value: ['/etc:/host:ro'], data: { id: 'container-create-binds-kept' } },
  { field: 'PortBindings', value: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '18080' }] }, beside: { NetworkMode: 'bridge' }, data: { id: 'container-create-port-bindings-kept', needs: ['bridge-network'] } },
  { field: 'PublishAllPorts', value: true, data: { id: 'container-create-publish-all-ports-kept' } },
  { field: 'Dns', value: ['192.0.2.53'], data: { id: 'container-create-dns-kept' } },
  { field: 'DnsOptions', value: ['ndots:3'], data: { id: 'container-create-dns-options-kept', since: '1.21', source: 'change 1.21/09' } },
  { field: 'DnsSearch', value: ['plimsoll.test'], data: { id: 'container-create-dns-search-kept' } },
  { field: 'ExtraHosts', value: ['other:192.0.2.7'], data: { id: 'container-create-extra-hosts-kept' } },
  { field: 'CapAdd', value: ['NET_ADMIN'], data: { id: 'container-create-cap-add-kept' } },
  { field: 'CapDrop', value: ['MKNOD'], data: { id: 'container-create-cap-drop-kept' } },
  { field: 'GroupAdd', value: ['2000'], data: { id: 'container-create-group-add-kept', since: '1.20', source: 'change 1.20/04' } },
  { field: 'RestartPolicy', value: { Name: 'on-failure', MaximumRetryCount: 4 }, data: { id: 'container-create-restart-policy-kept' } },
  { field: 'NetworkMode', value: 'host', data: { id: 'container-create-network-mode-kept' } },
  { field: 'Devices', value: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/void', CgroupPermissions: 'rw' }], data: { id: 'container-create-devices-kept' } },
  { field: 'Ulimits', value: [{ Name: 'nofile', Soft: 512, Hard: 1024 }], data: { id: 'container-create-ulimits-kept', source: 'change 1.18/02' } },
  { field: 'LogConfig', value: { Type: 'json-file', Config: { 'max-file': '2' } }, data: { id: 'container-create-log-config-kept' } },
  { field: 'CgroupParent', value: '/plimsoll', data: { id: 'container-create-cgroup-parent-kept', source: 'change 1.18/06', needs: ['cgroupfs'] } },
  { field: 'ReadonlyRootfs', value: true, data: { id: 'container-create-readonly-rootfs-kept' } },
  { field: 'Privileged', value: true, data: { id: 'container-create-privileged-kept' } },
  { field: 'PidMode', value: 'host', data: { id: 'container-create-pid-mode-kept' } },
  { field: 'IpcMode', value: 'host', data: { id: 'container-create-ipc-mode-kept', since: '1.25' } },
  { field: 'UTSMode', value: 'host', data: { id: 'container-create-uts-mode-kept', since: '1.25' } },
  { field: 'VolumeDriver', value: 'local', data: { id: 'container-create-volume-driver-kept', since: '1.21', source: 'change 1.21/05' } },
  { field: 'ShmSize', value: 33_554_432, data: { id: 'container-create-shm-size-kept', since: '1.22' } },
  { field: 'Tmpfs', value: { '/scratch': 'size=1m' }, data: { id: 'container-create-tmpfs-kept', since: '1.22' } },
  { field: 'UsernsMode', value: 'host', data: { id: 'container-create-userns-mode-kept', since: '1.23', source: 'change 1.23/11' } },
  { field: 'Sysctls', value: { 'net.ipv4.ip_forward': '0' }, data: { id: 'container-create-sysctls-kept', since: '1.24', source: 'change 1.24/19' } },
  { field: 'SecurityOpt', value: ['seccomp=unconfined'], data: { id: 'container-create-security-opt-kept', since: '1.23', needs: ['seccomp'] } },
  { field: 'AutoRemove', value: true, data: { id: 'container-create-auto-remove-kept', since: '1.25', source: 'change 1.25/04' } },
  { field: 'Isolation', value: 'default', data: { id: 'container-create-isolation-kept', since: '1.25', needs: ['windows'] } },
  { field: 'ContainerIDFile', value: '/no/such/file', data: { id: 'container-create-container-id-file-kept', since: '1.25' } },
]

for (const { field, value, beside, data } of kept) {
  create.must(`keep HostConfig.${field}: inspecting shows it as it was given`, data, async ({ api, stage }) => {
    const box = await stage.container({ HostConfig: { ...beside, [field]: value } })
    expect((await api.get(`${box.path}/json`)).at('HostConfig', field)).toEqual(value)
  })
}

create.must('keep HostConfig.Links as container and alias', { id: 'container-create-links-kept', needs: ['bridge-network'] }, async ({ api, stage, bystanders }) => {
  const answer = await stage.create({ HostConfig: { NetworkMode: 'bridge', Links: [`${bystanders.running.name}:other`] } })
  expect(answer).toAnswer(201)
  const links = (await api.get(`/containers/${answer.textAt('Id')}/json`)).at('HostConfig', 'Links')
  expect(links).toEqual([expect.stringMatching(new RegExp(`^/?${bystanders.running.name}:.*other$`))])
})

create.must('keep HostConfig.VolumesFrom', { id: 'container-create-volumes-from-kept' }, async ({ api, stage, bystanders }) => {
  const box = await stage.container({ HostConfig: { VolumesFrom: [`${bystanders.running.name}:ro`] } })
  expect((await api.get(`${box.path}/json`)).at('HostConfig', 'VolumesFrom')).toEqual([`${bystanders.running.name}:ro`])
})

create.must('take HostConfig.LxcConf, which only the lxc driver heeds', { id: 'container-create-lxc-conf', removedIn: '1.22' }, async ({ stage }) => {
  expect((await stage.exited({ HostConfig: { LxcConf: [] } })).exitCode).toBe(0)
})

create.must('run a container with HostConfig.Runtime', { id: 'container-create-runtime', since: '1.25' }, async ({ api, stage }) => {
  const runtime: unknown = (await api.get('/info')).at('DefaultRuntime')
  const box = await stage.exited({ HostConfig: { Runtime: runtime } })
  expect((await api.get(`${box.path}/json`)).at('HostConfig', 'Runtime')).toBe(runtime)
})

create.must('refuse an unknown HostConfig.Runtime', {
  id: 'container-create-runtime-unknown', since: '1.25',
  reality: 'the page gives no status; Docker 1.13 answers 500, later ones 400',
}, async ({ stage }) => {
  expect(await stage.create({ HostConfig: { Runtime: 'no-such-runtime' } })).toAnswer(400, 500)
})

create.must('take what only Windows heeds: CpuCount, CpuPercent, ConsoleSize, Isolation', {
  id: 'container-create-windows-fields', since: '1.25', source: ['operation', 'change 1.25/34'], needs: ['linux'],
}, async ({ stage }) => {
  const hostConfig = { CpuCount: 1, CpuPercent: 50, IOMaximumIOps: 0, IOMaximumBandwidth: 0, ConsoleSize: [25, 80], DiskQuota: 0, Cgroup: '', Isolation: 'default' }
  expect((await stage.exited({ HostConfig: hostConfig })).exitCode).toBe(0)
})

create.must('take CpuPercent, IOMaximumBandwidth and IOMaximumIOps where they ask for nothing', {
  id: 'container-create-windows-limits', since: '1.24', source: ['operation', 'change 1.24/06'], needs: ['linux'],
  reality: 'the page has them for Windows only; Docker 1.13 and 20.10 on Linux refuse a limit of I/O that is not zero, and ignore CpuPercent',
}, async ({ stage }) => {
  expect((await stage.exited({ HostConfig: { CpuPercent: 50, IOMaximumBandwidth: 0, IOMaximumIOps: 0 } })).exitCode).toBe(0)
})

create.must('take IOMaximumBandwidth and IOMaximumIOps', { id: 'container-create-io-maximum', since: '1.24', source: 'change 1.24/06', needs: ['windows'] }, async ({ stage }) => {
  expect((await stage.exited({ HostConfig: { IOMaximumBandwidth: 1_000_000, IOMaximumIOps: 100 } })).exitCode).toBe(0)
})

create.must('refuse StorageOpt where the storage driver has no such option, or heed it', {
  id: 'container-create-storage-opt-unsupported', since: '1.24', source: 'change 1.24/01',
  reality: 'the change gives no status for drivers without the option; Docker 1.12 to 20.10 answer 500',
}, async ({ stage }) => {
  expect(await stage.create({ HostConfig: { StorageOpt: { 'no-such-option': '1' } } })).toAnswer(400, 500)
})
