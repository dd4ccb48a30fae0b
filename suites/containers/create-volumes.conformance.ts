import { expect, operation } from '../../harness/case/index.ts'

const create = operation('POST /containers/create')

/** The line of /proc/self/mountinfo for a mount point: `… <mount point> <options> …`. */
function mountAt(mountinfo: string, path: string): string {
  return mountinfo.split('\n').find((line) => line.split(' ')[4] === path) ?? ''
}

create.must('mount a folder of the host by Binds', { id: 'container-create-binds-mounted' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['mounts'], HostConfig: { Binds: ['/etc:/host'] } })
  expect(mountAt(stdout, '/host')).toMatch(/ \/host rw/)
})

create.must('mount a folder of the host read-only by Binds with ro', { id: 'container-create-binds-read-only' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['mounts'], HostConfig: { Binds: ['/etc:/host:ro'] } })
  expect(mountAt(stdout, '/host')).toMatch(/ \/host ro/)
})

create.must('mount a volume by its name in Binds, and keep what is written to it', { id: 'container-create-binds-volume', since: '1.21' }, async ({ stage }) => {
  const volume = await stage.volume()
  expect((await stage.output({ Cmd: ['write', '/kept/note', 'left'], HostConfig: { Binds: [`${volume.name}:/kept`] } })).exitCode).toBe(0)
  expect((await stage.output({ Cmd: ['cat', '/kept/note'], HostConfig: { Binds: [`${volume.name}:/kept`] } })).stdout).toBe('left')
})

create.must('copy what the image has at the mount point into an empty volume', { id: 'container-create-volume-copied', since: '1.21' }, async ({ stage }) => {
  const volume = await stage.volume()
  expect((await stage.output({ Cmd: ['cat', '/data/hello'], HostConfig: { Binds: [`${volume.name}:/data`] } })).stdout).toBe('hello\n')
})

create.must('leave an empty volume empty with nocopy', { id: 'container-create-volume-nocopy', since: '1.23', source: 'change 1.23/12' }, async ({ stage }) => {
  const volume = await stage.volume()
  expect((await stage.output({ Cmd: ['ls', '/data'], HostConfig: { Binds: [`${volume.name}:/data:nocopy`] } })).stdout).toBe('')
})

create.must('make a volume for each path of Volumes', { id: 'container-create-volumes-mounted' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['mounts'], Volumes: { '/volume': {} } })
  expect(mountAt(stdout, '/volume')).not.toBe('')
})

create.must('list the volumes of a container among its Mounts', { id: 'container-create-volumes-listed', since: '1.20' }, async ({ api, stage }) => {
  const box = await stage.container({ Volumes: { '/volume': {} } })
  expect((await api.get(`${box.path}/json`)).at('Mounts')).toEqual([expect.objectContaining({ Destination: '/volume', RW: true })])
})

create.must('mount the volumes of another container by VolumesFrom', { id: 'container-create-volumes-from-mounted' }, async ({ stage }) => {
  const owner = await stage.exited({ Cmd: ['write', '/volume/note', 'left'], Volumes: { '/volume': {} } })
  expect((await stage.output({ Cmd: ['cat', '/volume/note'], HostConfig: { VolumesFrom: [owner.name] } })).stdout).toBe('left')
})

create.must('mount the volumes of another container read-only by VolumesFrom with ro', { id: 'container-create-volumes-from-read-only' }, async ({ stage }) => {
  const owner = await stage.container({ Volumes: { '/volume': {} } })
  const { stdout } = await stage.output({ Cmd: ['mounts'], HostConfig: { VolumesFrom: [`${owner.name}:ro`] } })
  expect(mountAt(stdout, '/volume')).toMatch(/ \/volume ro/)
})

create.must('mount a tmpfs with the options of Tmpfs', { id: 'container-create-tmpfs-mounted', since: '1.22' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['mounts'], HostConfig: { Tmpfs: { '/scratch': 'size=1m,noexec' } } })
  expect(mountAt(stdout, '/scratch')).toMatch(/noexec.* - tmpfs .*size=1024k/)
})

create.must('take the volume driver from HostConfig.VolumeDriver', { id: 'container-create-volume-driver-used', since: '1.21', source: 'change 1.21/05' }, async ({ api, stage }) => {
  const box = await stage.container({ Volumes: { '/volume': {} }, HostConfig: { VolumeDriver: 'local' } })
  expect((await api.get(`${box.path}/json`)).at('Mounts', 0, 'Driver')).toBe('local')
})

const mounts = { since: '1.25', source: 'change 1.25/11' } as const

