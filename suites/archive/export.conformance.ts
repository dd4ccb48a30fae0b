import { expect, operation, type Api, type Box } from '../../harness/case/index.ts'
import { guestRootfs } from '../../harness/guest/image.ts'
import { readTar, type TarEntry } from '../../harness/wire/tar.ts'
import { byName, entryNamed, expectOrder, made, plainName, tarTypes } from './archive.ts'

const exporting = operation('GET /containers/{id}/export')

async function exported(api: Api, box: Pick<Box, 'id'>): Promise<TarEntry[]> {
  const answer = await api.get(`/containers/${box.id}/export`)
  expect(answer).toAnswer(200)
  return readTar(answer.body)
}

exporting.must('answer what the image holds for a container that never ran, with permissions, owners, times and targets', { id: 'archive-export-image' }, async ({ api, stage }) => {
  const box = await stage.container()
  const entries = await exported(api, box)
  // The program differs by architecture, and which of its names comes first is the daemon's choice.
  const image = (await readTar(await guestRootfs('amd64'))).filter(({ name }) => !name.startsWith('bin/') && !['dev/', 'etc/', 'proc/', 'run/', 'sys/'].includes(name))
  expect(image.map(({ name }) => name)).toContain('data/sub/deep')
  for (const { name, type, mode, uid, gid, mtime, linkname, content } of image) {
    expect(entryNamed(entries, plainName(name)), name).toMatchObject({ type, mode, uid, gid, mtime, linkname, content })
  }
})

exporting.should('hold a program of many names once, and links to it', { id: 'archive-export-hard-links' }, async ({ api, bystanders }) => {
  const entries = await exported(api, bystanders.exited)
  const program = entries.filter(({ name }) => plainName(name).startsWith('bin/'))
  const held = program.filter(({ type }) => type === 'file')
  expect(held).toHaveLength(1)
  expect(held[0]?.size).toBeGreaterThan(0)
  const links = program.filter(({ type }) => type === 'link')
  expect(links).toHaveLength((await readTar(await guestRootfs('amd64'))).filter(({ type }) => type === 'link').length)
  expect(new Set(links.map(({ linkname }) => plainName(linkname ?? '')))).toEqual(new Set([plainName(held[0]?.name ?? '')]))
})

exporting.must('hold what the container made: pipes, devices, links, odd and long names, holes, permissions and owners', {
  id: 'archive-export-made', needs: ['no-userns'],
}, async ({ api, stage }) => {
  const paths = ['file', 'folder', 'link', 'pipe', 'zero', 'sparse', 'n'.repeat(200), 'ünï 名前']
  const script = [
    'write file x; chown 1000 2000 file; chmod 4711 file; touch file 1000000000; mkdir folder; chmod 3777 folder; symlink ../no/such link',
    `mkfifo pipe; mknod zero c 1 5; truncate sparse 100000; write ${paths[6]} long; write '${paths[7]}' odd; write 'new\nline' two`,
  ].join('; ')
  const { box, seen } = await made(stage, script, paths, { HostConfig: { CapAdd: ['MKNOD'] } })
  const entries = await exported(api, box)
  for (const [index, path] of paths.entries()) {
    const { type, permissions, uid, gid, mtime, target, major, minor } = seen[index] ?? expect.unreachable()
    const entry = entryNamed(entries, `made/${path}`)
    expect(entry, path).toMatchObject({ type: tarTypes[type], mode: permissions, uid, gid, linkname: target, devmajor: major, devminor: minor })
    expect(Math.abs(Number(entry.mtime) / 1000 - mtime), `the seconds between what ${path} has and what its entry says`).toBeLessThanOrEqual(1)
  }
  expect(entryNamed(entries, 'made/sparse').content.equals(Buffer.alloc(100_000))).toBe(true)
  expect(entryNamed(entries, 'made/new\nline').content.toString()).toBe('two')
})

exporting.should('put each folder before what is in it, and nothing in twice', { id: 'archive-export-order' }, async ({ api, bystanders }) => {
  const entries = await exported(api, bystanders.exited)
  expect(entryNamed(entries, 'data/sub/deep').type).toBe('file')
  expectOrder(entries)
})

exporting.should('leave out what lies on volumes', {
  id: 'archive-export-volumes', reality: 'the page says nothing of volumes, the documents of docker export do; Docker 20.10 and Podman 4.3 leave them out',
}, async ({ api, stage }) => {
  const { box } = await made(stage, 'write /volume/file x; write beside x', [], { Volumes: { '/volume': {} } })
  const names = [...byName(await exported(api, box)).keys()]
  expect(names).toContain('made/beside')
  expect(names).not.toContain('volume/file')
})

exporting.must('export a paused container', { id: 'archive-export-paused' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  expect(entryNamed(await exported(api, box), 'data/hello').content.toString()).toBe('hello\n')
  expect(await api.post(`${box.path}/unpause`)).toAnswer(204)
})
