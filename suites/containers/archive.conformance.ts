import { expect, Nonconformance, operation, placesIn, type ApiAnswer, type Place } from '../../harness/case/index.ts'
import { parseJson } from '../../harness/wire/json.ts'
import { packTar, readTar } from '../../harness/wire/tar.ts'

const download = operation('GET /containers/{id}/archive')
const head = operation('HEAD /containers/{id}/archive')
const upload = operation('PUT /containers/{id}/archive')

const statHeader = 'X-Docker-Container-Path-Stat'

/** What the header says of the path: base64 of JSON. */
function statOf(answer: ApiAnswer): Place {
  const value = answer.header(statHeader)
  expect(value, `the header ${statHeader}`).toMatch(/^[A-Za-z0-9+/]+=*$/)
  const text = Buffer.from(value ?? '', 'base64').toString('utf8')
  return placesIn(() => {
    try {
      return parseJson(text)
    } catch {
      throw new Nonconformance(`the header ${statHeader} holds no JSON: ${text}`, answer.exchange)
    }
  }, answer.exchange)
}

// Bits of Go's os.FileMode.
const goDirectory = 2 ** 31
const goSymlink = 2 ** 27

download.must('answer a file as a tar archive with one entry', { id: 'container-archive-file', source: ['operation', 'change 1.20/01'] }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/archive`, { query: { path: '/data/hello' } })
  expect(answer).toAnswer(200)
  expect(answer.header('Content-Type')).toBe('application/x-tar')
  expect(await readTar(answer.body)).toMatchObject([{ name: 'hello', type: 'file', content: Buffer.from('hello\n') }])
  const stat = statOf(answer)
  expect(stat.at()).toMatchObject({ name: 'hello', size: 6, mode: 0o644, linkTarget: '' })
  // When everything of the image was made.
  expect(Date.parse(stat.textAt('mtime'))).toBe(Date.parse('2025-01-01T00:00:00Z'))
})

download.must('tell in the header of a folder that it is one, and of a link where it points', { id: 'container-archive-header' }, async ({ api, bystanders }) => {
  const read = async (path: string) => statOf(await api.get(`/containers/${bystanders.running.id}/archive`, { query: { path } }))
  expect((await read('/data')).at('mode')).toBe(goDirectory + 0o755)
  const link = await read('/data/link')
  expect(link.at('linkTarget')).toBe('/data/hello')
  expect(Math.floor(link.numberAt('mode') / goSymlink) % 2).toBe(1)
})

download.must('answer a folder with all that is in it, named from its last part on', { id: 'container-archive-folder', source: ['operation', 'change 1.20/01'] }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.exited.id}/archive`, { query: { path: '/data' } })
  expect(answer).toAnswer(200)
  const entries = (await readTar(answer.body)).map(({ name, type }) => `${type} ${plainName(name)}`)
  expect(entries).toEqual(expect.arrayContaining(['directory data', 'file data/hello', 'symlink data/link', 'symlink data/nowhere', 'directory data/sub', 'file data/sub/deep']))
  expect(statOf(answer).at()).toMatchObject({ name: 'data' })
})

download.must('refuse a request without a path with 400', { id: 'container-archive-no-path' }, async ({ api, bystanders }) => {
  expect(await api.get(`/containers/${bystanders.running.id}/archive`)).toAnswer(400)
})

download.must('answer 404 where the path does not exist', { id: 'container-archive-path-unknown' }, async ({ api, bystanders }) => {
  expect(await api.get(`/containers/${bystanders.running.id}/archive`, { query: { path: '/no/such' } })).toAnswer(404)
})

download.must('answer 404 where there is no such container', { id: 'container-archive-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/containers/${stage.name()}/archive`, { query: { path: '/' } })).toAnswer(404)
})

