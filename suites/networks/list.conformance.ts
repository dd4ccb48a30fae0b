import { expect, operation, type Api } from '../../harness/case/index.ts'
import { addressed } from './addressed.ts'
import { ingressOf } from '../swarm/own-swarm.ts'

const list = operation('GET /networks')

/** The ids of the networks that are listed. */
async function idsListed(api: Api, filters?: object): Promise<unknown[]> {
  const answer = await api.get('/networks', { query: { filters } })
  expect(answer).toAnswer(200)
  return answer.list().map((network) => network.at('Id'))
}

list.must('list the networks bridge, host and none that a daemon begins with', { id: 'network-list-predefined', needs: ['linux'] }, async ({ api }) => {
  const answer = await api.get('/networks')
  expect(answer).toAnswer(200)
  for (const [Name, Driver] of [['bridge', 'bridge'], ['host', 'host'], ['none', 'null']]) {
    expect(answer.at()).toContainEqual(expect.objectContaining({ Name, Driver, Scope: 'local' }))
  }
})

list.must('describe each network: its driver, scope, addresses and options', { id: 'network-list-described' }, async ({ api, stage }) => {
  const Options = { 'com.docker.network.driver.mtu': '1400' }
  const network = await addressed(api, stage, ({ cidr }) => ({ Driver: 'bridge', Options, IPAM: { Driver: 'default', Config: [{ Subnet: cidr }] } }))
  expect((await api.get('/networks')).list().find((entry) => entry.at('Id') === network.id)?.at()).toMatchObject({
    Name: network.name, Driver: 'bridge', Scope: 'local', Options, IPAM: { Driver: 'default', Config: [{ Subnet: network.subnet.cidr }] },
  })
})

list.must('show the options that a network was given for its addresses', {
  id: 'network-list-ipam-options', since: '1.22', reality: 'the reference of 1.25 says that the options are a list of maps; its example and all daemons have a map',
}, async ({ api, stage }) => {
  const network = await stage.network({ IPAM: { Driver: 'default', Options: { foo: 'bar' } } })
  expect((await api.get('/networks')).list().find((entry) => entry.at('Id') === network.id)?.at('IPAM', 'Options')).toEqual({ foo: 'bar' })
})

list.must('show the containers of each network with their addresses', {
  id: 'network-list-containers', needs: ['bridge-network'],
}, async ({ api, bystanders }) => {
  const { id } = bystanders.running
  const address: unknown = (await api.get(`/containers/${id}/json`)).at('NetworkSettings', 'IPAddress')
  expect(address).toEqual(expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/))
  const bridge = (await api.get('/networks')).list().find((entry) => entry.at('Name') === 'bridge')
  expect(bridge?.at('Containers', id)).toMatchObject({
    EndpointID: expect.stringMatching(/^[0-9a-f]{64}$/),
    MacAddress: expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
    IPv4Address: expect.stringContaining(`${String(address)}/`),
    IPv6Address: expect.any(String),
  })
})

list.must('filter by name and by id', { id: 'network-list-filter-name-id', source: ['operation', 'change 1.22/11'] }, async ({ api, stage }) => {
  const wanted = await stage.network()
  const other = await stage.network()
  expect(await idsListed(api)).toEqual(expect.arrayContaining([wanted.id, other.id]))
  expect(await idsListed(api, { name: [wanted.name] })).toEqual([wanted.id])
  expect(await idsListed(api, { id: [wanted.id] })).toEqual([wanted.id])
  expect((await idsListed(api, { name: [wanted.name, other.name] })).sort()).toEqual([wanted.id, other.id].sort())
})

list.must('list what passes all filters', { id: 'network-list-filters-together', since: '1.22' }, async ({ api, stage }) => {
  const wanted = await stage.network()
  const other = await stage.network()
  expect(await idsListed(api, { name: [wanted.name, other.name], id: [wanted.id] })).toEqual([wanted.id])
  expect(await idsListed(api, { id: [wanted.id], name: [wanted.name, other.name] })).toEqual([wanted.id])
  expect(await idsListed(api, { name: [other.name], id: [wanted.id] })).toEqual([])
})

