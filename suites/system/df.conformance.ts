import { expect, operation, type Api, type Place } from '../../harness/case/index.ts'
import { entryOf } from '../containers/listed.ts'
import { mountsOf } from '../containers/mounts.ts'
import { bare } from '../images/images.ts'
import { addressed } from '../networks/addressed.ts'
import { privateSubnet6 } from '../networks/subnets.ts'

const usage = operation('GET /system/df')

/** The entry of one object in a list of what takes up space; undefined where it is not in there. */
async function entryIn(api: Api, kind: 'Containers' | 'Images' | 'Volumes', is: (entry: Place) => boolean): Promise<Place | undefined> {
  const answer = await api.get('/system/df')
  expect(answer).toAnswer(200)
  return answer.list(kind).find(is)
}

// Each runs alone: Docker answers one such request at a time and refuses another with 500, and the sum of all layers is everybody's.

usage.must('list the containers with the size of what they wrote, and of their whole root file system', { id: 'system-df-containers', alone: true }, async ({ api, stage, guest, bystanders }) => {
  const box = await stage.exited({ Cmd: ['truncate', '/data/large', '300000'], Labels: { colour: 'blue' } })
  const entry = await entryIn(api, 'Containers', (each) => each.at('Id') === box.id)
  expect(entry?.at()).toMatchObject({ Names: [`/${box.name}`], Image: guest.image, State: 'exited', Labels: { colour: 'blue' } })
  const [written, whole] = [entry?.at('SizeRw'), entry?.at('SizeRootFs')]
  expect(written).toBeGreaterThanOrEqual(300_000)
  expect(whole).toBeGreaterThan(Number(written))
  expect((await entryIn(api, 'Containers', (each) => each.at('Id') === bystanders.running.id))?.at('State')).toBe('running')
})

usage.must('list a container with its addresses and its ports, as the list of containers has them', { id: 'system-df-container-network', needs: ['bridge-network', 'ipv6'], alone: true }, async ({ api, stage }) => {
  const subnet6 = privateSubnet6()
  const network = await addressed(api, stage, ({ cidr }) => ({ EnableIPv6: true, IPAM: { Config: [{ Subnet: cidr }, { Subnet: subnet6.cidr }] } }))
  const addresses = { IPv4Address: network.subnet.at(9), IPv6Address: subnet6.at(0x99) }
  const box = await stage.running({
    ExposedPorts: { '7000/tcp': {} },
    HostConfig: { NetworkMode: network.name, PortBindings: { '7000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: addresses } } },
  })
  const entry = await entryIn(api, 'Containers', (each) => each.at('Id') === box.id)
  expect(entry?.at('NetworkSettings', 'Networks', network.name)).toMatchObject({ NetworkID: network.id, IPAddress: addresses.IPv4Address, GlobalIPv6Address: addresses.IPv6Address, IPAMConfig: addresses })
  expect(entry?.at('Ports')).toEqual([{ IP: '127.0.0.1', PrivatePort: 7000, PublicPort: expect.any(Number) as unknown, Type: 'tcp' }])
})

usage.must('list a container with its mount points, as the list of containers has them', { id: 'system-df-container-mounts', needs: ['local-volumes'], alone: true }, async ({ api, stage }) => {
  const volume = await stage.volume()
  const box = await stage.container({ HostConfig: { Binds: [`${volume.name}:/kept`, '/etc:/host:ro'] } })
  const entry = await entryIn(api, 'Containers', (each) => each.at('Id') === box.id)
  const mounts = entry && mountsOf(entry)
  expect(mounts).toMatchObject([
    { Source: '/etc', Destination: '/host', Mode: 'ro', RW: false },
    { Name: volume.name, Source: expect.any(String) as unknown, Destination: '/kept', Driver: 'local', Mode: expect.any(String) as unknown, RW: true },
  ])
  expect(mounts).toEqual(mountsOf(await entryOf(api, box.id)))
})

usage.must('list the images, and count the containers of each', { id: 'system-df-images', alone: true }, async ({ api, stage }) => {
  const { id, name } = await stage.image({ layers: [[{ name: 'file', content: 'x'.repeat(100_000) }]] })
  const entry = async () => await entryIn(api, 'Images', (each) => bare(each.at('Id')) === bare(id))
  const before = await entry()
  expect(before?.at()).toMatchObject({ RepoTags: [name], Containers: 0 })
  expect(before?.at('Size')).toBeGreaterThanOrEqual(100_000)
  await stage.container({ Image: name, Cmd: ['nothing'] })
  expect((await entry())?.at('Containers')).toBe(1)
})

usage.must('tell of an image how much of it others share', { id: 'system-df-shared', alone: true }, async ({ api, stage }) => {
  const [common, own] = [[{ name: 'common', content: `${stage.name('of')}${'x'.repeat(200_000)}` }], [{ name: 'own', content: `${stage.name('of')}${'y'.repeat(50_000)}` }]]
  const shared = async (id: string) => (await entryIn(api, 'Images', (each) => bare(each.at('Id')) === bare(id)))?.at('SharedSize')
  const first = await stage.image({ layers: [common] })
  expect(await shared(first.id)).toBe(0)
  const second = await stage.image({ layers: [common, own] })
  for (const { id } of [first, second]) expect(await shared(id)).toBeGreaterThanOrEqual(200_000)
  expect(await shared(second.id)).toBeLessThan(250_000)
})

usage.must('count a layer once in LayersSize, however many images have it', { id: 'system-df-layers-size', alone: true }, async ({ api, stage }) => {
  const size = async () => {
    const answer = await api.get('/system/df')
    expect(answer).toAnswer(200)
    return answer.numberAt('LayersSize')
  }
  const common = [{ name: 'common', content: `${stage.name('of')}${'x'.repeat(200_000)}` }]
  const before = await size()
  await stage.image({ layers: [common] })
  const once = await size()
  expect(once).toBeGreaterThanOrEqual(before + 200_000)
  await stage.image({ layers: [common] })
  // A daemon may count what it keeps of an image beside its layers.
  expect(await size()).toBeLessThan(once + 200_000)
})

usage.must('list the volumes, with the size of what is in each and the number of containers that refer to it', { id: 'system-df-volumes', needs: ['local-volumes'], alone: true }, async ({ api, stage }) => {
  const { name } = await stage.volume()
  const entry = async () => await entryIn(api, 'Volumes', (each) => each.at('Name') === name)
  expect((await entry())?.at()).toMatchObject({ Driver: 'local', UsageData: { RefCount: 0, Size: 0 } })
  await stage.exited({ Cmd: ['write', '/volume/file', 'x'.repeat(100_000)], HostConfig: { Binds: [`${name}:/volume`] } })
  const used = await entry()
  expect(used?.at('UsageData', 'RefCount')).toBe(1)
  expect(used?.at('UsageData', 'Size')).toBeGreaterThanOrEqual(100_000)
})
