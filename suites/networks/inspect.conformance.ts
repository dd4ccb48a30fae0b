import { expect, operation } from '../../harness/case/index.ts'
import { address6Of, addressesIn } from './guests.ts'
import { defaultGateway } from './printed.ts'
import { inSubnet, privateSubnet6 } from './subnets.ts'

const inspect = operation('GET /networks/{id}')

inspect.must('describe a network by its id and by its name', { id: 'network-inspect-described' }, async ({ api, stage }) => {
  const network = await stage.network()
  for (const key of [network.id, network.name]) {
    const answer = await api.get(`/networks/${key}`)
    expect(answer).toAnswer(200)
    expect(answer.json()).toMatchObject({ Id: network.id, Name: network.name, Driver: 'bridge', Scope: 'local', IPAM: { Driver: 'default' }, Containers: {} })
  }
})

inspect.must('answer 404 where there is no such network', { id: 'network-inspect-missing' }, async ({ api, stage }) => {
  expect(await api.get(`/networks/${stage.name('none')}`)).toAnswer(404)
})

inspect.must('show each container with the addresses that it has within', { id: 'network-inspect-containers' }, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: network.name } })
  const answer = await api.get(`/networks/${network.id}`)
  expect(answer.at('Containers', box.id, 'EndpointID')).toMatch(/^[0-9a-f]{64}$/)
  const within = (await stage.run(box, 'interfaces')).stdout
  expect(within).toContain(`eth0 ${String(answer.at('Containers', box.id, 'MacAddress'))} `)
  expect(within).toContain(` ${String(answer.at('Containers', box.id, 'IPv4Address'))}`)
})

inspect.must('show the name of each container', { id: 'network-inspect-container-names', since: '1.22', source: 'change 1.22/05' }, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: network.name } })
  expect((await api.get(`/networks/${network.id}`)).at('Containers', box.id, 'Name')).toBe(box.name)
})

inspect.must('show the subnet and the gateway of a network that was created without them', {
  id: 'network-inspect-subnet', since: '1.22', source: 'change 1.22/20',
  reality: 'the page writes the gateway with the length of its subnet at 1.22 and 1.23, as Docker 1.10 to 1.12 do, and without from 1.24 on',
}, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: network.name } })
  const answer = await api.get(`/networks/${network.id}`)
  const subnet = String(answer.at('IPAM', 'Config', 0, 'Subnet'))
  expect(subnet).toMatch(/^\d+\.\d+\.\d+\.\d+\/\d+$/)
  const [address = ''] = await addressesIn(stage, box)
  expect(inSubnet(address.split('/')[0] ?? '', subnet), `${address} is in ${subnet}`).toBe(true)
  const gateway = defaultGateway((await stage.run(box, 'cat', '/proc/net/route')).stdout)
  expect(gateway).toBeDefined()
  expect(String(answer.at('IPAM', 'Config', 0, 'Gateway')).split('/')[0]).toBe(gateway)
})

inspect.must('show the options that the driver of addresses was given', {
  id: 'network-inspect-ipam-options', since: '1.22', source: ['change 1.22/18', 'change 1.22/19'],
  reality: 'the reference of 1.25 says that the options are a list of maps; its example and all daemons have a map',
}, async ({ api, stage }) => {
  const network = await stage.network({ IPAM: { Driver: 'default', Options: { foo: 'bar' } } })
  expect((await api.get(`/networks/${network.id}`)).at('IPAM', 'Options')).toEqual({ foo: 'bar' })
})

inspect.must('show whether the network is internal', { id: 'network-inspect-internal', since: '1.23', source: 'change 1.23/03' }, async ({ api, stage }) => {
  for (const Internal of [false, true]) {
    const network = await stage.network({ Internal })
    expect((await api.get(`/networks/${network.id}`)).at('Internal')).toBe(Internal)
  }
})

inspect.must('show whether the network has IPv6, and the IPv6 address of each container', {
  id: 'network-inspect-ipv6', since: '1.23', source: 'change 1.23/04', needs: ['ipv6'],
}, async ({ api, stage }) => {
  const without = await stage.network({ EnableIPv6: false })
  expect((await api.get(`/networks/${without.id}`)).at('EnableIPv6')).toBe(false)
  const network = await stage.network({ EnableIPv6: true, IPAM: { Config: [{ Subnet: privateSubnet6().cidr }] } })
  const box = await stage.running({ HostConfig: { NetworkMode: network.name } })
  const answer = await api.get(`/networks/${network.id}`)
  expect(answer.at('EnableIPv6')).toBe(true)
  expect(answer.at('Containers', box.id, 'IPv6Address')).toBe(`${await address6Of(api, box, network.name)}/64`)
})

inspect.must('show the labels of the network', { id: 'network-inspect-labels', since: '1.23' }, async ({ api, stage }) => {
  const Labels = { ...stage.labels, 'com.example.some-label': 'some-value' }
  const network = await stage.network({ Labels })
  expect((await api.get(`/networks/${network.id}`)).at('Labels')).toEqual(Labels)
})

inspect.must('show when the network was created', { id: 'network-inspect-time-created', source: 'change 1.25/20', since: '1.25' }, async ({ api, stage, daemon }) => {
  const before = await daemon.now()
  const network = await stage.network()
  const after = await daemon.now()
  const created = Date.parse(String((await api.get(`/networks/${network.id}`)).at('Created')))
  // A second of grace: times may be given without fractions.
  expect(created).toBeGreaterThan(before - 1000)
  expect(created).toBeLessThan(after + 1000)
})

inspect.must('forget a container that is gone', { id: 'network-inspect-container-gone' }, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: network.name } })
  expect(Object.keys((await api.get(`/networks/${network.id}`)).at('Containers') ?? {})).toEqual([box.id])
  expect(await api.delete(box.path, { query: { force: 1 } })).toAnswer(204)
  expect((await api.get(`/networks/${network.id}`)).at('Containers')).toEqual({})
})
