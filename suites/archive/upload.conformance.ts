import { expect, operation } from '../../harness/case/index.ts'
import type { TarInput } from '../../harness/wire/tar.ts'
import { contentAt, entriesAt, entryNamed, exists, look, plainName, put, seenIn, show } from './archive.ts'

const upload = operation('PUT /containers/{id}/archive')

/** A time that no daemon takes for now. */
const then = (seconds: number): Date => new Date((1_000_000_000 + seconds) * 1000)

upload.must('make what each entry says: files, folders, links, pipes and devices', { id: 'archive-put-types', needs: ['no-userns'] }, async ({ api, stage }) => {
  const names = ['file', 'folder', 'relative', 'absolute', 'dangling', 'second', 'pipe', 'char', 'block']
  const paths = names.map((name) => `/tmp/${name}`)
  const box = await stage.container({ Cmd: ['sh', '-c', show(...paths)], HostConfig: { CapAdd: ['MKNOD'] } })
  expect(await put(api, box, '/tmp', [
    { name: 'file', content: 'eleven byte' },
    { name: 'folder/', type: 'directory' },
    { name: 'relative', type: 'symlink', linkname: 'folder' },
    { name: 'absolute', type: 'symlink', linkname: '/data/hello' },
    { name: 'dangling', type: 'symlink', linkname: 'no/such' },
    { name: 'second', type: 'link', linkname: 'file' },
    { name: 'pipe', type: 'fifo' },
    { name: 'char', type: 'character-device', devmajor: 1, devminor: 5 },
    { name: 'block', type: 'block-device', devmajor: 7, devminor: 300 },
  ])).toAnswer(200)
  const seen = seenIn(await look(api, box), paths)
  expect(seen.map(({ type, target }) => target ?? type)).toEqual(['file', 'directory', 'folder', '/data/hello', 'no/such', 'file', 'fifo', 'char', 'block'])
  expect(seen[0]).toMatchObject({ size: 11, nlink: 2 })
  expect(seen[5]).toMatchObject({ size: 11, nlink: 2 })
  expect(seen.slice(-2)).toMatchObject([{ major: 1, minor: 5 }, { major: 7, minor: 300 }])
})

upload.must('give what it makes the permissions, owners and times of the archive', { id: 'archive-put-metadata' }, async ({ api, stage }) => {
  const entries: readonly (TarInput & { readonly mode: number })[] = [
    { name: 'folder/', type: 'directory', mode: 0o1770, uid: 5, gid: 6, mtime: then(1) },
    { name: 'folder/file', content: 'x', mode: 0o640, uid: 1000, gid: 2000, mtime: then(2) },
    { name: 'folder/inner/', type: 'directory', mode: 0o2755, uid: 1000, gid: 0, mtime: then(3) },
    { name: 'folder/inner/set', content: '', mode: 0o4755, uid: 12345, gid: 54321, mtime: then(4) },
    { name: 'folder/group', content: 'x', mode: 0o2711, uid: 0, gid: 7, mtime: then(5) },
    { name: 'folder/pipe', type: 'fifo', mode: 0o622, uid: 8, gid: 9, mtime: then(6) },
    { name: 'folder/all', content: 'x', mode: 0o777, uid: 65534, gid: 65534, mtime: new Date((2 ** 31 - 1) * 1000) },
  ]
  const paths = entries.map(({ name }) => `/tmp/${plainName(name)}`)
  const box = await stage.container({ Cmd: ['sh', '-c', show(...paths)] })
  expect(await put(api, box, '/tmp', entries)).toAnswer(200)
  const seen = seenIn(await look(api, box), paths)
  expect(seen.map(({ permissions, uid, gid, mtime }) => [permissions, uid, gid, mtime])).toEqual(entries.map(({ mode, uid, gid, mtime }) => [mode, uid, gid, Number(mtime) / 1000]))
})

upload.must('give a link itself the owner and time of its entry, and leave alone what it leads to', { id: 'archive-put-metadata-link' }, async ({ api, stage }) => {
  const paths = ['/tmp/link', '/data/hello']
  const box = await stage.container({ Cmd: ['sh', '-c', show(...paths)] })
  expect(await put(api, box, '/tmp', [{ name: 'link', type: 'symlink', linkname: '/data/hello', mode: 0o777, uid: 5, gid: 6, mtime: then(0) }])).toAnswer(200)
  const [link, target] = seenIn(await look(api, box), paths)
  expect(link).toMatchObject({ type: 'symlink', uid: 5, gid: 6, mtime: 1_000_000_000 })
  expect(target).toMatchObject({ type: 'file', uid: 0, gid: 0, permissions: 0o644, mtime: Date.parse('2025-01-01T00:00:00Z') / 1000 })
})

