import { expect, operation, type ApiAnswer } from '../../harness/case/index.ts'
import { asList, bare, nameless, statusOf } from './images.ts'

const prune = operation('POST /images/prune')

/** The bare ids that an answer says were deleted. */
function deletedBy(answer: ApiAnswer): string[] {
  return asList(answer.at('ImagesDeleted')).flatMap((each: any) => (typeof each?.Deleted === 'string' ? [bare(each.Deleted)] : []))
}

prune.must('delete the images that have no name and no container, and leave the named ones, where dangling is true', {
  id: 'image-prune-dangling', source: ['operation', 'change 1.25/25'], alone: true, disposable: 'it removes every image that no container uses, whoever made it',
}, async ({ api, stage }) => {
  const [named, unnamed, used] = [await stage.image(), await nameless(api, stage), await nameless(api, stage)]
  const box = await stage.container({ Image: used })
  const answer = await api.post('/images/prune', { query: { filters: { dangling: ['true'] } } })
  expect(answer).toAnswer(200)
  expect(deletedBy(answer)).toContain(unnamed)
  expect(deletedBy(answer)).not.toContain(used)
  expect(await statusOf(api, unnamed)).toBe(404)
  expect(await statusOf(api, used)).toBe(200)
  expect(await statusOf(api, named.name)).toBe(200)
  expect(await api.get(`${box.path}/json`)).toAnswer(200)

  const again = await api.post('/images/prune', { query: { filters: { dangling: ['true'] } } })
  expect(deletedBy(again)).toEqual([])
  expect(again.at('SpaceReclaimed')).toBe(0)
})

prune.must('delete the images that no container has, named or not, where dangling is false, and tell the space', {
  id: 'image-prune-unused', source: ['operation', 'change 1.25/25'], alone: true, disposable: 'it removes every image that no container uses, whoever made it',
}, async ({ api, stage, guest }) => {
  const [unused, used] = [await stage.image({ layers: [[{ name: 'large', content: Buffer.alloc(100_000, stage.name('content')) }]] }), await stage.built()]
  await stage.container({ Image: used.name })
  const answer = await api.post('/images/prune', { query: { filters: { dangling: ['false'] } } })
  expect(answer).toAnswer(200)
  expect(deletedBy(answer)).toContain(bare(unused.id))
  expect(deletedBy(answer)).not.toContain(bare(used.id))
  expect(Number(answer.at('SpaceReclaimed'))).toBeGreaterThanOrEqual(100_000)
  expect(await statusOf(api, unused.name)).toBe(404)
  expect(await statusOf(api, used.name)).toBe(200)
  expect(await statusOf(api, guest.image), 'the image of the containers that run').toBe(200)
})

prune.must('refuse filters that are no JSON, and remove nothing', {
  id: 'image-prune-filters-no-json', source: ['operation', 'change 1.25/25'], alone: true, disposable: 'it removes images where a daemon takes such filters for none',
  reality: 'the page documents 500 alone; Docker 26.1 and later answer 400',
}, async ({ api, stage }) => {
  const kept = await stage.image()
  expect(await api.post('/images/prune', { query: { filters: 'notjson' } })).toAnswer(400, 500)
  expect(await statusOf(api, kept.name)).toBe(200)
})