list.must('filter by a part of the name and of the id', {
  id: 'network-list-filter-name-id-part', since: '1.22', source: ['operation', 'change 1.22/11'],
}, async ({ api, stage }) => {
  const wanted = await stage.network()
  const other = await stage.network()
  expect(await idsListed(api)).toEqual(expect.arrayContaining([wanted.id, other.id]))
  expect(await idsListed(api, { name: [wanted.name.slice('plimsoll-'.length)] })).toEqual([wanted.id])
  expect(await idsListed(api, { id: [wanted.id.slice(0, 16)] })).toEqual([wanted.id])
})

list.must('filter by type: custom for the networks that users made, builtin for the rest', {
  id: 'network-list-filter-type', since: '1.22', source: 'change 1.22/11',
}, async ({ api, stage }) => {
  const network = await stage.network()
  const all = await api.get('/networks')
  const bridge: unknown = all.list().find((entry) => entry.at('Name') === 'bridge')?.at('Id')
  expect(bridge).toEqual(expect.stringMatching(/./))
  const custom = await idsListed(api, { type: ['custom'] })
  expect(custom).toContain(network.id)
  expect(custom).not.toContain(bridge)
  const builtin = await idsListed(api, { type: ['builtin'] })
  expect(builtin).toContain(bridge)
  expect(builtin).not.toContain(network.id)
})

list.must('refuse a type that does not exist', {
  id: 'network-list-filter-type-unknown', since: '1.22', source: 'change 1.22/11',
  reality: 'the page documents 500 alone; Docker 20.10 answers so, a bad parameter may well be 400',
}, async ({ api }) => {
  expect(await api.get('/networks', { query: { filters: { type: ['bogus'] } } })).toAnswer(400, 500)
})

list.must('filter by label, with and without its value, and by driver', {
  id: 'network-list-filter-label-driver', since: '1.24', source: 'change 1.24/04',
}, async ({ api, stage }) => {
  const flavour = stage.name('flavour')
  const labelled = await stage.network({ Driver: 'bridge', Labels: { ...stage.labels, [flavour]: 'salt' } })
  const plain = await stage.network()
  expect(await idsListed(api)).toEqual(expect.arrayContaining([labelled.id, plain.id]))
  expect(await idsListed(api, { label: [flavour] })).toEqual([labelled.id])
  expect(await idsListed(api, { label: [`${flavour}=salt`] })).toEqual([labelled.id])
  expect(await idsListed(api, { label: [`${flavour}=pepper`] })).toEqual([])
  expect(await idsListed(api, { driver: ['bridge'] })).toContain(labelled.id)
  const hosts = await idsListed(api, { driver: ['host'] })
  expect(hosts).not.toContain(labelled.id)
  expect(hosts).not.toContain(plain.id)
})

list.must('refuse filters that are no JSON', {
  id: 'network-list-filters-no-json',
  reality: 'the page documents 500 alone; Docker 20.10 answers so, a bad parameter may well be 400',
}, async ({ api }) => {
  expect(await api.get('/networks', { query: { filters: 'notjson' } })).toAnswer(400, 500)
})

list.must('list all networks where the path ends in a slash', {
  id: 'network-list-slash-all', since: '1.25', source: 'change 1.25/14',
}, async ({ api, stage }) => {
  const network = await stage.network()
  const answer = await api.get('/networks/')
  expect(answer).toAnswer(200)
  const ids = answer.list().map((entry) => entry.at('Id'))
  expect(ids).toContain(network.id)
  expect(ids.length).toBeGreaterThan(1)
})

list.must('list a network of a swarm with its scope', {
  id: 'network-list-swarm-scope', since: '1.24', inSwarm: true,
}, async ({ api }) => {
  await ingressOf(api)
  expect((await api.get('/networks')).at()).toContainEqual(expect.objectContaining({ Name: 'ingress', Driver: 'overlay', Scope: 'swarm' }))
})
