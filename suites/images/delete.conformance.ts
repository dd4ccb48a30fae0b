import { expect, operation, type ApiAnswer } from '../../harness/case/index.ts'
import { bare, parentOf, statusOf } from './images.ts'

const remove = operation('DELETE /images/{name}')

/** What an answer says was deleted: bare ids. */
const deletedBy = (answer: ApiAnswer): string[] => answer.list().flatMap((each) => (typeof each.at('Deleted') === 'string' ? [bare(each.at('Deleted'))] : []))

remove.must('take one name of several off an image, and leave the image', { id: 'image-delete-untag' }, async ({ api, stage }) => {
  const { id, name } = await stage.image()
  const repo = stage.name('other')
  expect(await api.post(`/images/${name}/tag`, { query: { repo, tag: 'two' } })).toAnswer(201)
  const answer = await api.delete(`/images/${repo}:two`)
  expect(answer).toAnswer(200)
  // A daemon may put the registry's name before it.
  expect(answer.at()).toEqual([{ Untagged: expect.stringMatching(new RegExp(`(^|/)${repo}:two$`)) as unknown }])
  expect(await statusOf(api, `${repo}:two`)).toBe(404)
  const image = await api.get(`/images/${name}/json`)
  expect(image).toAnswer(200)
  expect(image.at('Id')).toBe(id)
})

remove.must('delete an image with its last name', { id: 'image-delete-last-name' }, async ({ api, stage }) => {
  const { id, name } = await stage.image()
  const answer = await api.delete(`/images/${name}`)
  expect(answer).toAnswer(200)
  expect(answer.list().some((each) => each.at('Untagged') !== undefined), 'a name was taken off').toBe(true)
  expect(deletedBy(answer)).toContain(bare(id))
  expect(await statusOf(api, name)).toBe(404)
  expect(await statusOf(api, id)).toBe(404)
})

remove.must('delete an image by its id, and its one name with it', { id: 'image-delete-id' }, async ({ api, stage }) => {
  const { id, name } = await stage.image()
  const answer = await api.delete(`/images/${id}`)
  expect(answer).toAnswer(200)
  expect(answer.list().some((each) => each.at('Untagged') !== undefined), 'a name was taken off').toBe(true)
  expect(deletedBy(answer)).toContain(bare(id))
  expect(await statusOf(api, name)).toBe(404)
  expect(await statusOf(api, id)).toBe(404)
})

remove.must('refuse to delete an image of several names by its id with 409, unless force is given', { id: 'image-delete-several-names' }, async ({ api, stage }) => {
  const { id, name } = await stage.image()
  const repo = stage.name('other')
  expect(await api.post(`/images/${name}/tag`, { query: { repo, tag: 'two' } })).toAnswer(201)
  for (const query of [{}, { force: 0 }]) expect(await api.delete(`/images/${id}`, { query })).toAnswer(409)
  expect(await statusOf(api, `${repo}:two`)).toBe(200)
  const answer = await api.delete(`/images/${id}`, { query: { force: 1 } })
  expect(answer).toAnswer(200)
  expect(answer.list().filter((each) => each.at('Untagged') !== undefined), 'the names that were taken off').toHaveLength(2)
  expect(deletedBy(answer)).toContain(bare(id))
  expect(await statusOf(api, name)).toBe(404)
  expect(await statusOf(api, `${repo}:two`)).toBe(404)
  expect(await statusOf(api, id)).toBe(404)
})

remove.must('refuse to delete an image that a stopped container has with 409, unless force is given', { id: 'image-delete-stopped-container' }, async ({ api, stage }) => {
  const image = await stage.built()
  const box = await stage.container({ Image: image.name })
  expect(await api.delete(`/images/${image.id}`)).toAnswer(409)
  expect(await statusOf(api, image.name)).toBe(200)
  const answer = await api.delete(`/images/${image.id}`, { query: { force: 1 } })
  expect(answer).toAnswer(200)
  expect(deletedBy(answer)).toContain(bare(image.id))
  expect(await statusOf(api, image.id)).toBe(404)
  expect(await api.get(`${box.path}/json`)).toAnswer(200)
})

remove.must('refuse to delete an image that a running container has with 409, force or not', { id: 'image-delete-running-container' }, async ({ api, stage }) => {
  const image = await stage.built()
  const box = await stage.running({ Image: image.name })
  for (const query of [{}, { force: 1 }]) expect(await api.delete(`/images/${image.id}`, { query })).toAnswer(409)
  expect(await statusOf(api, image.id)).toBe(200)
  expect(await api.delete(box.path, { query: { force: 1 } })).toAnswer(204)
  expect(await api.delete(`/images/${image.id}`)).toAnswer(200)
})

remove.must('refuse to delete an image that another is made of with 409, force or not', { id: 'image-delete-parent', since: '1.25' }, async ({ api, stage }) => {
  const { id } = await stage.built(['ENV ONE=1'], { from: 'scratch' })
  const parent = await parentOf(api, id)
  for (const query of [{}, { force: 1 }]) expect(await api.delete(`/images/${parent}`, { query })).toAnswer(409)
  expect(await statusOf(api, parent)).toBe(200)
})

remove.must('delete the nameless images that an image is made of with it, unless noprune is given', { id: 'image-delete-noprune' }, async ({ api, stage }) => {
  const { name: from } = await stage.image()
  const kept = await stage.built(['ENV ONE=1'], { from })
  const keptParent = await parentOf(api, kept.id)
  const unpruned = await api.delete(`/images/${kept.name}`, { query: { noprune: 1 } })
  expect(unpruned).toAnswer(200)
  expect(deletedBy(unpruned)).toContain(bare(kept.id))
  expect(deletedBy(unpruned)).not.toContain(keptParent)
  expect(await statusOf(api, keptParent)).toBe(200)

  // The same steps are found again in the cache, above the parent that was kept.
  const pruned = await stage.built(['ENV ONE=1'], { from, query: { nocache: 0 } })
  expect(await parentOf(api, pruned.id)).toBe(keptParent)
  const answer = await api.delete(`/images/${pruned.name}`, { query: { noprune: 0 } })
  expect(answer).toAnswer(200)
  expect(deletedBy(answer)).toEqual(expect.arrayContaining([bare(pruned.id), keptParent]))
  expect(await statusOf(api, keptParent)).toBe(404)
})

remove.must('leave an image with a name, though one that is made of it is deleted', { id: 'image-delete-named-parent' }, async ({ api, stage }) => {
  const base = await stage.image()
  const derived = await stage.built([], { from: base.name })
  const answer = await api.delete(`/images/${derived.name}`)
  expect(deletedBy(answer)).toContain(bare(derived.id))
  expect(deletedBy(answer)).not.toContain(bare(base.id))
  expect((await api.get(`/images/${base.name}/json`)).at('Id')).toBe(base.id)
})

remove.must('answer 404 where there is no such image', { id: 'image-delete-unknown' }, async ({ api, stage }) => {
  expect(await api.delete(`/images/${stage.name()}`)).toAnswer(404)
})
