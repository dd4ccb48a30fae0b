import { expect, operation, until } from '../../harness/case/index.ts'
import { decodeFrames, demultiplex } from '../../harness/wire/frames.ts'
import { actionOf, eventsDuring } from '../system/watched.ts'
import { printedJson, runningTask, stagedServices } from './services.ts'

const create = operation('POST /services/create')

/** The line of /proc/self/mountinfo for a mount point: `… <mount point> <options> …`. */
function mountAt(mountinfo: string, path: string): string {
  return mountinfo.split('\n').find((line) => line.split(' ')[4] === path) ?? ''
}

create.must('run Command with Args, Env, Dir and User in containers that have Labels', { id: 'service-create-process', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const container = { Command: ['hold'], Args: ['0', 'begun'], Env: ['FLAVOUR=salt'], Dir: '/data/sub', User: '1000:2000', Labels: { flavour: 'salt' } }
  const box = await runningTask(api, await services.service({ container }))
  const inspected = await api.get(`${box.path}/json`)
  expect([inspected.at('Path'), inspected.at('Args')]).toEqual(['hold', ['0', 'begun']])
  expect(inspected.at('Config', 'Labels')).toMatchObject({ flavour: 'salt' })
  await until(async () => {
    const { body } = await api.get(`${box.path}/logs`, { query: { stdout: 1 } })
    expect(demultiplex(decodeFrames(body)).stdout.toString()).toBe('begun\n')
  })
  const { stdout } = await stage.run(box, 'sh', '-c', 'pwd; env; id')
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['/data/sub', 'FLAVOUR=salt', expect.stringMatching(/^uid=1000 gid=2000 /)]))
})

create.must('run Args alone as the command of the image', { id: 'service-create-args', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const box = await runningTask(api, await services.service({ container: { Args: ['hold', '7'] } }))
  const inspected = await api.get(`${box.path}/json`)
  expect([inspected.at('Path'), inspected.at('Args')]).toEqual(['hold', ['7']])
})

create.must('give the containers a terminal with TTY, and DNSConfig', { id: 'service-create-tty-dns', since: '1.25', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const plain = await services.service()
  const DNSConfig = { Nameservers: ['192.0.2.1'], Search: ['plimsoll.test'], Options: ['timeout:3'] }
  const service = await services.service({ container: { TTY: true, DNSConfig } })
  const box = await runningTask(api, service)
  const inspected = await api.get(`${box.path}/json`)
  expect(inspected.at('Config', 'Tty')).toBe(true)
  expect((await api.get(`${(await runningTask(api, plain)).path}/json`)).at('Config', 'Tty')).toBe(false)
  expect(inspected.at('HostConfig', 'Dns')).toEqual(['192.0.2.1'])
  const { stdout } = await stage.run(box, 'cat', '/etc/resolv.conf')
  expect(stdout).toMatch(/^search plimsoll\.test$/m)
  expect(stdout).toMatch(/^options (.* )?timeout:3( |$)/m)
})

create.must('mount the volumes of Mounts, with their Labels, driver and options, filled unless NoCopy', { id: 'service-create-volumes', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const [filled, bare] = [stage.name('filled'), stage.name('bare')]
  for (const name of [filled, bare]) stage.adopt('volume', name)
  const Mounts = [
    { Type: 'volume', Source: filled, Target: '/data', VolumeOptions: { Labels: { ...stage.labels, flavour: 'salt' } } },
    {
      Type: 'volume', Source: bare, Target: '/data/sub',
      VolumeOptions: { NoCopy: true, Labels: { ...stage.labels }, DriverConfig: { Name: 'local', Options: { type: 'tmpfs', device: 'tmpfs', o: 'size=64k' } } },
    },
  ]
  const box = await runningTask(api, await services.service({ container: { Mounts } }))
  const { stdout } = await stage.run(box, 'sh', '-c', 'cat /data/hello; ls /data/sub; mounts')
  expect(stdout).toMatch(/^hello\n/)
  expect(stdout).not.toMatch(/^deep$/m)
  expect(mountAt(stdout, '/data/sub')).toMatch(/ - tmpfs tmpfs (.*,)?size=64k(,|$)/)
  expect((await api.get(`/volumes/${filled}`)).at('Labels', 'flavour')).toBe('salt')
  expect((await api.get(`/volumes/${bare}`)).at('Driver')).toBe('local')
})

