import { expect, operation } from '../../harness/case/index.ts'

const create = operation('POST /containers/create')

create.must('create a container and answer 201 with its Id', { id: 'container-create-created' }, async ({ api, stage }) => {
  const answer = await stage.create({ Cmd: ['hold'] })
  expect(answer).toAnswer(201)
  const inspected = await api.get(`/containers/${answer.at('Id')}/json`)
  expect(inspected).toAnswer(200)
  expect(inspected.at('Id')).toBe(answer.at('Id'))
})

create.must('not start what it creates', { id: 'container-create-not-started' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['hold'] })
  expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(false)
})

create.must('give the container the name of the name parameter', { id: 'container-create-name' }, async ({ api, stage }) => {
  const name = stage.name('named')
  expect(await api.get(`/containers/${name}/json`)).toAnswer(404)
  expect(await stage.create({}, { name })).toAnswer(201)
  expect((await api.get(`/containers/${name}/json`)).at('Name')).toBe(`/${name}`)
})

create.must('make up a name where none is given', { id: 'container-create-name-generated' }, async ({ api, stage, guest }) => {
  const answer = await api.post('/containers/create', { body: { Image: guest.image, Cmd: ['hold'], Labels: stage.labels } })
  expect(answer).toAnswer(201)
  expect((await api.get(`/containers/${answer.at('Id')}/json`)).at('Name')).toMatch(/^\/[a-zA-Z0-9][a-zA-Z0-9_.-]+$/)
})

create.must('refuse a name of other characters than [a-zA-Z0-9_.-]', {
  id: 'container-create-name-invalid',
  reality: 'the page gives no status to a malformed name; Docker 1.6 to 1.13 answer 500, later ones 400',
}, async ({ stage }) => {
  expect(await stage.create({}, { name: `${stage.name()}!` })).toAnswer(400, 500)
})

create.must('answer 409 where another container has the name', { id: 'container-create-name-taken' }, async ({ stage }) => {
  const name = stage.name('taken')
  expect(await stage.create({}, { name })).toAnswer(201)
  expect(await stage.create({}, { name })).toAnswer(409)
})

create.must('answer 404 where there is no such image', { id: 'container-create-image-unknown' }, async ({ stage }) => {
  expect(await stage.create({ Image: `${stage.name('image')}:none` })).toAnswer(404)
})

create.must('take an image by its id', { id: 'container-create-image-id' }, async ({ api, stage, guest }) => {
  const id: unknown = (await api.get(`/images/${guest.image}/json`)).at('Id')
  const box = await stage.container({ Image: id })
  expect((await api.get(`${box.path}/json`)).at('Image')).toBe(id)
})

create.must('take an image by the beginning of its id', { id: 'container-create-image-short-id' }, async ({ api, stage, guest }) => {
  const id: unknown = (await api.get(`/images/${guest.image}/json`)).at('Id')
  const box = await stage.container({ Image: String(id).replace('sha256:', '').slice(0, 12) })
  expect((await api.get(`${box.path}/json`)).at('Image')).toBe(id)
})

create.must('ignore properties that it does not know', { id: 'container-create-open-schema', source: 'general/01' }, async ({ api, stage }) => {
  const box = await stage.container({ NoSuchProperty: { at: ['all'] }, HostConfig: { NoSuchLimit: 1, NetworkMode: 'none' } })
  expect((await api.get(`${box.path}/json`)).at('Config', 'NoSuchProperty')).toBeUndefined()
})

create.must('answer 500 to a container without a command', {
  id: 'container-create-no-command-server-error', removedIn: '1.24', source: 'change 1.24/07', needs: ['linux'],
}, async ({ stage }) => {
  expect(await stage.create({ Cmd: [], Entrypoint: [''] })).toAnswer(500)
})

create.must('answer 400 to a container without a command', { id: 'container-create-no-command', since: '1.24', source: 'change 1.24/07', needs: ['linux'] }, async ({ stage }) => {
  expect(await stage.create({ Cmd: [], Entrypoint: [''] })).toAnswer(400)
})

create.must('refuse a request without a body', {
  id: 'container-create-no-body',
  reality: 'Docker 1.6 to 1.13 answer 500 to an empty configuration, later ones 400',
}, async ({ api, stage }) => {
  expect(await api.post('/containers/create', { query: { name: stage.name() } })).toAnswer(400, 500)
})

create.must('refuse a body that is no JSON', {
  id: 'container-create-malformed-body',
  reality: 'Docker 1.6 to 1.13 answer 500 to malformed JSON, later ones 400',
}, async ({ api, stage }) => {
  const answer = await api.post('/containers/create', { query: { name: stage.name() }, body: '{"Image": ', headers: { 'Content-Type': 'application/json' } })
  expect(answer).toAnswer(400, 500)
})

create.must('tell the warnings of the creation', { id: 'container-create-warnings' }, async ({ stage }) => {
  const answer = await stage.create({})
  expect(answer).toAnswer(201)
  expect(answer.at('Warnings') ?? []).toBeInstanceOf(Array)
})

create.must('answer errors as plain text', { id: 'container-create-error-text', removedIn: '1.24', source: 'change 1.24/18' }, async ({ stage }) => {
  const answer = await stage.create({ Image: `${stage.name('image')}:none` })
  expect(answer.header('Content-Type')).toMatch(/^text\/plain/)
  expect(answer.text).toMatch(/no such image/i)
})

create.must('answer errors as JSON with a message', { id: 'container-create-error-json', since: '1.24', source: 'change 1.24/18' }, async ({ stage }) => {
  const answer = await stage.create({ Image: `${stage.name('image')}:none` })
  expect(answer.header('Content-Type')).toMatch(/^application\/json/)
  expect(answer.at('message')).toMatch(/no such image/i)
})
