import { expect, operation } from '../../harness/case/index.ts'
import { entryNamed, get, head, made, statOf } from './archive.ts'
import { goMode, type Kind } from './go-mode.ts'
import { readTar } from '../../harness/wire/tar.ts'

const stat = operation('HEAD /containers/{id}/archive')

/** What a case looks at: how the guest makes it, and what it then is. */
type Subject = { readonly id: string; readonly what: string; readonly script: string; readonly kind: Kind }

const subjects: readonly Subject[] = [
  { id: 'archive-stat-file', what: 'a file', script: "write it 'some content'; chown 1000 2000 it; chmod 640 it; touch it 1000000000", kind: 'file' },
  { id: 'archive-stat-file-empty', what: 'an empty file', script: "write it ''; chmod 400 it", kind: 'file' },
  { id: 'archive-stat-file-sparse', what: 'a file with a hole its whole size,', script: 'truncate it 5000000000', kind: 'file' },
  { id: 'archive-stat-hard-link', what: 'a second name of a file', script: "write first 'shared'; ln first it", kind: 'file' },
  { id: 'archive-stat-folder', what: 'a folder', script: 'mkdir it it/inner; chmod 710 it', kind: 'directory' },
  { id: 'archive-stat-fifo', what: 'a named pipe', script: 'mkfifo it; chmod 622 it', kind: 'fifo' },
]

for (const { id, what, script, kind } of subjects) {
  stat.must(`tell of ${what} name, size, mode and time as the container sees them`, { id }, async ({ api, stage }) => {
    const { box, seen: [seen] } = await made(stage, script, ['it'])
    expect(seen?.type, 'what the guest made').toBe(kind)
    const told = statOf(await head(api, box, '/made/it'))
    expect(told).toMatchObject({ name: 'it', size: seen?.size, mode: goMode(kind, seen?.permissions ?? 0) })
    expect(Math.floor(Date.parse(told.mtime) / 1000)).toBe(seen?.mtime)
  })
}

stat.must("tell of devices their mode, with Go's bits for block and character devices", { id: 'archive-stat-devices', needs: ['no-userns'] }, async ({ api, stage }) => {
  const { box } = await made(stage, 'mknod char c 1 3; mknod block b 7 200; chmod 660 block', [], { HostConfig: { CapAdd: ['MKNOD'] } })
  expect(statOf(await head(api, box, '/made/char'))).toMatchObject({ name: 'char', size: 0, mode: goMode('char', 0o644) })
  expect(statOf(await head(api, box, '/made/block'))).toMatchObject({ name: 'block', size: 0, mode: goMode('block', 0o660) })
})

stat.must("tell setuid, setgid and sticky by Go's bits for them", { id: 'archive-stat-special-bits' }, async ({ api, stage }) => {
  const all = [0o4711, 0o2750, 0o1644, 0o7777, 0o0000]
  const files = all.map((mode) => `write f${mode} x; chmod ${mode.toString(8)} f${mode}`).join('; ')
  const { box, seen } = await made(stage, `${files}; mkdir d; chmod 3777 d`, [...all.map((mode) => `f${mode}`), 'd'])
  expect(seen.map(({ permissions }) => permissions), 'what the guest made').toEqual([...all, 0o3777])
  for (const mode of all) expect(statOf(await head(api, box, `/made/f${mode}`)).mode, `the mode of a file with ${mode.toString(8)}`).toBe(goMode('file', mode))
  expect(statOf(await head(api, box, '/made/d')).mode).toBe(goMode('directory', 0o3777))
})

stat.must('tell the time of change as RFC 3339 has it', { id: 'archive-stat-time-format' }, async ({ api, bystanders }) => {
  for (const path of ['/data/hello', '/data', '/data/link']) {
    const { mtime } = statOf(await head(api, bystanders.exited, path))
    expect(mtime, path).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/)
    // When everything of the image was made.
    expect(Date.parse(mtime), path).toBe(Date.parse('2025-01-01T00:00:00Z'))
  }
})

stat.must('tell of a path that is not absolute as of the same path from the root on', { id: 'archive-stat-relative' }, async ({ api, bystanders }) => {
  const { name, size, mode, mtime } = statOf(await head(api, bystanders.exited, '/data/sub/deep'))
  expect(statOf(await head(api, bystanders.exited, 'data/sub/deep'))).toMatchObject({ name, size, mode, mtime })
  expect({ name, size }).toEqual({ name: 'deep', size: 5 })
})

