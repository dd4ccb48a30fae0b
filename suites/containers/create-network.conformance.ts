import { expect, operation } from '../../harness/case/index.ts'
import { addressed } from '../networks/addressed.ts'
import { addressesOf } from '../networks/printed.ts'
import { privateSubnet6 } from '../networks/subnets.ts'
import { hasSaid } from './lifecycle.ts'

const create = operation('POST /containers/create')

/** The interfaces of a guest beside its loopback, as `interfaces` prints them. */
function interfaces(stdout: string): string[] {
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('lo '))
}

create.must('connect a container to the bridge by NetworkMode bridge', { id: 'container-create-network-bridge', needs: ['bridge-network'] }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['interfaces'], HostConfig: { NetworkMode: 'bridge' } })
  expect(interfaces(stdout)).toEqual([expect.stringMatching(/^eth0 ([0-9a-f]{2}:){5}[0-9a-f]{2} \d+\.\d+\.\d+\.\d+\/\d+/)])
})

create.must('give a container no network by NetworkMode none', { id: 'container-create-network-none' }, async ({ stage }) => {
  expect(interfaces((await stage.output({ Cmd: ['interfaces'], HostConfig: { NetworkMode: 'none' } })).stdout)).toEqual([])
})

create.must('share the host’s network by NetworkMode host', { id: 'container-create-network-host' }, async ({ api, stage }) => {
  const name: unknown = (await api.get('/info')).at('Name')
  expect((await stage.output({ Cmd: ['hostname'], HostConfig: { NetworkMode: 'host' } })).stdout).toBe(`${String(name)}\n`)
})

create.must('share another container’s network by NetworkMode container:<name>', { id: 'container-create-network-container', needs: ['bridge-network'] }, async ({ api, stage, bystanders }) => {
  const address: unknown = (await api.get(`/containers/${bystanders.running.id}/json`)).at('NetworkSettings', 'IPAddress')
  expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
  const { stdout } = await stage.output({ Cmd: ['interfaces'], HostConfig: { NetworkMode: `container:${bystanders.running.name}` } })
  expect(stdout).toContain(` ${String(address)}/`)
})

create.must('connect a container to a network by its name in NetworkMode', { id: 'container-create-network-named', since: '1.21', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: network.name } })
  expect((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks', network.name, 'IPAddress')).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
})

create.must('publish a port on the host by PortBindings', { id: 'container-create-port-bindings-published', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const box = await stage.running({ ExposedPorts: { '8080/tcp': {} }, HostConfig: { NetworkMode: 'bridge', PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } } })
  const published: unknown = (await api.get(`${box.path}/json`)).at('NetworkSettings', 'Ports', '8080/tcp')
  expect(published).toEqual([{ HostIp: '127.0.0.1', HostPort: expect.stringMatching(/^[1-9]\d*$/) }])
})

create.must('publish every exposed port by PublishAllPorts', { id: 'container-create-publish-all-ports-published', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const box = await stage.running({ ExposedPorts: { '8080/tcp': {}, '53/udp': {} }, HostConfig: { NetworkMode: 'bridge', PublishAllPorts: true } })
  const answer = await api.get(`${box.path}/json`)
  for (const port of ['8080/tcp', '53/udp']) expect(answer.at('NetworkSettings', 'Ports', port, 0, 'HostPort'), port).toMatch(/^[1-9]\d*$/)
})

create.must('write Dns, DnsSearch and DnsOptions to the resolv.conf of the container', { id: 'container-create-dns-seen', since: '1.21', source: 'change 1.21/09', needs: ['bridge-network'] }, async ({ stage }) => {
  const { stdout } = await stage.output({
    Cmd: ['cat', '/etc/resolv.conf'],
    HostConfig: { NetworkMode: 'bridge', Dns: ['192.0.2.53'], DnsSearch: ['plimsoll.test'], DnsOptions: ['ndots:3'] },
  })
  expect(stdout).toMatch(/^nameserver 192\.0\.2\.53$/m)
  expect(stdout).toMatch(/^search plimsoll\.test$/m)
  expect(stdout).toMatch(/^options .*ndots:3/m)
})

create.must('write ExtraHosts to the hosts file of the container', { id: 'container-create-extra-hosts-seen', needs: ['bridge-network'] }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['cat', '/etc/hosts'], HostConfig: { NetworkMode: 'bridge', ExtraHosts: ['other:192.0.2.7'] } })
  expect(stdout).toMatch(/^192\.0\.2\.7\s+other$/m)
})

create.must('let a container find another by the alias of Links', { id: 'container-create-links-seen', needs: ['bridge-network'] }, async ({ api, stage, bystanders }) => {
  const address: unknown = (await api.get(`/containers/${bystanders.running.id}/json`)).at('NetworkSettings', 'IPAddress')
  const linking = { Cmd: ['resolve', 'other'], HostConfig: { NetworkMode: 'bridge', Links: [`${bystanders.running.name}:other`] } }
  expect(await stage.create(linking)).toAnswer(201)
  const { stdout } = await stage.output(linking)
  expect(stdout).toBe(`${String(address)}\n`)
})

