import { expect, operation, type Api, type ApiAnswer } from '../../harness/case/index.ts'
import { readTar, type TarEntry } from '../../harness/wire/tar.ts'
import { entriesAt, entryNamed, made, plainName } from './archive.ts'

const copy = operation('POST /containers/{id}/copy')

const copied = (api: Api, box: { readonly id: string }, Resource: string): Promise<ApiAnswer> => api.post(`/containers/${box.id}/copy`, { body: { Resource } })

async function entriesOf(answer: ApiAnswer): Promise<TarEntry[]> {
  expect(answer).toAnswer(200)
  return readTar(answer.body)
}

copy.must('take a resource that is not absolute as from the root on', { id: 'archive-copy-relative' }, async ({ api, bystanders }) => {
  const answer = await copied(api, bystanders.exited, 'data/sub/deep')
  expect(answer.header('Content-Type')).toBe('application/x-tar')
  expect(await entriesOf(answer)).toMatchObject([{ name: 'deep', type: 'file', mode: 0o644, content: Buffer.from('deep\n') }])
})

copy.must('answer all that is in a folder', {
  id: 'archive-copy-folder', reality: 'the page has an example of a file only; Docker 1.6 to 1.13 name entries from the last part of the folder on, 20.10 from within it',
}, async ({ api, bystanders }) => {
  const entries = await entriesOf(await copied(api, bystanders.exited, '/data'))
  const names = entries.map(({ name }) => plainName(name).replace(/^data(\/|$)/, '')).filter((name) => name !== '')
  expect(names.sort()).toEqual(['hello', 'link', 'nowhere', 'sub', 'sub/deep'])
  expect(entries.find(({ name }) => name.endsWith('sub/deep'))).toMatchObject({ content: Buffer.from('deep\n') })
  expect(entries.find(({ name }) => name.endsWith('link'))).toMatchObject({ type: 'symlink', linkname: 'hello' })
})

copy.must('follow a link to a file', { id: 'archive-copy-link' }, async ({ api, bystanders }) => {
  expect(await entriesOf(await copied(api, bystanders.exited, '/data/link'))).toMatchObject([{ type: 'file', content: Buffer.from('hello\n') }])
})

copy.must('follow links and .. within the container only', { id: 'archive-copy-link-above-root' }, async ({ api, stage }) => {
  const { box } = await made(stage, 'symlink ../../../../../../../../../etc above')
  for (const resource of ['/made/above/passwd', '/../../../../../../../../etc/passwd']) {
    const [entry, ...more] = await entriesOf(await copied(api, box, resource))
    expect(more).toEqual([])
    expect(entry?.content.toString(), resource).toContain('guest:x:1000:1000')
  }
})

copy.must('answer the same entry of a file as the operation that replaces it', {
  id: 'archive-copy-as-archive', since: '1.20', source: ['operation', 'change 1.20/03'],
}, async ({ api, stage }) => {
  const { box } = await made(stage, "write it 'the same'; chown 5 6 it; chmod 4711 it; touch it 1234567890")
  const entries = await entriesOf(await copied(api, box, '/made/it'))
  expect(entries).toMatchObject([{ name: 'it', mode: 0o4711, uid: 5, gid: 6, mtime: new Date(1234567890_000), content: Buffer.from('the same') }])
  const replaced = entryNamed(await entriesAt(api, box, '/made/it'), 'it')
  expect(entries[0]).toMatchObject({ type: replaced.type, mode: replaced.mode, mtime: replaced.mtime, content: replaced.content })
})

copy.must('refuse a request that names no resource', { id: 'archive-copy-no-resource', reality: 'the page has 404 and 500; Docker 20.10 answers 400' }, async ({ api, bystanders }) => {
  const answer = await copied(api, bystanders.exited, '')
  expect(answer).toAnswer(400, 404, 500)
  // The container is there: it is the resource that is missing.
  expect(await copied(api, bystanders.exited, '/data/hello')).toAnswer(200)
})

copy.must('copy from a running container', { id: 'archive-copy-running' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect((await stage.run(box, 'write', '/tmp/now', 'while it runs')).exitCode).toBe(0)
  expect(await entriesOf(await copied(api, box, '/tmp/now'))).toMatchObject([{ name: 'now', content: Buffer.from('while it runs') }])
})
