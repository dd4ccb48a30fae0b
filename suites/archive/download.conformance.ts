import { expect, operation } from '../../harness/case/index.ts'
import { readTar, type TarEntry } from '../../harness/wire/tar.ts'
import { contentAt, entriesAt, entryNamed, expectOrder, get, head, made, plainName, statOf, tarTypes } from './archive.ts'
import { goMode } from './go-mode.ts'

const download = operation('GET /containers/{id}/archive')

/** What a folder of the guest's image holds, from its name on. */
const dataFolder = ['data', 'data/hello', 'data/link', 'data/nowhere', 'data/sub', 'data/sub/deep']

const names = (entries: readonly TarEntry[]): string[] => entries.map(({ name }) => plainName(name)).sort()

download.must('give each entry the type of what it stands for, and open neither pipes nor devices', { id: 'archive-get-types', needs: ['no-userns'] }, async ({ api, stage }) => {
  const paths = ['file', 'folder', 'link', 'pipe', 'zero', 'loop']
  // Who reads from /dev/zero or from a pipe that nobody writes to does not come to an end.
  const script = 'write file x; mkdir folder; symlink file link; mkfifo pipe; mknod zero c 1 5; mknod loop b 7 300'
  const { box, seen } = await made(stage, script, paths, { HostConfig: { CapAdd: ['MKNOD'] } })
  const entries = await entriesAt(api, box, '/made')
  expect(names(entries)).toEqual(['made', ...paths.map((path) => `made/${path}`)].sort())
  for (const [index, path] of paths.entries()) {
    const { type, major, minor } = seen[index] ?? expect.unreachable()
    expect(entryNamed(entries, `made/${path}`), path).toMatchObject({ type: tarTypes[type], devmajor: major, devminor: minor })
  }
})

download.must('answer a named pipe or a device by itself', { id: 'archive-get-special-file', needs: ['no-userns'] }, async ({ api, stage }) => {
  const { box } = await made(stage, 'mkfifo pipe; mknod zero c 1 5', [], { HostConfig: { CapAdd: ['MKNOD'] } })
  expect(await entriesAt(api, box, '/made/pipe')).toMatchObject([{ name: 'pipe', type: 'fifo', size: 0 }])
  expect(await entriesAt(api, box, '/made/zero')).toMatchObject([{ name: 'zero', type: 'character-device', devmajor: 1, devminor: 5, size: 0 }])
})

download.must('keep permissions with setuid, setgid and sticky', { id: 'archive-get-modes' }, async ({ api, stage }) => {
  const paths = ['set', 'group', 'bare', 'folder', 'all']
  const files = 'write set x; chmod 4755 set; write group x; chmod 2750 group; write bare x; chmod 0 bare; write all x; chmod 7777 all'
  const { box, seen } = await made(stage, `${files}; mkdir folder; chmod 1777 folder`, paths)
  expect(seen.map(({ permissions }) => permissions), 'what the guest made').toEqual([0o4755, 0o2750, 0, 0o1777, 0o7777])
  const entries = await entriesAt(api, box, '/made')
  expect(paths.map((path) => entryNamed(entries, `made/${path}`).mode)).toEqual(seen.map(({ permissions }) => permissions))
})

download.should('keep the numbers of owners and groups', {
  id: 'archive-get-owners', needs: ['no-userns'], reality: 'the page says nothing of owners; Docker 20.10 keeps them, Podman 4.3 gives all to 0',
}, async ({ api, stage }) => {
  const files = 'write file x; chown 1000 2000 file; write far x; chown 1234567 2345678 far'
  const { box } = await made(stage, `${files}; mkdir folder; chown 7 8 folder; symlink nowhere link; chown 12345 54321 link`)
  const entries = await entriesAt(api, box, '/made')
  const owners = ['made', 'made/file', 'made/folder', 'made/link', 'made/far'].map((name) => entryNamed(entries, name)).map(({ uid, gid }) => [uid, gid])
  expect(owners).toEqual([[0, 0], [1000, 2000], [7, 8], [12345, 54321], [1234567, 2345678]])
})

