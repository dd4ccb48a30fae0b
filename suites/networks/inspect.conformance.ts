import { expect, operation } from '../../harness/case/index.ts'
import { address6Of, lookAround } from './guests.ts'
import { addressesOf, defaultGateway } from './printed.ts'
import { inSubnet, privateSubnet6 } from './subnets.ts'

const inspect = operation('GET /networks/{id}')

inspect.must('describe a network by its id and by its name', { id: 'network-inspect-described' }, async ({ api, stage }) => {
  const network = await stage.network()
  for (const key of [network.id, network.name]) {
    const answer = await api.get(`/networks/${key}`)
    expect(answer).toAnswer(200)
    expect(answer.at()).toMatchObject({ Id: network.id, Name: network.name, Driver: 'bridge', Scope: 'local', IPAM: { Driver: 'default' }, Containers: {} })
  }
})

inspect.must('answer 404 where there is no such network', { id: 'network-inspect-missing' }, async ({ api, stage }) => {
  expect(await api.get(`/networks/${stage.name('none')}`)).toAnswer(404)
})

inspect.must('show each container with the addresses that it has within', {
  id: 'network-inspect-containers', needs: ['bridge-network'],
}, async ({ api, stage, bystanders }) => {
  const { id, name } = bystanders.running
  const bridge = await api.get('/networks/bridge')
  expect(bridge.at('Containers', id)).toMatchObject({ EndpointID: expect.stringMatching(/^[0-9a-f]{64}$/), IPv4Address: expect.stringMatching(/^\d/), IPv6Address: expect.any(String) })
  const within = (await stage.output({ Cmd: ['interfaces'], HostConfig: { NetworkMode: `container:${name}` } })).stdout
  expect(within).toContain(` ${bridge.textAt('Containers', id, 'MacAddress')} ${bridge.textAt('Containers', id, 'IPv4Address')}`)
})

inspect.must('show the name of each container', {
  id: 'network-inspect-container-names', since: '1.22', source: 'change 1.22/05', needs: ['bridge-network'],
}, async ({ api, bystanders }) => {
  const { id, name } = bystanders.running
  expect((await api.get('/networks/bridge')).at('Containers', id, 'Name')).toBe(name)
})

inspect.must('show the subnet and the gateway of a network that was created without them', {
  id: 'network-inspect-subnet', since: '1.22', source: 'change 1.22/20',
  reality: 'the page writes the gateway with the length of its subnet at 1.22 and 1.23, as Docker 1.10 to 1.12 do, and without from 1.24 on',
}, async ({ api, stage }) => {
  const network = await stage.network()
  const answer = await api.get(`/networks/${network.id}`)
  const subnet = String(answer.at('IPAM', 'Config', 0, 'Subnet'))
  expect(subnet).toMatch(/^\d+\.\d+\.\d+\.\d+\/\d+$/)
  const { stdout } = await stage.output({ Cmd: lookAround, HostConfig: { NetworkMode: network.name } })
  const [address = ''] = addressesOf(stdout)
  expect(inSubnet(address.split('/')[0] ?? '', subnet), `${address} is in ${subnet}`).toBe(true)
  const gateway = defaultGateway(stdout)
  expect(gateway).toBeDefined()
  expect(String(answer.at('IPAM', 'Config', 0, 'Gateway')).split('/')[0]).toBe(gateway)
})

inspect.must('show whether the network is internal', { id: 'network-inspect-internal', since: '1.23', source: 'change 1.23/03' }, async ({ api, stage }) => {
  const internal = await stage.network({ Internal: true })
  expect((await api.get(`/networks/${internal.id}`)).at('Internal')).toBe(true)
  const open = await stage.network({ Internal: false })
  expect((await api.get(`/networks/${open.id}`)).at('Internal')).toBe(false)
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

inspect.must('show when the network was created', {
  id: 'network-inspect-time-created', source: 'change 1.25/20', since: '1.25',
}, async ({ api, stage, daemon }) => {
  const before = await daemon.now()
  const network = await stage.network()
  const after = await daemon.now()
  const created = Date.parse(String((await api.get(`/networks/${network.id}`)).at('Created')))
  // A second of grace: times may be given without fractions.
  expect(created).toBeGreaterThan(before - 1000)
  expect(created).toBeLessThan(after + 1000)
})