stat.must('tell of the root folder', { id: 'archive-stat-root' }, async ({ api, bystanders }) => {
  const { mode } = statOf(await head(api, bystanders.exited, '/'))
  expect(mode - (mode % 2 ** 31)).toBe(goMode('directory', 0))
})

stat.must('resolve .. within the container: no path leads above its root', { id: 'archive-stat-parent-folders' }, async ({ api, bystanders }) => {
  const direct = statOf(await head(api, bystanders.exited, '/data/hello'))
  const { size, mode, mtime } = statOf(await head(api, bystanders.exited, '/data/../../../../../../../../../../data/hello'))
  expect({ size, mode, mtime }).toEqual({ size: 6, mode: direct.mode, mtime: direct.mtime })
})

stat.should('tell of the end of a chain of links as the target of its first', {
  id: 'archive-stat-link-chain', reality: 'the page shows linkTarget in an example of a folder only; Docker 20.10 and Podman 4.3 give the path that all links lead to',
}, async ({ api, stage }) => {
  const { box } = await made(stage, 'write end x; symlink end one; symlink /made/one two; symlink ../made/two three')
  for (const link of ['one', 'two', 'three']) expect(statOf(await head(api, box, `/made/${link}`)).linkTarget, link).toBe('/made/end')
})

stat.must('tell of a link that leads above the root as of one that leads to the root', { id: 'archive-stat-link-above-root' }, async ({ api, stage }) => {
  const { box } = await made(stage, 'symlink ../../../../../../../etc/passwd up')
  expect(statOf(await head(api, box, '/made/up')).linkTarget).toBe('/etc/passwd')
})

stat.must('resolve a link whose path ends in / to the folder that it leads to', { id: 'archive-stat-link-folder' }, async ({ api, stage }) => {
  const { box, seen: [seen] } = await made(stage, 'mkdir folder; chmod 750 folder; symlink folder link', ['folder'])
  expect(statOf(await head(api, box, '/made/link/'))).toMatchObject({ mode: goMode('directory', 0o750), size: seen?.size })
})

stat.must('follow links on the way to a path', { id: 'archive-stat-link-on-the-way' }, async ({ api, stage }) => {
  const { box } = await made(stage, "mkdir folder; write folder/file 'four'; symlink folder relative; symlink /made/folder absolute; symlink ../../../made/folder above")
  for (const link of ['relative', 'absolute', 'above']) {
    expect(statOf(await head(api, box, `/made/${link}/file`)), link).toMatchObject({ name: 'file', size: 4, mode: goMode('file', 0o644) })
  }
})

stat.must('refuse links that lead to each other, and come to an end', {
  id: 'archive-stat-link-loop', reality: 'the page names no status for it; Docker 20.10 and Podman 4.3 answer 500',
}, async ({ api, stage }) => {
  const { box, seen: [seen] } = await made(stage, 'symlink self self; symlink two one; symlink one two', ['self'])
  expect(seen?.target).toBe('self')
  for (const path of ['/made/self', '/made/one', '/made/self/further']) {
    expect(await head(api, box, path)).toAnswer(400, 404, 500)
    expect(await get(api, box, path)).toAnswer(400, 404, 500)
  }
  expect(await head(api, box, '/made')).toAnswer(200)
})

stat.must('answer the header that a GET of the same path has', { id: 'archive-stat-as-get' }, async ({ api, bystanders }) => {
  for (const path of ['/data/hello', '/data', '/data/', '/data/.', '/data/link', '/tmp', '/bin/guest', 'etc/passwd']) {
    const downloaded = await get(api, bystanders.exited, path)
    expect(statOf(await head(api, bystanders.exited, path)), path).toEqual(statOf(downloaded))
    expect(await readTar(downloaded.body), path).not.toHaveLength(0)
  }
})

stat.must('tell of a file what its entry in the archive says', { id: 'archive-stat-as-entry' }, async ({ api, stage }) => {
  const { box } = await made(stage, "write it 'told twice'; chmod 2751 it; touch it 1234567890")
  const told = statOf(await head(api, box, '/made/it'))
  const entry = entryNamed(await readTar((await get(api, box, '/made/it')).body), 'it')
  expect(told).toMatchObject({ name: entry.name, size: entry.size, mode: goMode('file', entry.mode) })
  expect(Math.floor(Date.parse(told.mtime) / 1000)).toBe(Math.floor(Number(entry.mtime) / 1000))
  expect(entry).toMatchObject({ size: 10, mode: 0o2751, mtime: new Date(1234567890_000) })
})