download.must('keep the times of change', { id: 'archive-get-times' }, async ({ api, stage }) => {
  const times = [0, 1, 1000000000, 1735689600, 2 ** 31, 2 ** 33]
  const paths = [...times.map((time) => `t${time}`), 'folder', 'link']
  const { box, seen } = await made(stage, `mkdir folder; symlink t1 link; ${times.map((time) => `touch t${time} ${time}`).join('; ')}`, paths)
  expect(seen.slice(0, times.length).map(({ mtime }) => mtime), 'what the guest made').toEqual(times)
  const entries = await entriesAt(api, box, '/made')
  // Whole seconds are what the format of 1988 holds; a daemon may give more, and one may round.
  for (const [index, path] of paths.entries()) expect(Math.abs(Number(entryNamed(entries, `made/${path}`).mtime) / 1000 - (seen[index]?.mtime ?? NaN)), path).toBeLessThanOrEqual(1)
  for (const time of times) expect(Number(entryNamed(entries, `made/t${time}`).mtime) / 1000).toBe(time)
})

download.must('keep the targets of links within a folder as they are written, wherever they lead', { id: 'archive-get-link-targets' }, async ({ api, stage }) => {
  const targets = ['file', './file', '/made/file', '/no/such', '../../../../etc/passwd', 'l5', 'l7', 'l6', 'folder/', '.', 'x'.repeat(100), 'y/'.repeat(150)]
  const { box } = await made(stage, `write file x; mkdir folder; ${targets.map((target, index) => `symlink '${target}' l${index}`).join('; ')}`)
  const entries = await entriesAt(api, box, '/made')
  expect(targets.map((_, index) => entryNamed(entries, `made/l${index}`)).map(({ type, linkname }) => [type, linkname])).toEqual(targets.map((target) => ['symlink', target]))
})

download.should('hold what has two names once, and a link to it', { id: 'archive-get-hard-links' }, async ({ api, stage }) => {
  const { box, seen: [seen] } = await made(stage, "write b 'held once'; chmod 640 b; ln b a; mkdir c; ln a c/d; write alone 'held once'", ['b'])
  expect(seen?.nlink, 'what the guest made').toBe(3)
  const entries = await entriesAt(api, box, '/made')
  const of = ['made/a', 'made/b', 'made/c/d'].map((name) => entryNamed(entries, name))
  const held = of.filter(({ type }) => type === 'file')
  expect(held).toMatchObject([{ mode: 0o640, content: Buffer.from('held once') }])
  for (const link of of.filter(({ type }) => type !== 'file')) {
    expect(link.type).toBe('link')
    expect(plainName(link.linkname ?? ''), 'what a link leads to').toBe(plainName(held[0]?.name ?? ''))
    expect(entries.indexOf(link), 'a link comes after what it leads to').toBeGreaterThan(entries.findIndex(({ name }) => name === held[0]?.name))
  }
  expect(entryNamed(entries, 'made/alone')).toMatchObject({ type: 'file', content: Buffer.from('held once') })
  expect(await contentAt(api, box, '/made/b')).toBe('held once')
})

download.must('fill the holes of a sparse file with zeros', { id: 'archive-get-sparse-file' }, async ({ api, stage }) => {
  const size = 3_000_001
  const { box, seen: [seen] } = await made(stage, `write it begin; truncate it ${size}; append it end`, ['it'])
  expect(seen?.size, 'what the guest made').toBe(size + 3)
  const [entry] = await entriesAt(api, box, '/made/it')
  expect(entry).toMatchObject({ type: 'file', size: size + 3 })
  const expected = Buffer.alloc(size + 3)
  expected.write('begin')
  expected.write('end', size)
  expect(entry?.content.equals(expected), 'whether the content is what the guest wrote').toBe(true)
})

download.must('answer an empty folder as one entry', { id: 'archive-get-folder-empty' }, async ({ api, bystanders }) => {
  const entries = await entriesAt(api, bystanders.exited, '/tmp')
  expect(entries).toMatchObject([{ type: 'directory', mode: 0o1777, size: 0 }])
  expect(names(entries)).toEqual(['tmp'])
})

download.must('hold names of any length', { id: 'archive-get-names-long' }, async ({ api, stage }) => {
  const deep = 'd'.repeat(200)
  const lengths = [95, 96, 99, 100, 101, 155, 254, 255]
  const folder = [1, 2, 3, 4, 5].map((depth) => Array(depth).fill(deep).join('/'))
  const flat = lengths.map((length) => `write ${'n'.repeat(length)} ${length}`).join('; ')
  const { box } = await made(stage, `${flat}; ${folder.map((path) => `mkdir ${path}`).join('; ')}; write ${folder[0]}/short 1; write ${folder[4]}/end 5`)
  const entries = await entriesAt(api, box, '/made')
  for (const length of lengths) expect(entryNamed(entries, `made/${'n'.repeat(length)}`).content.toString()).toBe(String(length))
  for (const path of folder) expect(entryNamed(entries, `made/${path}`).type).toBe('directory')
  expect(entryNamed(entries, `made/${folder[0]}/short`).content.toString()).toBe('1')
  expect(entryNamed(entries, `made/${folder[4]}/end`).content.toString()).toBe('5')
  expect(entries).toHaveLength(1 + lengths.length + folder.length + 2)
})

