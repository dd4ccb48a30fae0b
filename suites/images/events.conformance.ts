import { expect, operation, type Place } from '../../harness/case/index.ts'
import { actionOf, eventsDuring, objectOf } from '../system/watched.ts'
import { bare } from './images.ts'

const events = operation('GET /events')

const idOf = (event: Place) => bare(objectOf(event))

events.must('tell of untag where a name of an image is removed, and of delete too where it was the last', { id: 'events-image-untag-delete', source: 'general/12' }, async ({ api, stage, daemon }) => {
  const { id, name } = await stage.image()
  const repo = stage.name('other')
  expect(await api.post(`/images/${id}/tag`, { query: { repo, tag: 'two' } })).toAnswer(201)
  const told = await eventsDuring({ api, daemon }, { filters: { event: ['untag', 'delete'] } }, async () => {
    expect(await api.delete(`/images/${repo}:two`)).toAnswer(200)
    expect(await api.delete(`/images/${name}`)).toAnswer(200)
  }, (event) => idOf(event) === bare(id) && actionOf(event) === 'delete')
  expect(told.filter((event) => idOf(event) === bare(id)).map(actionOf)).toEqual(['untag', 'untag', 'delete'])
})

events.must('tell of untag and of delete where an image is deleted by its id', { id: 'events-image-delete-by-id', source: 'general/12' }, async ({ api, stage, daemon }) => {
  const { id } = await stage.image()
  const told = await eventsDuring({ api, daemon }, { filters: { event: ['untag', 'delete'] } }, async () => expect(await api.delete(`/images/${id}`)).toAnswer(200),
    (event) => idOf(event) === bare(id) && actionOf(event) === 'delete')
  expect(told.filter((event) => idOf(event) === bare(id)).map(actionOf)).toEqual(['untag', 'delete'])
})
