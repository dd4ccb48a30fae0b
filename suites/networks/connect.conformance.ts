import { expect, operation } from '../../harness/case/index.ts'
import { addressed } from './addressed.ts'
import { addressesIn, addressOf, address6Of, expectToReach, guestOnBridge, listener } from './guests.ts'
import { privateSubnet6 } from './subnets.ts'
import { ingressOf } from '../swarm/own-swarm.ts'

const connect = operation('POST /networks/{id}/connect')

connect.must('connect a running container: it gets an address, and reaches those on the network', {
  id: 'network-connect-reached', needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const network = await stage.network()
  const server = await listener(stage, network.name)
  const box = await guestOnBridge(stage)
  const before = await addressesIn(stage, box)
  expect(await api.post(`/networks/${network.id}/connect`, { body: { Container: box.id } })).toAnswer(200)
  const address = await addressOf(api, box, network.name)
  expect((await addressesIn(stage, box)).map((each) => each.split('/')[0])).toEqual(expect.arrayContaining([...before.map((each) => each.split('/')[0]), address]))
  await expectToReach(stage, box, await addressOf(api, server, network.name), server)
})

connect.must('take the names of network and container', { id: 'network-connect-by-name', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await guestOnBridge(stage)
  expect(await api.post(`/networks/${network.name}/connect`, { body: { Container: box.name } })).toAnswer(200)
  expect(Object.keys((await api.get(`/networks/${network.id}`)).at('Containers') ?? {})).toEqual([box.id])
})

connect.must('take the container from the field container', {
  id: 'network-connect-lower-case', removedIn: '1.25', needs: ['bridge-network'],
  reality: 'the list of fields writes container, the example Container; daemons take both, for Go reads names in any case',
}, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await guestOnBridge(stage)
  expect(await api.post(`/networks/${network.id}/connect`, { body: { container: box.id } })).toAnswer(200)
  expect(Object.keys((await api.get(`/networks/${network.id}`)).at('Containers') ?? {})).toEqual([box.id])
})

connect.must('answer 404 where there is no such network', {
  id: 'network-connect-network-missing', needs: ['bridge-network'],
  reality: 'to a container that does not run Docker from 1.13 on answers 200, and looks for the network when it starts: here it runs',
}, async ({ api, stage }) => {
  const box = await guestOnBridge(stage)
  expect(await api.post(`/networks/${stage.name('none')}/connect`, { body: { Container: box.id } })).toAnswer(404)
})

connect.must('answer 404 where there is no such container', { id: 'network-connect-container-missing' }, async ({ api, stage }) => {
  const network = await stage.network()
  expect(await api.post(`/networks/${network.id}/connect`, { body: { Container: stage.name('none') } })).toAnswer(404)
})

connect.must('give the container the IPv4 address of IPAMConfig', {
  id: 'network-connect-address', since: '1.22', source: 'change 1.22/13', needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const network = await addressed(api, stage)
  const box = await guestOnBridge(stage)
  const body = { Container: box.id, EndpointConfig: { IPAMConfig: { IPv4Address: network.subnet.at(9) } } }
  expect(await api.post(`/networks/${network.id}/connect`, { body })).toAnswer(200)
  expect(await addressesIn(stage, box)).toContain(`${network.subnet.at(9)}/28`)
  expect(await addressOf(api, box, network.name)).toBe(network.subnet.at(9))
})

connect.must('give the container the IPv6 address of IPAMConfig', {
  id: 'network-connect-address6', since: '1.23', source: 'change 1.22/13', needs: ['bridge-network', 'ipv6'],
  reality: 'the change is of 1.22; a network gets IPv6 in a documented way only from 1.23 on',
}, async ({ api, stage }) => {
  const subnet = privateSubnet6()
  const network = await stage.network({ EnableIPv6: true, IPAM: { Config: [{ Subnet: subnet.cidr }] } })
  const box = await guestOnBridge(stage)
  const body = { Container: box.id, EndpointConfig: { IPAMConfig: { IPv6Address: subnet.at(0x99) } } }
  expect(await api.post(`/networks/${network.id}/connect`, { body })).toAnswer(200)
  expect(await addressesIn(stage, box)).toContain(`${subnet.at(0x99)}/64`)
  expect(await address6Of(api, box, network.name)).toBe(subnet.at(0x99))
})

