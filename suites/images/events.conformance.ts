import { expect, operation, type Place } from '../../harness/case/index.ts'
import { packTar } from '../../harness/wire/tar.ts'
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

events.must('tell of tag where an image gets a name', { id: 'events-image-tag', since: '1.20' }, async ({ api, stage, daemon }) => {
  const { id } = await stage.image()
  const repo = stage.name('other')
  stage.adopt('image', `${repo}:two`)
  const told = await eventsDuring({ api, daemon }, { filters: { event: ['tag'] } }, () => api.post(`/images/${id}/tag`, { query: { repo, tag: 'two' } }), (event) => idOf(event) === bare(id))
  expect(told.every((event) => actionOf(event) === 'tag')).toBe(true)
})

events.must('tell of import where an image is made of a tar', { id: 'events-image-import', since: '1.20' }, async ({ api, stage, daemon }) => {
  const repo = stage.name('imported')
  stage.adopt('image', `${repo}:v1`)
  const body = await packTar([{ name: 'file', content: `of ${repo}\n` }])
  let id: string | undefined
  const told = await eventsDuring({ api, daemon }, { filters: { event: ['import'] } }, async () => {
    expect(await api.post('/images/create', { query: { fromSrc: '-', repo, tag: 'v1' }, body, headers: { 'Content-Type': 'application/x-tar' } })).toAnswer(200)
    id = bare((await api.get(`/images/${repo}:v1/json`)).at('Id'))
  }, (event) => idOf(event) === id)
  expect(told.every((event) => actionOf(event) === 'import')).toBe(true)
})

events.must('tell of save and of load', { id: 'events-image-save-load', since: '1.24' }, async ({ api, stage, daemon }) => {
  const { id, name } = await stage.image()
  let saved = false
  const told = await eventsDuring({ api, daemon }, { filters: { event: ['save', 'load'] } }, async () => {
    const archive = await api.get(`/images/${name}/get`)
    expect(archive).toAnswer(200)
    expect(await api.delete(`/images/${name}`)).toAnswer(200)
    expect(await api.post('/images/load', { body: archive.body, headers: { 'Content-Type': 'application/x-tar' } })).toAnswer(200)
  }, (event) => {
    // The stage has loaded it too, perhaps in the same second.
    saved ||= idOf(event) === bare(id) && actionOf(event) === 'save'
    return saved && idOf(event) === bare(id) && actionOf(event) === 'load'
  })
  expect(told.filter((event) => idOf(event) === bare(id)).map(actionOf).slice(-2)).toEqual(['save', 'load'])
})
