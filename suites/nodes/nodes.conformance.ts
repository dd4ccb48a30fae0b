import { expect, operation, type Api } from '../../harness/case/index.ts'
import { makeSwarm, ownSwarm, update, versionOf } from '../swarm/own-swarm.ts'

const list = operation('GET /nodes')
const inspect = operation('GET /nodes/{id}')
const updating = operation('POST /nodes/{id}/update')

const unknown = 'nosuchnodenosuchnodenosuc'

/** The one node of a swarm of the case's own. */
const ownNode = async (api: Api) => (await api.get('/nodes')).textAt(0, 'ID')

list.must('list each node with what it is and has', { id: 'node-list', inSwarm: true, alone: true }, async ({ api }) => {
  const answer = await api.get('/nodes')
  expect(answer).toAnswer(200)
  expect(answer.at()).toHaveLength(1)
  const info = await api.get('/info')
  expect(answer.at(0, 'Description')).toMatchObject({
    Hostname: info.at('Name'),
    Platform: { OS: info.at('OSType'), Architecture: info.at('Architecture') },
    Resources: { NanoCPUs: info.numberAt('NCPU') * 1e9, MemoryBytes: info.at('MemTotal') },
    Engine: { EngineVersion: info.at('ServerVersion') },
  })
  expect(answer.at(0, 'Description', 'Engine', 'Plugins')).toContainEqual({ Type: 'Network', Name: 'overlay' })
  expect(answer.at(0, 'Spec')).toMatchObject({ Role: 'manager', Availability: 'active' })
})

list.must('answer the address of a node in its Status', { id: 'node-list-addr', since: '1.25', source: ['operation', 'change 1.25/31'], inSwarm: true, alone: true }, async ({ api }) => {
  expect((await api.get('/nodes')).at(0, 'Status', 'Addr')).toBe('127.0.0.1')
})

for (const { by, fits, fitsNot } of [
  { by: 'id', fits: async (api: Api) => await ownNode(api), fitsNot: unknown },
  { by: 'name', fits: async (api: Api) => (await api.get('/info')).textAt('Name'), fitsNot: 'plimsoll-no-such-host' },
  { by: 'membership', fits: async () => 'accepted', fitsNot: 'pending' },
  { by: 'role', fits: async () => 'manager', fitsNot: 'worker' },
]) {
  list.must(`filter by ${by}`, { id: `node-list-filter-${by}`, inSwarm: true, alone: true }, async ({ api }) => {
    const ids = async (value: string) => (await api.get('/nodes', { query: { filters: JSON.stringify({ [by]: [value] }) } })).at()
    expect(await ids(await fits(api))).toEqual([expect.objectContaining({ ID: await ownNode(api) })])
    expect(await ids(fitsNot)).toEqual([])
  })
}

list.must('refuse filters that are no JSON', {
  id: 'node-list-filters-no-json', inSwarm: true, reality: 'the page documents 500 alone, as Docker 20.10 answers; Docker 26.1 and later answer 400',
}, async ({ api }) => {
  expect(await api.get('/nodes', { query: { filters: 'notjson' } })).toAnswer(400, 500)
})

list.must('filter by a label of the engine', { id: 'node-list-filter-label', inSwarm: true, alone: true }, async ({ api }) => {
  const labels = Object.entries((await api.get('/nodes')).at(0, 'Description', 'Engine', 'Labels') ?? {})
  const count = async (label: string) => (await api.get('/nodes', { query: { filters: JSON.stringify({ label: [label] }) } })).at()
  for (const [name, value] of labels) expect(await count(`${name}=${String(value)}`)).toHaveLength(1)
  expect(await count('plimsoll.no-such=label')).toEqual([])
})

inspect.must('answer what the list says of the node', { id: 'node-inspect', inSwarm: true, alone: true }, async ({ api }) => {
  const listed = await api.get('/nodes')
  const answer = await api.get(`/nodes/${listed.textAt(0, 'ID')}`)
  expect(answer).toAnswer(200)
  for (const member of ['ID', 'Description', 'CreatedAt']) expect(answer.at(member)).toEqual(listed.at(0, member))
})

inspect.must('answer the address of the node in its Status', { id: 'node-inspect-addr', since: '1.25', source: ['operation', 'change 1.25/31'], inSwarm: true, alone: true }, async ({ api }) => {
  expect((await api.get(`/nodes/${await ownNode(api)}`)).at('Status', 'Addr')).toBe('127.0.0.1')
})

for (const { of, as, method, path, query, body } of [
  { of: inspect, as: 'node-inspect', method: 'GET', path: `/nodes/${unknown}` },
  { of: operation('DELETE /nodes/{id}'), as: 'node-delete', method: 'DELETE', path: `/nodes/${unknown}` },
  { of: updating, as: 'node-update', method: 'POST', path: `/nodes/${unknown}/update`, query: { version: 1 }, body: { Role: 'worker', Availability: 'active' } },
]) {
  of.must('know no node of an id that no node has', { id: `${as}-unknown`, inSwarm: true, alone: true }, async ({ api }) => {
    expect(await api.request(method, path, { ...(query && { query }), ...(body && { body }) })).toAnswer(404)
  })
}

updating.must('give the node the name, the labels and the availability that the body says', { id: 'node-update', ...ownSwarm }, async ({ api, stage }) => {
  await makeSwarm(api, stage)
  const path = `/nodes/${await ownNode(api)}`
  const version = await versionOf(api, path)
  const spec = { Name: 'plimsoll-node', Labels: { colour: 'blue' }, Role: 'manager', Availability: 'drain' }
  expect(await update(api, path, spec)).toAnswer(200)
  const answer = await api.get(path)
  expect(answer.at('Spec')).toMatchObject(spec)
  expect(answer.numberAt('Version', 'Index')).toBeGreaterThan(version)
  expect((await api.get('/nodes')).at(0, 'Spec')).toMatchObject(spec)
})

updating.must('refuse to make the last manager a worker', {
  id: 'node-update-role-last-manager', inSwarm: true, alone: true, reality: 'the pages have no status of its own for it; Docker 1.12 and 1.13 answer 500, later ones 400',
}, async ({ api }) => {
  const path = `/nodes/${await ownNode(api)}`
  expect(await update(api, path, { Role: 'worker', Availability: 'active' })).toAnswer(400, 500)
  expect((await api.get(path)).at('Spec', 'Role')).toBe('manager')
})

updating.must('refuse to update another version than the node has', {
  id: 'node-update-out-of-date', ...ownSwarm, reality: 'the pages say only that the version avoids conflicting writes; every Docker answers 500',
}, async ({ api, stage }) => {
  await makeSwarm(api, stage)
  const path = `/nodes/${await ownNode(api)}`
  const spec = { Labels: { colour: 'red' }, Role: 'manager', Availability: 'active' }
  const stale = await versionOf(api, path)
  expect(await update(api, path, { ...spec, Labels: {} })).toAnswer(200)
  expect(await api.post(`${path}/update`, { query: { version: stale }, body: spec })).toAnswer(500)
  expect((await api.get(path)).at('Spec', 'Labels') ?? {}).toEqual({})
})

operation('DELETE /nodes/{id}').must('refuse to remove a manager', {
  id: 'node-delete-manager', inSwarm: true, alone: true, reality: 'the pages have no status of its own for it; Docker 1.12 and 1.13 answer 500, later ones 400',
}, async ({ api }) => {
  const path = `/nodes/${await ownNode(api)}`
  expect(await api.delete(path, { query: { force: true } })).toAnswer(400, 500)
  expect(await api.get(path)).toAnswer(200)
})
