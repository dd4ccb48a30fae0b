import { expect, operation } from '../../harness/case/index.ts'
import { statusOf } from './images.ts'

const tag = operation('POST /images/{name}/tag')

tag.must('give an image another name', { id: 'image-tag-name' }, async ({ api, stage }) => {
  const { id, name } = await stage.image()
  const repo = stage.name('tagged')
  expect(await statusOf(api, `${repo}:v42`)).toBe(404)
  expect(await api.post(`/images/${name}/tag`, { query: { repo, tag: 'v42' } })).toAnswer(201)
  expect((await api.get(`/images/${repo}:v42/json`)).at('Id')).toBe(id)
  expect((await api.get(`/images/${name}/json`)).at('Id')).toBe(id)
})

tag.must('take a repository whose name has several parts', { id: 'image-tag-name-parts' }, async ({ api, stage }) => {
  const { id } = await stage.image()
  const repo = `${stage.name('tagged')}/deep/er`
  expect(await api.post(`/images/${id}/tag`, { query: { repo, tag: 'v42' } })).toAnswer(201)
  expect((await api.get(`/images/${repo}:v42/json`)).at('Id')).toBe(id)
})

tag.must('with force, take a name over from another image', { id: 'image-tag-force', removedIn: '1.24' }, async ({ api, stage }) => {
  const one = await stage.image()
  const other = await stage.image()
  const [repo, version] = other.name.split(':')
  expect((await api.get(`/images/${other.name}/json`)).at('Id')).toBe(other.id)
  expect(await api.post(`/images/${one.id}/tag`, { query: { repo, tag: version, force: 1 } })).toAnswer(201)
  expect((await api.get(`/images/${other.name}/json`)).at('Id')).toBe(one.id)
})

tag.must('without force, either refuse a name that another image has with 409, or take it over', {
  id: 'image-tag-unforced', removedIn: '1.24',
  reality: 'the pages document 409 and the parameter force up to 1.23; Docker 1.6 to 1.9 refuse, 1.10 and later ones take the name over at every version',
}, async ({ api, stage }) => {
  const one = await stage.image()
  const other = await stage.image()
  const [repo, version] = other.name.split(':')
  const answer = await api.post(`/images/${one.id}/tag`, { query: { repo, tag: version } })
  expect(answer).toAnswer(201, 409)
  expect((await api.get(`/images/${other.name}/json`)).at('Id')).toBe(answer.status === 201 ? one.id : other.id)
})

tag.must('take a name over from another image, for there is no force', { id: 'image-tag-takes-over', since: '1.24', source: 'change 1.24/15' }, async ({ api, stage }) => {
  const one = await stage.image()
  const other = await stage.image()
  const [repo, version] = other.name.split(':')
  const named = async () => {
    const image = await api.get(`/images/${other.name}/json`)
    expect(image).toAnswer(200)
    return image.at('Id')
  }
  expect(await named()).toBe(other.id)
  expect(await api.post(`/images/${one.id}/tag`, { query: { repo, tag: version } })).toAnswer(201)
  expect(await named()).toBe(one.id)
})

tag.must('refuse a tag that can be none', {
  id: 'image-tag-bad-tag', reality: 'the page documents 400 for a bad parameter; Docker up to 20.10 answers 500, later ones 400',
}, async ({ api, stage }) => {
  const { id } = await stage.image()
  expect(await api.post(`/images/${id}/tag`, { query: { repo: stage.name('tagged'), tag: 'no/tag' } })).toAnswer(400, 500)
})

tag.must('answer 404 where there is no such image', { id: 'image-tag-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/images/${stage.name()}/tag`, { query: { repo: stage.name('tagged'), tag: 'v42' } })).toAnswer(404)
})