create.must('let containers of one bridge reach each other', { id: 'container-create-network-reachable', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const server = await stage.running({ Cmd: ['listen', '7000', 'welcome'], HostConfig: { NetworkMode: 'bridge' } })
  await hasSaid(api, server, 'listening')
  const address: unknown = (await api.get(`${server.path}/json`)).at('NetworkSettings', 'IPAddress')
  const { stdout } = await stage.output({ Cmd: ['connect', String(address), '7000', '!'], HostConfig: { NetworkMode: 'bridge' } })
  expect(stdout).toBe('welcome!')
})

create.must('give a container the static address of NetworkingConfig', { id: 'container-create-static-address', since: '1.22', source: 'change 1.22/12', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const network = await addressed(api, stage)
  const address = network.subnet.at(9)
  const box = await stage.running({
    HostConfig: { NetworkMode: network.name },
    NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: address } } } },
  })
  expect((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks', network.name, 'IPAddress')).toBe(address)
})

create.must('make a container known by the Aliases of NetworkingConfig', { id: 'container-create-endpoint-aliases', since: '1.22', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: network.name }, NetworkingConfig: { EndpointsConfig: { [network.name]: { Aliases: ['other'] } } } })
  expect((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks', network.name, 'Aliases')).toContain('other')
})

create.must('keep the Links of NetworkingConfig', { id: 'container-create-endpoint-links', since: '1.22', needs: ['bridge-network'] }, async ({ api, stage, bystanders }) => {
  const network = await stage.network()
  const links = [`${bystanders.running.name}:other`]
  const box = await stage.container({ HostConfig: { NetworkMode: network.name }, NetworkingConfig: { EndpointsConfig: { [network.name]: { Links: links } } } })
  expect((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks', network.name, 'Links')).toEqual(links)
})

create.must('give a container the link-local addresses of NetworkingConfig', { id: 'container-create-link-local', since: '1.25', needs: ['bridge-network'] }, async ({ stage }) => {
  const network = await stage.network()
  const NetworkingConfig = { EndpointsConfig: { [network.name]: { IPAMConfig: { LinkLocalIPs: ['169.254.34.69'] } } } }
  const { stdout } = await stage.output({ Cmd: ['interfaces'], HostConfig: { NetworkMode: network.name }, NetworkingConfig })
  expect(addressesOf(stdout).map((each) => each.split('/')[0])).toContain('169.254.34.69')
})

create.must('ignore what only a connected endpoint has in NetworkingConfig', { id: 'container-create-endpoint-state-ignored', since: '1.25', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const network = await stage.network()
  const endpoint = {
    EndpointID: '', Gateway: '', IPAddress: '', IPPrefixLen: 0, IPv6Gateway: '', GlobalIPv6Address: '', GlobalIPv6PrefixLen: 0, MacAddress: '', NetworkID: '',
    IPAMConfig: { LinkLocalIPs: [] },
  }
  const box = await stage.running({ HostConfig: { NetworkMode: network.name }, NetworkingConfig: { EndpointsConfig: { [network.name]: endpoint } } })
  expect((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks', network.name, 'EndpointID')).toMatch(/^[0-9a-f]{64}$/)
})

create.must('refuse an invalid IPv4 address in NetworkingConfig', {
  id: 'container-create-address-invalid', since: '1.25', source: 'change 1.25/10',
  reality: 'the change gives no status; Docker 1.13 answers 500, later ones 400',
}, async ({ stage }) => {
  const network = await stage.network()
  const answer = await stage.create({
    HostConfig: { NetworkMode: network.name },
    NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: { IPv4Address: '300.1.2.3' } } } },
  })
  expect(answer).toAnswer(400, 500)
})

create.must('refuse an invalid IPv6 address in NetworkingConfig', {
  id: 'container-create-address6-invalid', since: '1.25', source: 'change 1.25/10',
  reality: 'the change gives no status; Docker 1.13 answers 500, later ones 400',
}, async ({ stage }) => {
  const network = await stage.network()
  const answer = await stage.create({
    HostConfig: { NetworkMode: network.name },
    NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: { IPv6Address: 'not:an:address' } } } },
  })
  expect(answer).toAnswer(400, 500)
})

create.must('give a container the static IPv6 address of NetworkingConfig', { id: 'container-create-static-address6', since: '1.23', source: 'change 1.22/12', needs: ['ipv6'] }, async ({ api, stage }) => {
  const subnet = privateSubnet6()
  const network = await stage.network({ EnableIPv6: true, IPAM: { Config: [{ Subnet: subnet.cidr }] } })
  const box = await stage.running({
    HostConfig: { NetworkMode: network.name },
    NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: { IPv6Address: subnet.at(0x99) } } } },
  })
  expect((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks', network.name, 'GlobalIPv6Address')).toBe(subnet.at(0x99))
})
