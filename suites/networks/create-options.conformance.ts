import { expect, operation } from '../../harness/case/index.ts'
import { addressOf, address6Of, expectToReach, listener, port } from './guests.ts'
import { privateSubnet6 } from './subnets.ts'

const create = operation('POST /networks/create')

const bridgeOptions = {
  since: '1.23', needs: ['bridge-network'],
  reality: 'the page hands options to drivers from 1.21 on, and names those of the bridge in its example from 1.23 on',
} as const

create.should('give interfaces the MTU of the option com.docker.network.driver.mtu', {
  id: 'network-create-option-mtu', ...bridgeOptions,
}, async ({ stage }) => {
  const network = await stage.network({ Options: { 'com.docker.network.driver.mtu': '1357' } })
  expect((await stage.output({ Cmd: ['cat', '/sys/class/net/eth0/mtu'], HostConfig: { NetworkMode: network.name } })).stdout).toBe('1357\n')
})

create.should('name the bridge on the host by the option com.docker.network.bridge.name', {
  id: 'network-create-option-bridge-name', ...bridgeOptions,
}, async ({ stage }) => {
  // The kernel takes 15 characters.
  const bridge = `pl${Math.random().toString(36).slice(2, 12)}`
  // By its name, not in a list: the kernel may leave one out of that while others come and go.
  const look = () => stage.output({ Cmd: ['cat', `/sys/class/net/${bridge}/address`], HostConfig: { NetworkMode: 'host' } })
  expect((await look()).stdout).toBe('')
  const { name } = await stage.network({ Options: { 'com.docker.network.bridge.name': bridge } })
  // A daemon may make the bridge when the first container comes.
  await stage.running({ HostConfig: { NetworkMode: name } })
  expect((await look()).stdout).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}\n$/)
})

create.should('keep containers apart with the option com.docker.network.bridge.enable_icc=false', {
  id: 'network-create-option-icc', ...bridgeOptions,
}, async ({ api, stage }) => {
  const together = await stage.network({ Options: { 'com.docker.network.bridge.enable_icc': 'true' } })
  const apart = await stage.network({ Options: { 'com.docker.network.bridge.enable_icc': 'false' } })
  const server = await listener(stage, together.name)
  expect(await api.post(`/networks/${apart.id}/connect`, { body: { Container: server.id } })).toAnswer(200)
  const client = await stage.running({ HostConfig: { NetworkMode: together.name } })
  await expectToReach(stage, client, await addressOf(api, server, together.name), server)

  // The same server, which listens on all its addresses, is not reached on the other network.
  const other = await stage.running({ HostConfig: { NetworkMode: apart.name } })
  const attempt = await stage.run(other, 'connect', await addressOf(api, server, apart.name), port)
  expect(attempt.stdout).toBe('')
  expect(attempt.exitCode).not.toBe(0)
})

create.should('publish ports at the address of the option com.docker.network.bridge.host_binding_ipv4', {
  id: 'network-create-option-host-binding', ...bridgeOptions,
}, async ({ api, stage }) => {
  const network = await stage.network({ Options: { 'com.docker.network.bridge.host_binding_ipv4': '127.0.0.1' } })
  const box = await stage.running({ ExposedPorts: { '7000/tcp': {} }, HostConfig: { NetworkMode: network.name, PublishAllPorts: true } })
  expect((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Ports', '7000/tcp')).toEqual([{ HostIp: '127.0.0.1', HostPort: expect.stringMatching(/^\d+$/) }])
})

create.must('give the network IPv6 by EnableIPv6: containers reach each other by it', {
  id: 'network-create-ipv6', since: '1.23', source: 'change 1.23/06', needs: ['ipv6'],
}, async ({ api, stage }) => {
  const subnet = privateSubnet6()
  const network = await stage.network({ EnableIPv6: true, IPAM: { Config: [{ Subnet: subnet.cidr, Gateway: subnet.at(0x11) }] } })
  const configs: unknown = (await api.get(`/networks/${network.id}`)).at('IPAM', 'Config')
  expect(configs).toEqual(expect.arrayContaining([expect.objectContaining({ Subnet: subnet.cidr, Gateway: subnet.at(0x11) })]))
  const server = await listener(stage, network.name)
  const client = await stage.running({ HostConfig: { NetworkMode: network.name } })
  const address = await address6Of(api, server, network.name)
  expect(address.startsWith(subnet.at(0).slice(0, -1))).toBe(true)
  await expectToReach(stage, client, address, server)
})

create.must('give the network no IPv6 by a label', { id: 'network-create-ipv6-by-label', since: '1.23', source: 'change 1.23/06' }, async ({ api, stage }) => {
  const network = await stage.network({ Labels: { ...stage.labels, 'com.docker.network.enable_ipv6': 'true' } })
  expect((await api.get(`/networks/${network.id}`)).at('EnableIPv6')).toBe(false)
})
