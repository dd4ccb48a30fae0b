import { expect, operation } from '../../harness/case/index.ts'
import { contentAt, entriesAt, exists, get, head, made, plainName, put, statOf } from './archive.ts'
import { goMode } from './go-mode.ts'

const stat = operation('HEAD /containers/{id}/archive')
const download = operation('GET /containers/{id}/archive')
const upload = operation('PUT /containers/{id}/archive')

// Volumes that a container declares itself have no name of their own and exist at every version that has the operations.
const anonymous = { Volumes: { '/volume': {} } }

stat.must('tell of what lies on a volume', { id: 'archive-stat-volume' }, async ({ api, stage }) => {
  const { box } = await made(stage, "mkdir /volume/folder; write /volume/folder/file 'on it'; chmod 4711 /volume/folder/file", [], anonymous)
  expect(statOf(await head(api, box, '/volume/folder/file'))).toMatchObject({ name: 'file', size: 5, mode: goMode('file', 0o4711) })
  expect(statOf(await head(api, box, '/volume'))).toMatchObject({ name: 'volume', mode: goMode('directory', 0o755) })
})

download.must('answer what lies on a volume, by itself and within the folder that it is mounted in', { id: 'archive-get-volume' }, async ({ api, stage }) => {
  const { box } = await made(stage, "write /volume/file 'on it'; symlink /volume/file /made/link", [], anonymous)
  expect(await contentAt(api, box, '/volume/file')).toBe('on it')
  const around = await entriesAt(api, box, '/volume')
  expect(around.map(({ name }) => plainName(name))).toEqual(['volume', 'volume/file'])
  const whole = await entriesAt(api, box, '/')
  expect(whole.find(({ name }) => plainName(name) === 'volume/file')?.content.toString()).toBe('on it')
})

download.must('answer what another container wrote to a shared volume, also from one that never ran', { id: 'archive-get-volume-shared' }, async ({ api, stage }) => {
  const { box: writer } = await made(stage, "write /volume/file 'by the other'", [], anonymous)
  const box = await stage.container({ HostConfig: { VolumesFrom: [writer.id] } })
  expect(await contentAt(api, box, '/volume/file')).toBe('by the other')
})

upload.must('unpack into a volume, where another container finds it', { id: 'archive-put-volume' }, async ({ api, stage }) => {
  const box = await stage.container(anonymous)
  expect(await put(api, box, '/volume', [{ name: 'folder/', type: 'directory' }, { name: 'folder/file', content: 'to the volume' }])).toAnswer(200)
  const { stdout } = await stage.output({ Cmd: ['cat', '/volume/folder/file'], HostConfig: { VolumesFrom: [box.id] } })
  expect(stdout).toBe('to the volume')
})

upload.must('unpack into a volume of a container whose root file system is read-only', { id: 'archive-put-volume-of-read-only' }, async ({ api, stage }) => {
  const box = await stage.container({ ...anonymous, HostConfig: { ReadonlyRootfs: true } })
  expect(await put(api, box, '/volume', [{ name: 'file', content: 'let in' }])).toAnswer(200)
  expect(await contentAt(api, box, '/volume/file')).toBe('let in')
})

upload.must('refuse to write into a read-only volume also by a link that leads there', {
  id: 'archive-put-read-only-volume-link', since: '1.21', needs: ['local-volumes'],
  reality: 'the page documents 403; Docker 20.10 answers 500 with "mounted volume is marked read-only"',
}, async ({ api, stage }) => {
  const volume = await stage.volume()
  const box = await stage.container({ HostConfig: { Binds: [`${volume.name}:/kept:ro`] } })
  expect(await put(api, box, '/tmp', [{ name: 'link', type: 'symlink', linkname: '/kept' }])).toAnswer(200)
  const refusal = await put(api, box, '/tmp/link', [{ name: 'file', content: 'x' }])
  expect(refusal).toAnswer(403, 500)
  expect(refusal.text).toContain('read-only')
  expect(await exists(api, box, '/kept/file')).toBe(false)
})

download.must('answer what lies on a folder of the host that is bound into the container', {
  id: 'archive-get-bind', since: '1.21', needs: ['local-volumes'],
}, async ({ api, stage }) => {
  const volume = await stage.volume()
  const mountpoint: unknown = (await api.get(`/volumes/${volume.name}`)).at('Mountpoint')
  expect(mountpoint).toEqual(expect.stringMatching(/^\//))
  const { box } = await made(stage, "write /bound/file 'of the host'", [], { HostConfig: { Binds: [`${String(mountpoint)}:/bound`] } })
  expect(await contentAt(api, box, '/bound/file')).toBe('of the host')
  const other = await stage.container({ HostConfig: { Binds: [`${volume.name}:/same`] } })
  expect(await contentAt(api, other, '/same/file')).toBe('of the host')
})

download.may('know nothing of a tmpfs of a running container, but never answer something else', {
  id: 'archive-get-tmpfs', since: '1.22',
  reality: 'the page notes that mounts created by the user can not be copied; Docker 20.10 sees what lies below a tmpfs, Podman 4.3 the tmpfs itself',
}, async ({ api, stage }) => {
  const box = await stage.running({ HostConfig: { Tmpfs: { '/scratch': '' } } })
  expect(await stage.run(box, 'write', '/scratch/file', 'in memory')).toMatchObject({ exitCode: 0 })
  const answer = await get(api, box, '/scratch/file')
  expect(answer).toAnswer(200, 404)
  if (answer.status === 200) expect(await contentAt(api, box, '/scratch/file')).toBe('in memory')
  expect(statOf(await head(api, box, '/scratch')).name).toBe('scratch')
})