upload.should('make the folders that an entry needs and that have no entry', {
  id: 'archive-put-folders-missing', reality: 'the page says nothing of it; Docker 20.10 and Podman 4.3 make them',
}, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/tmp', [{ name: 'not/yet/there', content: 'now there' }])).toAnswer(200)
  expect(await contentAt(api, box, '/tmp/not/yet/there')).toBe('now there')
  expect(entryNamed(await entriesAt(api, box, '/tmp/not'), 'not/yet')).toMatchObject({ type: 'directory', mode: 0o755 })
})

upload.must('replace a file as a whole: content, permissions, owner and time', { id: 'archive-put-file-replaced' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/tmp', [{ name: 'file', content: 'long before', mode: 0o600, uid: 1, gid: 2, mtime: then(1) }])).toAnswer(200)
  expect(await put(api, box, '/tmp', [{ name: 'file', content: 'short', mode: 0o755, uid: 3, gid: 4, mtime: then(2) }])).toAnswer(200)
  expect(await entriesAt(api, box, '/tmp/file')).toMatchObject([{ content: Buffer.from('short'), mode: 0o755, mtime: then(2) }])
})

upload.must('merge a folder into one that is there', { id: 'archive-put-folder-merged' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/data', [{ name: 'sub/', type: 'directory', mode: 0o750, mtime: then(1) }, { name: 'sub/new', content: 'came' }])).toAnswer(200)
  const entries = await entriesAt(api, box, '/data')
  expect(entries.map(({ name }) => plainName(name)).sort()).toEqual(['data', 'data/hello', 'data/link', 'data/nowhere', 'data/sub', 'data/sub/deep', 'data/sub/new'])
  expect(entryNamed(entries, 'data/sub')).toMatchObject({ mode: 0o750, mtime: then(1) })
  expect(entryNamed(entries, 'data/sub/deep').content.toString()).toBe('deep\n')
  expect(entryNamed(entries, 'data/sub/new').content.toString()).toBe('came')
})

upload.should('put a file in the place of a link, and not write through it', { id: 'archive-put-link-replaced' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(entryNamed(await entriesAt(api, box, '/data'), 'data/link').type).toBe('symlink')
  expect(await put(api, box, '/data', [{ name: 'link', content: 'a file now' }])).toAnswer(200)
  expect(await contentAt(api, box, '/data/link')).toBe('a file now')
  expect(await contentAt(api, box, '/data/hello')).toBe('hello\n')
})

upload.should('keep one name of a file as it is where the other is replaced', { id: 'archive-put-hard-link-replaced' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/tmp', [{ name: 'one', content: 'before' }, { name: 'two', type: 'link', linkname: 'one', mode: 0o644 }])).toAnswer(200)
  expect(await put(api, box, '/tmp', [{ name: 'one', content: 'after' }])).toAnswer(200)
  expect(await contentAt(api, box, '/tmp/one')).toBe('after')
  expect(await contentAt(api, box, '/tmp/two')).toBe('before')
})

upload.should('keep setuid and setgid of a file that gets a second name', {
  id: 'archive-put-hard-link-set-id',
  reality: 'the page says no more than that the archive is extracted; Docker 20.10 loses the bits when it gives the second name its owner, Podman 4.3 keeps them',
}, async ({ api, stage }) => {
  const box = await stage.container()
  const owner = { mode: 0o6755, uid: 1000, gid: 1000 }
  const names: TarInput[] = [{ name: 'one', content: 'x', ...owner }, { name: 'two', type: 'link', linkname: 'one', ...owner }]
  expect(await put(api, box, '/tmp', [{ name: 'alone', content: 'x', ...owner }, ...names])).toAnswer(200)
  expect(await entriesAt(api, box, '/tmp/alone')).toMatchObject([{ mode: 0o6755 }])
  for (const name of ['one', 'two']) expect(await entriesAt(api, box, `/tmp/${name}`), name).toMatchObject([{ mode: 0o6755, content: Buffer.from('x') }])
})

upload.should('take the last of two entries of one name', { id: 'archive-put-name-twice' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/tmp', [{ name: 'file', content: 'the first' }, { name: 'other', content: 'x' }, { name: 'file', content: 'last' }])).toAnswer(200)
  expect(await contentAt(api, box, '/tmp/file')).toBe('last')
})

upload.must('leave everything as it is for an archive without entries', { id: 'archive-put-nothing' }, async ({ api, stage }) => {
  const box = await stage.container()
  const before = await entriesAt(api, box, '/data')
  expect(before).not.toHaveLength(0)
  expect(await put(api, box, '/data', [])).toAnswer(200)
  expect(await entriesAt(api, box, '/data')).toEqual(before)
})

