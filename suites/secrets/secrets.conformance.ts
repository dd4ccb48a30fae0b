import { expect, operation, type Api, type Stage } from '../../harness/case/index.ts'
import { update, versionOf } from '../swarm/own-swarm.ts'

const list = operation('GET /secrets')
const create = operation('POST /secrets/create')
const inspect = operation('GET /secrets/{id}')
const remove = operation('DELETE /secrets/{id}')
const updating = operation('POST /secrets/{id}/update')

const meta = { since: '1.25', inSwarm: true } as const
const unknown = 'nosuchsecretnosuchsecretn'
/** What the secrets keep, and what none may tell. */
const content = 'said to nobody'
const Data = Buffer.from(content).toString('base64')

/** A secret of the case's own. */
async function ownSecret(api: Api, stage: Stage, more: object = {}): Promise<{ readonly id: string; readonly name: string; readonly path: string }> {
  const name = stage.name('secret')
  const answer = await api.post('/secrets/create', { body: { Name: name, Data, ...more } })
  expect(answer).toAnswer(201)
  const id = answer.textAt('ID')
  stage.defer(async () => void (await api.delete(`/secrets/${id}`)))
  return { id, name, path: `/secrets/${id}` }
}

create.must('make a secret with the labels that the body says, and answer its id', { id: 'secret-create', ...meta }, async ({ api, stage }) => {
  const { path, name } = await ownSecret(api, stage, { Labels: { colour: 'blue' } })
  const answer = await api.get(path)
  expect(answer).toAnswer(200)
  expect(answer.at('Spec')).toMatchObject({ Name: name, Labels: { colour: 'blue' } })
})

create.must('refuse a name that another secret has', { id: 'secret-create-conflict', ...meta }, async ({ api, stage }) => {
  const { name } = await ownSecret(api, stage)
  expect(await api.post('/secrets/create', { body: { Name: name, Data } })).toAnswer(409)
  expect((await api.get('/secrets')).list().filter((secret) => secret.at('Spec', 'Name') === name)).toHaveLength(1)
})

list.must('list the secrets', { id: 'secret-list', ...meta }, async ({ api, stage }) => {
  const { id, name } = await ownSecret(api, stage)
  const answer = await api.get('/secrets')
  expect(answer).toAnswer(200)
  expect(answer.at()).toContainEqual(expect.objectContaining({ ID: id, Spec: expect.objectContaining({ Name: name, Labels: expect.any(Object) }) }))
})

list.must('filter by names', {
  id: 'secret-list-filter-names', ...meta, reality: 'the page of 1.25 names no filter; that of Docker 1.13, which has this version, names this one',
}, async ({ api, stage }) => {
  const { id, name } = await ownSecret(api, stage)
  const ids = async (value: string) => (await api.get('/secrets', { query: { filters: JSON.stringify({ names: [value] }) } })).at()
  expect(await ids(name)).toEqual([expect.objectContaining({ ID: id })])
  expect(await ids(`${name}-not`)).toEqual([])
})

inspect.must('never tell what a secret keeps', { id: 'secret-inspect-without-data', ...meta }, async ({ api, stage }) => {
  const { path } = await ownSecret(api, stage)
  for (const answer of [await api.get(path), await api.get('/secrets')]) {
    expect(answer).toAnswer(200)
    expect(answer.text).not.toContain(Data)
    expect(answer.text).not.toContain(content)
  }
})

inspect.must('know no secret of an id that none has', { id: 'secret-inspect-unknown', ...meta }, async ({ api }) => {
  expect(await api.get(`/secrets/${unknown}`)).toAnswer(404)
})

remove.must('delete the secret', { id: 'secret-delete', ...meta }, async ({ api, stage }) => {
  const { path } = await ownSecret(api, stage)
  expect(await api.get(path)).toAnswer(200)
  expect(await api.delete(path)).toAnswer(204)
  expect(await api.get(path)).toAnswer(404)
  expect(await api.delete(path)).toAnswer(404)
})

updating.must('give the secret other labels', { id: 'secret-update-labels', ...meta }, async ({ api, stage }) => {
  const { path, name } = await ownSecret(api, stage, { Labels: { colour: 'blue' } })
  const version = await versionOf(api, path)
  expect(await update(api, path, { Name: name, Labels: { shade: 'dark' } })).toAnswer(200)
  const answer = await api.get(path)
  expect(answer.at('Spec', 'Labels')).toEqual({ shade: 'dark' })
  expect(answer.numberAt('Version', 'Index')).toBeGreaterThan(version)
})

updating.must('refuse another name, and other data', {
  id: 'secret-update-labels-only', ...meta, reality: 'the page says that only labels can be updated, and has no status for the rest; Docker 1.13 answers 500, later ones 400',
}, async ({ api, stage }) => {
  const { path, name } = await ownSecret(api, stage)
  expect(await update(api, path, { Name: `${name}-other` })).toAnswer(400, 500)
  expect(await update(api, path, { Name: name, Data: Buffer.from('other').toString('base64') })).toAnswer(400, 500)
  expect((await api.get(path)).at('Spec', 'Name')).toBe(name)
})

updating.must('refuse to update another version than the secret has', {
  id: 'secret-update-out-of-date', ...meta, reality: 'the page says only that the version avoids conflicting writes; every Docker answers 500',
}, async ({ api, stage }) => {
  const { path, name } = await ownSecret(api, stage)
  const stale = await versionOf(api, path)
  expect(await update(api, path, { Name: name, Labels: { colour: 'blue' } })).toAnswer(200)
  expect(await api.post(`${path}/update`, { query: { version: stale }, body: { Name: name, Labels: { colour: 'red' } } })).toAnswer(500)
  expect((await api.get(path)).at('Spec', 'Labels')).toEqual({ colour: 'blue' })
})

updating.must('know no secret of an id that none has', { id: 'secret-update-unknown', ...meta }, async ({ api }) => {
  expect(await api.post(`/secrets/${unknown}/update`, { query: { version: 1 }, body: { Name: 'nothing' } })).toAnswer(404)
})