/** Names that something on the way could take for something else. */
const oddNames = ['ünï ćødé', '名前', '\u{1f6a2}', 'new\nline', 'back\\slash', '-rf', ' blank ', 'tab\there', '"quoted"', '$HOME', '*', '...', '.wh', 'a=b', '%2e%2e', '\x01']

download.must('hold names in UTF-8, with newlines, backslashes and whatever else a name may have', { id: 'archive-get-names-odd' }, async ({ api, stage }) => {
  const { box } = await made(stage, oddNames.map((name, index) => `touch './${name}' 1; append './${name}' ${index}`).join('; '))
  const entries = await entriesAt(api, box, '/made')
  expect(names(entries)).toEqual(['made', ...oddNames.map((name) => `made/${name}`)].sort())
  for (const [index, name] of oddNames.entries()) {
    expect(entryNamed(entries, `made/${name}`).content.toString(), JSON.stringify(name)).toBe(String(index))
  }
  for (const name of ['名前', 'new\nline', 'back\\slash', '%2e%2e']) expect(await contentAt(api, box, `/made/${name}`), JSON.stringify(name)).toBe(String(oddNames.indexOf(name)))
})

download.should('put each folder before what is in it, and nothing in twice', { id: 'archive-get-order' }, async ({ api, bystanders }) => {
  const entries = await entriesAt(api, bystanders.exited, '/')
  expect(names(entries)).toContain('data/sub/deep')
  expectOrder(entries)
})

download.must('answer the same for a folder whether its path ends in / or not', { id: 'archive-get-folder-slash' }, async ({ api, bystanders }) => {
  const plain = await entriesAt(api, bystanders.exited, '/data')
  expect(await entriesAt(api, bystanders.exited, '/data/')).toEqual(plain)
  expect(names(plain)).toEqual(dataFolder)
})

download.must('answer only what is in a folder where the path ends in /.', { id: 'archive-get-folder-contents' }, async ({ api, bystanders }) => {
  const entries = await entriesAt(api, bystanders.exited, '/data/.')
  // The folder itself may stand there as ".", which is what is unpacked into.
  expect(names(entries).filter((name) => name !== '' && name !== '.')).toEqual(dataFolder.slice(1).map((name) => name.slice('data/'.length)))
})

download.must('answer the whole file system for the root folder, named from the root on', { id: 'archive-get-root' }, async ({ api, bystanders }) => {
  const found = names(await entriesAt(api, bystanders.exited, '/'))
  expect(found).toEqual(expect.arrayContaining([...dataFolder, 'bin/guest', 'etc/passwd', 'tmp']))
  expect(found.filter((name) => name.split('/').includes('..'))).toEqual([])
})

download.must('take a path that is not absolute as from the root on', { id: 'archive-get-relative' }, async ({ api, bystanders }) => {
  const found = await entriesAt(api, bystanders.exited, 'data/sub')
  expect(found).toEqual(await entriesAt(api, bystanders.exited, '/data/sub'))
  expect(names(found)).toEqual(['sub', 'sub/deep'])
})

download.must('answer a link to a file under its own name', {
  id: 'archive-get-link-file',
  reality: 'the page says that a symlink is always resolved to its target; Docker 20.10 answers the link itself, Podman 4.3 the file under the name of the link',
}, async ({ api, bystanders }) => {
  const [entry, ...more] = await entriesAt(api, bystanders.exited, '/data/link')
  expect(more).toEqual([])
  expect(entry).toMatchObject({ name: 'link' })
  expect(entry).toMatchObject(entry?.type === 'symlink' ? { linkname: 'hello' } : { type: 'file', content: Buffer.from('hello\n') })
})

