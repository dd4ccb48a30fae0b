import { expect, operation } from '../../harness/case/index.ts'

const rename = operation('POST /containers/{id}/rename')

rename.must('give a container another name and answer 204', { id: 'container-rename-renamed' }, async ({ api, stage }) => {
  const box = await stage.container()
  const name = stage.name('renamed')
  const answer = await api.post(`${box.path}/rename`, { query: { name } })
  expect(answer).toAnswer(204)
  expect(answer.body.byteLength).toBe(0)
  expect((await api.get(`${box.path}/json`)).at('Name')).toBe(`/${name}`)
  expect(await api.get(`/containers/${box.name}/json`)).toAnswer(404)
})

rename.must('rename a container while it runs', { id: 'container-rename-running' }, async ({ api, stage }) => {
  const box = await stage.running()
  const name = stage.name('renamed')
  expect(await api.post(`${box.path}/rename`, { query: { name } })).toAnswer(204)
  expect((await api.get(`/containers/${name}/json`)).at('State', 'Running')).toBe(true)
})

rename.must('answer 409 where another container has the name', { id: 'container-rename-taken' }, async ({ api, stage, bystanders }) => {
  const box = await stage.container()
  expect(await api.post(`${box.path}/rename`, { query: { name: bystanders.running.name } })).toAnswer(409)
})

rename.must('refuse to rename without a name', {
  id: 'container-rename-nameless',
  reality: 'the page documents 500; so do Docker 1.6 to 1.13, later ones answer 400',
}, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await api.post(`${box.path}/rename`)).toAnswer(400, 500)
})

rename.must('answer 404 where there is no such container', { id: 'container-rename-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/rename`, { query: { name: stage.name() } })).toAnswer(404)
})
