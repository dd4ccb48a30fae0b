import { expect, operation, Nonconformance, type Api, type Stage } from '../../harness/case/index.ts'
import type { TarInput } from '../../harness/wire/tar.ts'
import { contentAt, entriesAt, exists, get, head, made, plainName, put } from './archive.ts'

const download = operation('GET /containers/{id}/archive')
const upload = operation('PUT /containers/{id}/archive')

/** Further up than any root file system lies below the root of its host. */
const up = '../'.repeat(24)

/** A file of the host whose content is known: it lies on a volume. Needs API 1.21. */
async function fileOfHost(api: Api, stage: Stage): Promise<{ readonly folder: string; readonly content: string }> {
  const volume = await stage.volume()
  const content = stage.name('secret')
  const folder: unknown = (await api.get(`/volumes/${volume.name}`)).at('Mountpoint')
  if (typeof folder !== 'string' || !folder.startsWith('/')) throw new Nonconformance(`the daemon says that the volume lies at ${String(folder)}`)
  await made(stage, `write /volume/secret ${content}`, [], { HostConfig: { Binds: [`${volume.name}:/volume`] } })
  return { folder, content }
}

/** Whether paths exist on the host, as a container sees that has its root bound into it. */
async function onHost(stage: Stage, paths: readonly string[]): Promise<boolean[]> {
  const { stdout } = await stage.output({ Cmd: ['sh', '-c', paths.map((path) => `health /host${path} && echo there || echo gone`).join('; ')], HostConfig: { Binds: ['/:/host:ro'] } })
  const lines = stdout.trimEnd().split('\n')
  expect(lines, 'what the guest says').toHaveLength(paths.length)
  return lines.map((line) => line === 'there')
}

/** A link, and a file whose name leads through it. */
const through = (linkname: string, file: string): TarInput[] => [{ name: 'link', type: 'symlink', linkname }, { name: `link/${file}`, content: 'out' }]

/** Archives that would leave the folder that they are unpacked into, by the name of a file that must not turn up outside of the container. */
const attempts: readonly { readonly id: string; readonly what: string; readonly entries: (file: string) => readonly TarInput[] }[] = [
  { id: 'archive-put-escape-parents', what: 'a name that leads up by ..', entries: (file) => [{ name: `${up}${file}`, content: 'out' }] },
  { id: 'archive-put-escape-parents-within', what: 'a name that leads down, and up by more', entries: (file) => [{ name: `a/b/${up}${file}`, content: 'out' }] },
  { id: 'archive-put-escape-absolute', what: 'an absolute name', entries: (file) => [{ name: `/${file}`, content: 'out' }] },
  { id: 'archive-put-escape-link', what: 'a link to the root folder and a name that leads through it', entries: (file) => through('/', file) },
  { id: 'archive-put-escape-link-above', what: 'a link that leads up by .. and a name that leads through it', entries: (file) => through(up, file) },
]

for (const { id, what, entries } of attempts) {
  upload.must(`keep within the container what comes with ${what}`, {
    id, since: '1.21', disposable: 'a daemon that falls for it writes or reads files of its own machine', versions: 'ends', needs: ['local-volumes', 'linux'],
    reality: 'the page says that the archive is extracted in the file system of the container; daemons refuse some of these, and put others somewhere within it',
  }, async ({ api, stage }) => {
    const host = await fileOfHost(api, stage)
    const box = await stage.container()
    const file = stage.name('escaped')
    expect(await put(api, box, '/tmp', entries(file))).toAnswer(200, 400, 403, 500)
    // The file of the volume shows that it is the host that is looked at.
    expect(await onHost(stage, [`${host.folder}/secret`, `/${file}`, `/tmp/${file}`])).toEqual([true, false, false])
    expect(await contentAt(api, box, '/data/hello'), 'the container is as good as before').toBe('hello\n')
  })
}

upload.must('refuse a hard link to a file of the host, or look for it within the container', {
  id: 'archive-put-escape-hard-link', since: '1.21', disposable: 'a daemon that falls for it writes or reads files of its own machine', versions: 'ends', needs: ['local-volumes', 'linux'],
}, async ({ api, stage }) => {
  const host = await fileOfHost(api, stage)
  expect(await onHost(stage, [`${host.folder}/secret`])).toEqual([true])
  const box = await stage.container()
  for (const [index, linkname] of [`${host.folder}/secret`, `${up}${host.folder.slice(1)}/secret`].entries()) {
    expect(await put(api, box, '/tmp', [{ name: `link${index}`, type: 'link', linkname }])).toAnswer(400, 403, 404, 500)
    expect(await exists(api, box, `/tmp/link${index}`)).toBe(false)
  }
})

download.must('show nothing of the host through a link', { id: 'archive-get-escape-link', since: '1.21', needs: ['local-volumes'] }, async ({ api, stage }) => {
  const host = await fileOfHost(api, stage)
  const { box, seen } = await made(stage, `symlink ${host.folder} folder; symlink ${host.folder}/secret file; symlink ${up}${host.folder.slice(1)} above`, ['folder', 'above'])
  expect(seen.map(({ target }) => target)).toEqual([host.folder, `${up}${host.folder.slice(1)}`])
  for (const path of ['/made/folder/secret', '/made/above/secret', '/made/folder/', `${up}${host.folder}/secret`, `${host.folder}/secret`]) {
    expect(await head(api, box, path)).toAnswer(404)
    expect(await get(api, box, path)).toAnswer(404)
  }
  const whole = await entriesAt(api, box, '/made')
  expect(whole.map(({ name, type }) => [plainName(name), type])).toEqual([['made', 'directory'], ['made/above', 'symlink'], ['made/file', 'symlink'], ['made/folder', 'symlink']])
})