upload.must('refuse to put a folder in the place of a file where noOverwriteDirNonDir says so, and do it otherwise', {
  id: 'archive-put-no-overwrite-file', reality: 'the page documents 400; Docker 20.10 and Podman 4.3 answer 500',
}, async ({ api, stage }) => {
  const box = await stage.container()
  const folder: TarInput[] = [{ name: 'hello/', type: 'directory' }]
  for (const word of ['1', 'true', 'True']) {
    expect(await put(api, box, '/data', folder, { noOverwriteDirNonDir: word })).toAnswer(400, 500)
    expect(await contentAt(api, box, '/data/hello'), word).toBe('hello\n')
  }
  expect(await put(api, box, '/data', folder, { noOverwriteDirNonDir: '0' })).toAnswer(200)
  expect(await entriesAt(api, box, '/data/hello')).toMatchObject([{ type: 'directory' }])
})

upload.must('put files over files and folders over folders also with noOverwriteDirNonDir', { id: 'archive-put-no-overwrite-same' }, async ({ api, stage }) => {
  const box = await stage.container()
  const same: TarInput[] = [{ name: 'hello', content: 'other' }, { name: 'sub/', type: 'directory', mode: 0o711 }, { name: 'sub/deep', content: 'deeper' }]
  expect(await put(api, box, '/data', same, { noOverwriteDirNonDir: 1 })).toAnswer(200)
  expect(await contentAt(api, box, '/data/hello')).toBe('other')
  expect(await entriesAt(api, box, '/data/sub')).toMatchObject([{ mode: 0o711 }, { content: Buffer.from('deeper') }])
})

upload.must('take a path that is not absolute as from the root on', { id: 'archive-put-relative' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, 'data/sub', [{ name: 'file', content: 'from the root on' }])).toAnswer(200)
  expect(await contentAt(api, box, '/data/sub/file')).toBe('from the root on')
})

upload.must('unpack into a folder whose path ends in / or /., or has .. in it', { id: 'archive-put-path-forms' }, async ({ api, stage }) => {
  const box = await stage.container()
  for (const [index, path] of ['/data/sub/', '/data/sub/.', '/data/sub/../sub', '/../../../data/sub', '//data//sub'].entries()) {
    expect(await put(api, box, path, [{ name: `file${index}`, content: path }])).toAnswer(200)
    expect(await contentAt(api, box, `/data/sub/file${index}`)).toBe(path)
  }
})

upload.must('unpack into the root folder', { id: 'archive-put-root' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/', [{ name: 'top', content: 'at the top' }, { name: 'data/more', content: 'within' }])).toAnswer(200)
  expect(await contentAt(api, box, '/top')).toBe('at the top')
  expect(await contentAt(api, box, '/data/more')).toBe('within')
  expect(await contentAt(api, box, '/data/hello')).toBe('hello\n')
})

upload.must('unpack into the folder that a link leads to, within the container', { id: 'archive-put-path-link' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/tmp', [{ name: 'absolute', type: 'symlink', linkname: '/data/sub' }, { name: 'chain', type: 'symlink', linkname: 'absolute' }])).toAnswer(200)
  expect(await put(api, box, '/tmp/absolute', [{ name: 'one', content: '1' }])).toAnswer(200)
  expect(await put(api, box, '/tmp/chain', [{ name: 'two', content: '2' }])).toAnswer(200)
  expect(await contentAt(api, box, '/data/sub/one')).toBe('1')
  expect(await contentAt(api, box, '/data/sub/two')).toBe('2')
})

upload.must('refuse to unpack where a dangling link leads', {
  id: 'archive-put-path-dangling', reality: 'the page has 404 for a path that does not exist, and Docker 20.10 answers so; Podman 4.3 makes the folder and answers 200',
}, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/data/nowhere', [{ name: 'file', content: 'x' }])).toAnswer(404)
  expect(await exists(api, box, '/no')).toBe(false)
})

upload.must('unpack whether the container was never started, runs, is paused, or has ended, and the container sees it', { id: 'archive-put-every-state' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['hold'] })
  const bring = async (name: string) => expect(await put(api, box, '/tmp', [{ name, content: `${name}\n` }])).toAnswer(200)
  await bring('created')
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  await bring('running')
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  await bring('paused')
  expect(await api.post(`${box.path}/unpause`)).toAnswer(204)
  expect((await stage.run(box, 'cat', '/tmp/created', '/tmp/running', '/tmp/paused')).stdout).toBe('created\nrunning\npaused\n')
  expect(await api.post(`${box.path}/kill`)).toAnswer(204)
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  await bring('exited')
  expect((await entriesAt(api, box, '/tmp')).map(({ name }) => plainName(name)).sort()).toEqual(['tmp', 'tmp/created', 'tmp/exited', 'tmp/paused', 'tmp/running'])
})