connect.must('refuse an address that is none', {
  id: 'network-connect-address-invalid', since: '1.22', source: 'change 1.22/13', needs: ['bridge-network'],
  reality: 'the page documents 500; Docker 20.10 answers 400',
}, async ({ api, stage }) => {
  const network = await addressed(api, stage)
  const box = await guestOnBridge(stage)
  const body = { Container: box.id, EndpointConfig: { IPAMConfig: { IPv4Address: '300.1.2.3' } } }
  expect(await api.post(`/networks/${network.id}/connect`, { body })).toAnswer(400, 500)
  expect((await api.get(`/networks/${network.id}`)).at('Containers')).toEqual({})
})

connect.must('give the container the link-local addresses of IPAMConfig', {
  id: 'network-connect-link-local', since: '1.25', needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await guestOnBridge(stage)
  const body = { Container: box.id, EndpointConfig: { IPAMConfig: { LinkLocalIPs: ['169.254.34.68'] } } }
  expect(await api.post(`/networks/${network.id}/connect`, { body })).toAnswer(200)
  expect((await addressesIn(stage, box)).map((each) => each.split('/')[0])).toContain('169.254.34.68')
})

connect.must('make the container known by Aliases to those on the network', {
  id: 'network-connect-aliases', since: '1.25', needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const network = await stage.network()
  const peer = await stage.running({ HostConfig: { NetworkMode: network.name } })
  const box = await guestOnBridge(stage)
  // A name that nothing else has: what resolves it can only be the alias.
  const alias = stage.name('alias')
  expect(await api.post(`/networks/${network.id}/connect`, { body: { Container: box.id, EndpointConfig: { Aliases: [alias] } } })).toAnswer(200)
  expect((await stage.run(peer, 'resolve', alias)).stdout.split('\n')).toContain(await addressOf(api, box, network.name))
})

connect.must('make another container known to this one by the alias of Links', {
  id: 'network-connect-links', since: '1.25', needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const network = await stage.network()
  const peer = await stage.running({ HostConfig: { NetworkMode: network.name } })
  const box = await guestOnBridge(stage)
  const alias = stage.name('alias')
  expect(await api.post(`/networks/${network.id}/connect`, { body: { Container: box.id, EndpointConfig: { Links: [`${peer.name}:${alias}`] } } })).toAnswer(200)
  expect((await stage.run(box, 'resolve', alias)).stdout.split('\n')).toContain(await addressOf(api, peer, network.name))
})

connect.should('take what only a connected endpoint has where it is empty, and find it out', {
  id: 'network-connect-state-ignored', since: '1.25', needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const network = await addressed(api, stage)
  const box = await guestOnBridge(stage)
  const EndpointConfig = {
    NetworkID: network.id, EndpointID: '', Gateway: '', IPAddress: '', IPPrefixLen: 0, IPv6Gateway: '', GlobalIPv6Address: '', GlobalIPv6PrefixLen: 0, MacAddress: '',
  }
  expect(await api.post(`/networks/${network.id}/connect`, { body: { Container: box.id, EndpointConfig } })).toAnswer(200)
  const inspected = await api.get(`${box.path}/json`)
  const endpoint = ['NetworkSettings', 'Networks', network.name]
  expect(inspected.at(...endpoint)).toMatchObject({ NetworkID: network.id, EndpointID: expect.stringMatching(/^[0-9a-f]{64}$/), Gateway: network.subnet.at(1), IPPrefixLen: 28 })
  expect(await addressesIn(stage, box)).toContain(`${inspected.textAt(...endpoint, 'IPAddress')}/28`)
})

const ofSwarm = { inSwarm: true, needs: ['bridge-network'] } as const

connect.must('answer 403 for a network of a swarm’s scope', {
  id: 'network-connect-swarm-scoped', since: '1.24', removedIn: '1.25', ...ofSwarm,
}, async ({ api, stage }) => {
  const ingress = await ingressOf(api)
  const box = await guestOnBridge(stage)
  expect(await api.post(`${ingress}/connect`, { body: { Container: box.id } })).toAnswer(403)
})

connect.must('refuse a network of a swarm’s scope that is not for containers', {
  id: 'network-connect-swarm-refused', since: '1.25', ...ofSwarm,
  reality: 'the page documents 403; Docker 20.10 answers 500 and says that permission is denied',
}, async ({ api, stage }) => {
  const ingress = await ingressOf(api)
  const box = await guestOnBridge(stage)
  expect(await api.post(`${ingress}/connect`, { body: { Container: box.id } })).toAnswer(403, 500)
  expect(Object.keys((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks') ?? {})).toEqual(['bridge'])
})
