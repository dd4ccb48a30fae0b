import { expect, operation, type Stage } from '../../harness/case/index.ts'
import { openArchive } from './archived.ts'

const get = operation('GET /images/{name}/get')
const getAll = operation('GET /images/get')

/** An image that shares no layer with another: an archive may hold a shared one once. */
const apart = (stage: Stage) => stage.image({ layers: [[{ name: 'file', content: stage.name('content') }]] })

get.must('answer an image as a tar archive with a folder for each layer: its version, what it is, its files', { id: 'image-get-layout' }, async ({ api, stage }) => {
  const { name } = await stage.image({ layers: [[{ name: 'low', content: 'low\n' }], [{ name: 'high', content: 'high\n' }]] })
  const answer = await api.get(`/images/${name}/get`)
  expect(answer).toAnswer(200)
  expect(answer.header('Content-Type')).toBe('application/x-tar')
  const archive = await openArchive(answer.body)
  expect(archive.layers).toHaveLength(2)
  expect(archive.entries.map(({ name }) => name)).toEqual(expect.arrayContaining(archive.layers.map((layer) => `${layer}/layer.tar`)))
  for (const layer of archive.layers) {
    expect(archive.entries.find(({ name }) => name === `${layer}/VERSION`)?.content.toString('utf8')).toBe('1.0')
    expect(archive.described(layer)).toMatchObject({ id: layer })
  }
  expect(await archive.files()).toEqual(new Map([['low', 'low\n'], ['high', 'high\n']]))
})

get.must('tell in the archive which layer a name is of', { id: 'image-get-repositories' }, async ({ api, stage }) => {
  const { name } = await stage.image()
  const [repository = '', tag = ''] = name.split(':')
  const archive = await openArchive((await api.get(`/images/${name}/get`)).body)
  expect(archive.layers).toHaveLength(1)
  expect(archive.repositories).toEqual({ [repository]: { [tag]: archive.layers[0] } })
})

get.must('leave the names out of the archive of an image that is asked for by its id', { id: 'image-get-by-id' }, async ({ api, stage }) => {
  const { id } = await stage.image()
  const answer = await api.get(`/images/${id}/get`)
  expect(answer).toAnswer(200)
  const archive = await openArchive(answer.body)
  expect(archive.layers).toHaveLength(1)
  expect(await archive.files()).toEqual(new Map([['file', 'of the suite\n']]))
  expect(archive.repositories).toBeUndefined()
})

get.must('answer all images of a repository', { id: 'image-get-repository' }, async ({ api, stage }) => {
  const [one, other] = [await apart(stage), await apart(stage)]
  const repo = stage.name('several')
  for (const [id, tag] of [[one.id, 'a'], [other.id, 'b']]) expect(await api.post(`/images/${id}/tag`, { query: { repo, tag } })).toAnswer(201)
  const answer = await api.get(`/images/${repo}/get`)
  expect(answer).toAnswer(200)
  const archive = await openArchive(answer.body)
  expect(Object.keys(archive.repositories ?? {})).toEqual([repo])
  expect(Object.keys(archive.repositories?.[repo] ?? {}).sort()).toEqual(['a', 'b'])
  expect(archive.layers).toHaveLength(2)
})

getAll.must('answer the images that are named in one archive', { id: 'image-get-all-names' }, async ({ api, stage }) => {
  const [one, other, third] = [await apart(stage), await apart(stage), await stage.image()]
  const answer = await api.get(`/images/get?names=${one.name}&names=${other.name}`)
  expect(answer).toAnswer(200)
  expect(answer.header('Content-Type')).toBe('application/x-tar')
  const archive = await openArchive(answer.body)
  const repositories = Object.keys(archive.repositories ?? {}).sort()
  expect(repositories).toEqual([one.name, other.name].map((name) => name.split(':')[0]).sort())
  expect(repositories).not.toContain(third.name.split(':')[0])
  expect(archive.layers).toHaveLength(2)
})

getAll.must('leave out the name of an image that is asked for by its id', { id: 'image-get-all-by-id' }, async ({ api, stage }) => {
  const [one, other] = [await apart(stage), await apart(stage)]
  const archive = await openArchive((await api.get(`/images/get?names=${one.name}&names=${other.id}`)).body)
  expect(Object.keys(archive.repositories ?? {})).toEqual([one.name.split(':')[0]])
  expect(archive.layers).toHaveLength(2)
})

for (const { suite, id, path } of [
  { suite: get, id: 'image-get-unknown', path: (name: string) => `/images/${name}/get` },
  { suite: getAll, id: 'image-get-all-unknown', path: (name: string) => `/images/get?names=${name}` },
]) {
  suite.must('refuse a name that no image has', { id, reality: 'the page documents 500 and nothing else; Docker 20.10 answers 404' }, async ({ api, stage }) => {
    expect(await api.get(path(stage.name()))).toAnswer(500, 404)
  })
}