download.must('answer what a link to a folder leads to, under the name of the link, where the path ends in /', { id: 'archive-get-link-folder' }, async ({ api, stage }) => {
  const { box } = await made(stage, 'mkdir folder folder/in; write folder/in/file deep; symlink folder link; symlink /made/folder absolute; symlink link second')
  for (const link of ['link', 'absolute', 'second']) {
    const entries = await entriesAt(api, box, `/made/${link}/`)
    expect(names(entries), link).toEqual([link, `${link}/in`, `${link}/in/file`])
    expect(entryNamed(entries, `${link}/in/file`).content.toString()).toBe('deep')
  }
})

download.must('follow links within the container only, wherever they lead', { id: 'archive-get-link-above-root' }, async ({ api, stage }) => {
  const { box } = await made(stage, 'symlink ../../../../../../../../../../../../etc above; symlink /etc absolute')
  const inside = await contentAt(api, box, '/etc/passwd')
  expect(inside).toContain('guest:x:1000:1000')
  for (const path of ['/made/above/passwd', '/made/absolute/passwd', '/../../../../../../../../etc/passwd']) expect(await contentAt(api, box, path), path).toBe(inside)
})

download.must('refuse a path that leads on from a file', {
  id: 'archive-get-through-file', reality: 'the page has 404 for what does not exist; Docker 20.10 answers 500 with "not a directory", Podman 4.3 404',
}, async ({ api, bystanders }) => {
  expect(await get(api, bystanders.exited, '/data/hello')).toAnswer(200)
  expect(await get(api, bystanders.exited, '/data/hello/further')).toAnswer(400, 404, 500)
  expect(await head(api, bystanders.exited, '/data/hello/further')).toAnswer(400, 404, 500)
})

download.must('refuse an empty path with 400', { id: 'archive-get-path-empty' }, async ({ api, bystanders }) => {
  expect(await get(api, bystanders.exited, '')).toAnswer(400)
})

download.must('answer the same whether the container was never started, runs, is paused, or has ended', { id: 'archive-get-every-state' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['hold'] })
  const seen = async () => (await entriesAt(api, box, '/data')).map(({ name, type, mode, mtime, content }) => [name, type, mode, mtime, content.toString()])
  const created = await seen()
  expect(created).toHaveLength(dataFolder.length)
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expect(await seen(), 'running').toEqual(created)
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  expect(await seen(), 'paused').toEqual(created)
  expect(await api.post(`${box.path}/unpause`)).toAnswer(204)
  expect(await api.post(`${box.path}/kill`)).toAnswer(204)
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  expect(await seen(), 'exited').toEqual(created)
})

download.must('read from a container whose root file system is read-only', { id: 'archive-get-read-only' }, async ({ api, stage }) => {
  const box = await stage.container({ HostConfig: { ReadonlyRootfs: true } })
  expect(await contentAt(api, box, '/data/hello')).toBe('hello\n')
})

download.must('compress at most as the client said that it takes', { id: 'archive-get-encoding' }, async ({ api, bystanders }) => {
  const { gunzipSync } = await import('node:zlib')
  const path = `/containers/${bystanders.exited.id}/archive`
  const plain = await api.get(path, { query: { path: '/data' }, headers: { 'Accept-Encoding': 'identity' } })
  expect(plain).toAnswer(200)
  expect(plain.header('Content-Encoding') ?? 'identity').toBe('identity')
  const entries = await readTar(plain.body)
  expect(names(entries)).toEqual(dataFolder)
  const compressed = await api.get(path, { query: { path: '/data' }, headers: { 'Accept-Encoding': 'gzip' } })
  expect(compressed).toAnswer(200)
  const encoding = compressed.header('Content-Encoding') ?? 'identity'
  expect(encoding).toBeOneOf(['identity', 'gzip'])
  expect(compressed.body.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])), `whether the body begins as gzip does, sent as ${encoding}`).toBe(encoding === 'gzip')
  expect(await readTar(encoding === 'gzip' ? gunzipSync(compressed.body) : compressed.body)).toEqual(entries)
})

download.should('let the container be used after a client that went away in the middle', { id: 'archive-get-abandoned' }, async ({ api, stage }) => {
  const { box } = await made(stage, 'truncate big 1000000000; write small x')
  const stream = await api.stream('GET', `${box.path}/archive`, { query: { path: '/made/big' } })
  expect(stream.status).toBe(200)
  expect(await stream.read()).toBeDefined()
  stream.close()
  expect(statOf(await head(api, box, '/made/small'))).toMatchObject({ size: 1, mode: goMode('file', 0o644) })
  expect(await contentAt(api, box, '/made/small')).toBe('x')
})