download.must('refuse a path that ends in / where it is no folder', {
  id: 'container-archive-no-folder', reality: 'the page documents 400 with "not a directory"; Docker 1.8 to 28.5 answer 500 with that text',
}, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/archive`, { query: { path: '/data/hello/' } })
  expect(answer).toAnswer(400, 500)
  expect(answer.text).toContain('not a directory')
})

head.must('tell of a file in a header, and send nothing else', { id: 'container-archive-head-file' }, async ({ api, bystanders }) => {
  const answer = await api.head(`/containers/${bystanders.running.id}/archive`, { query: { path: '/data/hello' } })
  expect(answer).toAnswer(200)
  expect(answer.body.byteLength).toBe(0)
  const stat = statOf(answer)
  expect(stat.at()).toMatchObject({ name: 'hello', size: 6, linkTarget: '' })
  expect(stat.at('mode')).toBe(0o644)
  expect(Date.parse(stat.textAt('mtime'))).not.toBeNaN()
})

head.must("tell of a folder in a header: its mode has Go's bit for folders", { id: 'container-archive-head-folder' }, async ({ api, bystanders }) => {
  const stat = statOf(await api.head(`/containers/${bystanders.running.id}/archive`, { query: { path: '/data' } }))
  expect(stat.at('name')).toBe('data')
  expect(stat.at('mode')).toBe(goDirectory + 0o755)
})

head.must('tell of a symbolic link itself, and where it points', { id: 'container-archive-head-link' }, async ({ api, bystanders }) => {
  const stat = statOf(await api.head(`/containers/${bystanders.running.id}/archive`, { query: { path: '/data/link' } }))
  expect(stat.at('name')).toBe('link')
  expect(stat.at('linkTarget')).toBe('/data/hello')
  expect(Math.floor(stat.numberAt('mode') / goSymlink) % 2).toBe(1)
})

head.must('refuse a request without a path with 400', { id: 'container-archive-head-no-path' }, async ({ api, bystanders }) => {
  expect(await api.head(`/containers/${bystanders.running.id}/archive`)).toAnswer(400)
})

head.must('answer 404 where the path does not exist', { id: 'container-archive-head-path-unknown' }, async ({ api, bystanders }) => {
  expect(await api.head(`/containers/${bystanders.running.id}/archive`, { query: { path: '/no/such' } })).toAnswer(404)
})

head.must('answer 404 where there is no such container', { id: 'container-archive-head-unknown' }, async ({ api, stage }) => {
  expect(await api.head(`/containers/${stage.name()}/archive`, { query: { path: '/' } })).toAnswer(404)
})

/** Daemons write the name of a folder with a slash at its end or without; no page says which. */
function plainName(name: string): string {
  return name.replace(/\/$/, '')
}

const tar = { 'Content-Type': 'application/x-tar' }

upload.must('unpack an archive into a folder', { id: 'container-archive-put', source: ['operation', 'change 1.20/02'] }, async ({ api, stage }) => {
  const box = await stage.container()
  const archive = await packTar([{ name: 'in/', type: 'directory', mode: 0o750 }, { name: 'in/file', content: 'brought along\n', mode: 0o640, uid: 1000, gid: 2000 }])
  const answer = await api.put(`${box.path}/archive`, { query: { path: '/tmp' }, body: archive, headers: tar })
  expect(answer).toAnswer(200)
  expect(answer.body.byteLength).toBe(0)
  const back = await readTar((await api.get(`${box.path}/archive`, { query: { path: '/tmp/in' } })).body)
  expect(back.map((entry) => ({ ...entry, name: plainName(entry.name) }))).toMatchObject([
    { name: 'in', type: 'directory', mode: 0o750 },
    { name: 'in/file', type: 'file', mode: 0o640, uid: 1000, gid: 2000, content: Buffer.from('brought along\n') },
  ])
})

upload.must('unpack an archive that is compressed with gzip', { id: 'container-archive-put-gzip' }, async ({ api, stage }) => {
  const { gzipSync } = await import('node:zlib')
  const box = await stage.container()
  const archive = gzipSync(await packTar([{ name: 'squeezed', content: 'small\n' }]))
  expect(await api.put(`${box.path}/archive`, { query: { path: '/tmp' }, body: archive, headers: tar })).toAnswer(200)
  const back = await readTar((await api.get(`${box.path}/archive`, { query: { path: '/tmp/squeezed' } })).body)
  expect(back).toMatchObject([{ content: Buffer.from('small\n') }])
})

upload.must('unpack into a running container, which sees it', { id: 'container-archive-put-running' }, async ({ api, stage }) => {
  const box = await stage.running()
  const archive = await packTar([{ name: 'file', content: 'seen inside\n' }])
  expect(await api.put(`${box.path}/archive`, { query: { path: '/tmp' }, body: archive, headers: tar })).toAnswer(200)
  expect((await stage.run(box, 'cat', '/tmp/file')).stdout).toBe('seen inside\n')
})

upload.must('replace a folder by a file, unless noOverwriteDirNonDir forbids it', { id: 'container-archive-put-overwrite' }, async ({ api, stage }) => {
  const box = await stage.container()
  const archive = await packTar([{ name: 'sub', content: 'now a file\n' }])
  const put = (noOverwriteDirNonDir?: number) => api.put(`${box.path}/archive`, { query: { path: '/data', noOverwriteDirNonDir }, body: archive, headers: tar })
  const stat = async () => Math.floor(statOf(await api.head(`${box.path}/archive`, { query: { path: '/data/sub' } })).numberAt('mode') / goDirectory)
  expect((await put(1)).status).not.toBe(200)
  expect(await stat()).toBe(1)
  expect(await put()).toAnswer(200)
  expect(await stat()).toBe(0)
})

upload.must('refuse a path that is no folder', {
  id: 'container-archive-put-no-folder', reality: 'the page documents 400; Docker 1.8 to 20.10 answer 500, later ones 400',
}, async ({ api, stage }) => {
  const archive = await packTar([{ name: 'file', content: 'x' }])
  const box = await stage.container()
  expect(await api.put(`${box.path}/archive`, { query: { path: '/data/hello' }, body: archive, headers: tar })).toAnswer(400, 500)
})

upload.must('refuse a request without a path with 400', { id: 'container-archive-put-no-path' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await api.put(`${box.path}/archive`, { body: await packTar([]), headers: tar })).toAnswer(400)
})

upload.must('answer 404 where the path does not exist', { id: 'container-archive-put-path-unknown' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await api.put(`${box.path}/archive`, { query: { path: '/no/such' }, body: await packTar([]), headers: tar })).toAnswer(404)
})

upload.must('answer 404 where there is no such container', { id: 'container-archive-put-unknown' }, async ({ api, stage }) => {
  expect(await api.put(`/containers/${stage.name()}/archive`, { query: { path: '/' }, body: await packTar([]), headers: tar })).toAnswer(404)
})

upload.must('refuse to write into a root file system that is read-only, with 403', {
  id: 'container-archive-put-read-only', reality: 'the page documents 403; Docker 1.8 to 20.10 answer 500 with "container rootfs is marked read-only"',
}, async ({ api, stage }) => {
  const box = await stage.container({ HostConfig: { ReadonlyRootfs: true } })
  const answer = await api.put(`${box.path}/archive`, { query: { path: '/tmp' }, body: await packTar([{ name: 'file', content: 'x' }]), headers: tar })
  expect(answer).toAnswer(403, 500)
  expect(answer.text).toContain('read-only')
  expect(await api.head(`${box.path}/archive`, { query: { path: '/tmp/file' } })).toAnswer(404)
})

upload.must('refuse to write into a volume that is read-only, with 403', {
  id: 'container-archive-put-read-only-volume', since: '1.21', needs: ['local-volumes'],
  reality: 'the page documents 403; Docker 1.8 to 20.10 answer 500 with "mounted volume is marked read-only"',
}, async ({ api, stage }) => {
  const volume = await stage.volume()
  const box = await stage.container({ HostConfig: { Binds: [`${volume.name}:/kept:ro`] } })
  const answer = await api.put(`${box.path}/archive`, { query: { path: '/kept' }, body: await packTar([{ name: 'file', content: 'x' }]), headers: tar })
  expect(answer).toAnswer(403, 500)
  expect(answer.text).toContain('read-only')
})

upload.must('refuse what is no archive', {
  id: 'container-archive-put-garbage', reality: 'the page names no status for it; all daemons answer 500',
}, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await api.put(`${box.path}/archive`, { query: { path: '/tmp' }, body: Buffer.alloc(1536, 'garbage'), headers: tar })).toAnswer(400, 500)
})

const copy = operation('POST /containers/{id}/copy')

copy.must('answer a file or folder of a container as a tar archive', { id: 'container-copy-file', source: ['operation', 'change 1.20/03'] }, async ({ api, bystanders }) => {
  const answer = await api.post(`/containers/${bystanders.exited.id}/copy`, { body: { Resource: '/data/hello' } })
  expect(answer).toAnswer(200)
  expect(await readTar(answer.body)).toMatchObject([{ name: 'hello', content: Buffer.from('hello\n') }])
})

copy.must('answer 404 where there is no such container', { id: 'container-copy-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/copy`, { body: { Resource: '/data/hello' } })).toAnswer(404)
})

copy.must('answer 500 where the path does not exist', { id: 'container-copy-path-unknown', reality: 'the page has 500 for server errors and 404 for no such container; Docker 1.6 to 1.11 answer 500 here, 20.10 answers 404' }, async ({ api, bystanders }) => {
  expect(await api.post(`/containers/${bystanders.exited.id}/copy`, { body: { Resource: '/no/such' } })).toAnswer(404, 500)
})

copy.must('be gone: the daemon answers an error', { id: 'container-copy-removed', since: '1.24', source: 'change 1.24/17' }, async ({ api, bystanders }) => {
  // The container is there, so that only the operation can be what is not found.
  expect(await api.get(`/containers/${bystanders.exited.id}/json`)).toAnswer(200)
  expect(await api.post(`/containers/${bystanders.exited.id}/copy`, { body: { Resource: '/data/hello' } })).toAnswer(404)
})