create.must('mount the folders of the host of Mounts, with ReadOnly and Propagation', { id: 'service-create-binds', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const Mounts = [
    { Type: 'bind', Source: '/etc', Target: '/kept', ReadOnly: true, BindOptions: { Propagation: 'private' } },
    { Type: 'bind', Source: '/etc', Target: '/open' },
  ]
  const box = await runningTask(api, await services.service({ container: { Mounts } }))
  const { stdout } = await stage.run(box, 'mounts')
  expect(mountAt(stdout, '/kept')).toMatch(/ \/kept ro/)
  expect(mountAt(stdout, '/open')).toMatch(/ \/open rw/)
  const inspected = (await api.get(`${box.path}/json`)).list('Mounts').find((mount) => mount.at('Destination') === '/kept')
  expect(inspected?.at('Propagation')).toBe('private')
})

create.must('mount a tmpfs of the size and mode of TmpfsOptions', { id: 'service-create-tmpfs', since: '1.25', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const Mounts = [{ Type: 'tmpfs', Target: '/scratch', TmpfsOptions: { SizeBytes: 1_048_576, Mode: 0o700 } }]
  const box = await runningTask(api, await services.service({ container: { Mounts } }))
  expect(mountAt((await stage.run(box, 'mounts')).stdout, '/scratch')).toMatch(/ - tmpfs tmpfs (.*,)?size=1024k(,|$)/)
  expect(printedJson((await stage.run(box, 'stat', '/scratch')).stdout).at('mode')).toBe('0700')
})

create.must('limit the containers to the memory and processor time of Resources.Limits', {
  id: 'service-create-limits', inSwarm: true, needs: ['memory-limit', 'cpu-quota', 'cgroup-v1'],
}, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const box = await runningTask(api, await services.service({ task: { Resources: { Limits: { MemoryBytes: 67_108_864, NanoCPUs: 500_000_000 } } } }))
  const { stdout } = await stage.run(box, 'cat', ...['memory/memory.limit_in_bytes', 'cpu/cpu.cfs_quota_us', 'cpu/cpu.cfs_period_us'].map((file) => `/sys/fs/cgroup/${file}`))
  const [memory, quota, period] = stdout.split('\n').map(Number)
  expect(memory).toBe(67_108_864)
  expect((quota ?? 0) / (period ?? 1)).toBe(0.5)
})

create.must('give the containers the driver and options of LogDriver', { id: 'service-create-log-driver', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const LogDriver = { Name: 'json-file', Options: { 'max-file': '3', 'max-size': '10m' } }
  const kept = await services.service({ task: { LogDriver } })
  const none = await services.service({ task: { LogDriver: { Name: 'none' } } })
  const configOf = async (service: typeof kept) => (await api.get(`${(await runningTask(api, service)).path}/json`)).at('HostConfig', 'LogConfig')
  expect(await configOf(kept)).toEqual({ Type: 'json-file', Config: LogDriver.Options })
  expect(await configOf(none)).toMatchObject({ Type: 'none' })
})

create.must('wait as long as StopGracePeriod before a container that does not end is killed', { id: 'service-create-stop-grace-period', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  // Daemons count in whole seconds.
  const graceMs = 2_000
  const service = await services.service({ container: { Command: ['stubborn'], StopGracePeriod: graceMs * 1_000_000 } })
  const box = await runningTask(api, service)
  const filters = { container: [box.id], event: ['kill', 'die'] }
  const events = await eventsDuring(fixtures, { filters }, async () => expect(await api.delete(service.path)).toAnswer(200), 'die')
  const kills = events.filter((event) => actionOf(event) === 'kill')
  expect(kills.map((event) => event.at('Actor', 'Attributes', 'signal'))).toEqual(['15', '9'])
  const [asked = NaN, killed = NaN] = kills.map((event) => event.numberAt('timeNano') / 1_000_000)
  expect(killed - asked, 'milliseconds between SIGTERM and SIGKILL').toBeGreaterThanOrEqual(graceMs - 100)
  // Ten seconds are what daemons wait where no period is given.
  expect(killed - asked, 'milliseconds between SIGTERM and SIGKILL').toBeLessThan(9_000)
})