create.must('mount a folder of the host by Mounts of type bind', { id: 'container-create-mounts-bind', ...mounts }, async ({ api, stage }) => {
  const mount = { Type: 'bind', Source: '/etc', Target: '/host', ReadOnly: true, BindOptions: { Propagation: 'rprivate' } }
  const { box, stdout } = await stage.output({ Cmd: ['mounts'], HostConfig: { Mounts: [mount] } })
  expect(mountAt(stdout, '/host')).toMatch(/ \/host ro/)
  expect((await api.get(`${box.path}/json`)).at('Mounts', 0)).toMatchObject({ Type: 'bind', Source: '/etc', Destination: '/host', RW: false, Propagation: 'rprivate' })
})

create.must('refuse a bind of Mounts whose source does not exist', {
  id: 'container-create-mounts-bind-missing', ...mounts,
  reality: 'the change gives no status; Docker 1.13 answers 500, later ones 400',
}, async ({ stage }) => {
  expect(await stage.create({ HostConfig: { Mounts: [{ Type: 'bind', Source: `/${stage.name('no-folder')}`, Target: '/host' }] } })).toAnswer(400, 500)
})

create.must('make the volume of Mounts with its labels and driver', { id: 'container-create-mounts-volume', ...mounts }, async ({ api, stage }) => {
  const name = stage.name('vol')
  stage.adopt('volume', name)
  const mount = { Type: 'volume', Source: name, Target: '/kept', VolumeOptions: { Labels: { ...stage.labels, flavour: 'salt' }, DriverConfig: { Name: 'local', Options: {} } } }
  expect(await api.get(`/volumes/${name}`)).toAnswer(404)
  const box = await stage.container({ HostConfig: { Mounts: [mount] } })
  expect((await api.get(`${box.path}/json`)).at('Mounts', 0)).toMatchObject({ Type: 'volume', Name: name, Destination: '/kept', Driver: 'local', RW: true })
  expect((await api.get(`/volumes/${name}`)).at('Labels', 'flavour')).toBe('salt')
})

create.must('leave the volume of Mounts empty with NoCopy', { id: 'container-create-mounts-nocopy', ...mounts }, async ({ stage }) => {
  const volume = await stage.volume()
  const mount = { Type: 'volume', Source: volume.name, Target: '/data', VolumeOptions: { NoCopy: true } }
  expect((await stage.output({ Cmd: ['ls', '/data'], HostConfig: { Mounts: [mount] } })).stdout).toBe('')
})

create.must('mount a tmpfs with the size and mode of Mounts', { id: 'container-create-mounts-tmpfs', ...mounts }, async ({ stage }) => {
  const mount = { Type: 'tmpfs', Target: '/scratch', TmpfsOptions: { SizeBytes: 1_048_576, Mode: 0o700 } }
  const { stdout } = await stage.output({ Cmd: ['mounts'], HostConfig: { Mounts: [mount] } })
  expect(mountAt(stdout, '/scratch')).toMatch(/ - tmpfs .*size=1024k.*mode=700/)
})

create.must('keep Mounts with all their options: inspecting shows them as they were given', { id: 'container-create-mounts-kept', ...mounts }, async ({ api, stage }) => {
  const name = stage.name('vol')
  stage.adopt('volume', name)
  const kept = [
    { Type: 'bind', Source: '/etc', Target: '/host', ReadOnly: true, BindOptions: { Propagation: 'rprivate' } },
    { Type: 'volume', Source: name, Target: '/kept', VolumeOptions: { NoCopy: true, Labels: { ...stage.labels }, DriverConfig: { Name: 'local', Options: { type: 'tmpfs', device: 'tmpfs' } } } },
    { Type: 'tmpfs', Target: '/scratch', TmpfsOptions: { SizeBytes: 1_048_576, Mode: 0o700 } },
  ]
  const answer = await stage.create({ HostConfig: { Mounts: kept } })
  expect(answer).toAnswer(201)
  expect((await api.get(`/containers/${answer.textAt('Id')}/json`)).at('HostConfig', 'Mounts')).toMatchObject(kept)
})

create.must('combine Mounts with Binds, Volumes and Tmpfs', { id: 'container-create-mounts-combined', ...mounts }, async ({ stage }) => {
  const { stdout } = await stage.output({
    Cmd: ['mounts'],
    Volumes: { '/of-volumes': {} },
    HostConfig: { Mounts: [{ Type: 'tmpfs', Target: '/of-mounts' }], Binds: ['/etc:/of-binds:ro'], Tmpfs: { '/of-tmpfs': '' } },
  })
  for (const path of ['/of-mounts', '/of-binds', '/of-volumes', '/of-tmpfs']) expect(mountAt(stdout, path)).not.toBe('')
})

create.must('refuse two mounts at one place', {
  id: 'container-create-mounts-duplicate', ...mounts,
  reality: 'the change gives no status; Docker 1.13 answers 500, later ones 400',
}, async ({ stage }) => {
  const hostConfig = { Mounts: [{ Type: 'tmpfs', Target: '/twice' }], Binds: ['/etc:/twice:ro'] }
  expect(await stage.create({ HostConfig: hostConfig })).toAnswer(400, 500)
})
