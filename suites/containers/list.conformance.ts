import { expect, operation, until } from '../../harness/case/index.ts'
import { addressed } from '../networks/addressed.ts'
import { privateSubnet6 } from '../networks/subnets.ts'
import { entryOf, idsOf, idsWith, markOf } from './listed.ts'
import { mountsOf } from './mounts.ts'
import { fill } from './many-files.ts'

const list = operation('GET /containers/json')

list.must('list running containers and no others', { id: 'container-list-running' }, async ({ api, bystanders }) => {
  const answer = await api.get('/containers/json')
  expect(answer).toAnswer(200)
  const ids = answer.list().map((entry) => entry.at('Id'))
  expect(ids).toContain(bystanders.running.id)
  expect(ids).not.toContain(bystanders.exited.id)
})

for (const yes of ['1', 'True', 'true']) {
  list.must(`list containers of all states for all=${yes}`, { id: `container-list-all-${yes === '1' ? 'one' : yes === 'True' ? 'capital' : 'word'}` }, async ({ api, bystanders }) => {
    const answer = await api.get('/containers/json', { query: { all: yes } })
    expect(answer).toAnswer(200)
    expect(answer.list().map((entry) => entry.at('Id'))).toEqual(expect.arrayContaining([bystanders.running.id, bystanders.exited.id]))
  })
}

for (const no of ['0', 'False', 'false']) {
  list.must(`list only running containers for all=${no}`, { id: `container-list-all-${no === '0' ? 'zero' : no === 'False' ? 'capital-no' : 'word-no'}` }, async ({ api, bystanders }) => {
    const ids = (await api.get('/containers/json', { query: { all: no } })).list().map((entry) => entry.at('Id'))
    expect(ids).toContain(bystanders.running.id)
    expect(ids).not.toContain(bystanders.exited.id)
  })
}

list.must('describe a container: its names, image, command, labels and time of creation', { id: 'container-list-entry' }, async ({ api, stage, guest, daemon }) => {
  const before = Math.floor((await daemon.now()) / 1000)
  const box = await stage.container({ Cmd: ['print', 'one', 'two'], Labels: { colour: 'blue' } })
  const entry = await entryOf(api, box.id)
  expect(entry.at()).toMatchObject({ Names: [`/${box.name}`], Image: guest.image, Command: 'print one two', Labels: { colour: 'blue' }, Ports: [] })
  expect(entry.at('Created')).toBeGreaterThanOrEqual(before)
  expect(entry.at('Created')).toBeLessThanOrEqual(before + 30)
})

list.must('say in Status how long a container is up, or how it ended', { id: 'container-list-status' }, async ({ api, bystanders }) => {
  expect((await entryOf(api, bystanders.running.id)).at('Status')).toMatch(/^Up /)
  expect((await entryOf(api, bystanders.exited.id)).at('Status')).toMatch(/^Exited \(3\) /)
})

list.must('list published ports', { id: 'container-list-ports', needs: ['bridge-network'] }, async ({ api, stage }) => {
  const box = await stage.running({ ExposedPorts: { '80/tcp': {}, '81/udp': {} }, HostConfig: { NetworkMode: 'bridge', PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } } })
  const entry = await entryOf(api, box.id)
  expect(entry.at('Ports')).toHaveLength(2)
  expect(entry.at('Ports')).toContainEqual({ IP: '127.0.0.1', PrivatePort: 80, PublicPort: expect.any(Number), Type: 'tcp' })
  expect(entry.list('Ports').find((port) => port.at('Type') === 'udp')?.at('PrivatePort')).toBe(81)
})

list.must('answer the ImageID of the image that a container uses', { id: 'container-list-image-id', since: '1.21', source: 'change 1.21/14' }, async ({ api, guest, bystanders }) => {
  const image = (await api.get(`/images/${guest.image}/json`)).at('Id')
  expect(image).toMatch(/^(sha256:)?[0-9a-f]{64}$/)
  expect((await entryOf(api, bystanders.running.id)).at('ImageID')).toBe(image)
})

list.must('answer the networks of a container', { id: 'container-list-networks', since: '1.22', source: 'change 1.22/03', needs: ['bridge-network'] }, async ({ api, bystanders }) => {
  const inspected = await api.get(`/containers/${bystanders.running.id}/json`)
  const entry = await entryOf(api, bystanders.running.id)
  const networks = inspected.fields('NetworkSettings', 'Networks')
  expect(networks).toHaveLength(1)
  expect(entry.fields('NetworkSettings', 'Networks')).toEqual(networks)
  const address = ['NetworkSettings', 'Networks', networks[0] ?? '', 'IPAddress']
  expect(inspected.at(...address)).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
  expect(entry.at(...address)).toBe(inspected.at(...address))
})

list.must('answer the addresses that a container asked for', { id: 'container-list-static-addresses', since: '1.22', needs: ['bridge-network', 'ipv6'] }, async ({ api, stage }) => {
  const subnet6 = privateSubnet6()
  const network = await addressed(api, stage, ({ cidr }) => ({ EnableIPv6: true, IPAM: { Config: [{ Subnet: cidr }, { Subnet: subnet6.cidr }] } }))
  const addresses = { IPv4Address: network.subnet.at(9), IPv6Address: subnet6.at(0x99) }
  const box = await stage.running({ HostConfig: { NetworkMode: network.name }, NetworkingConfig: { EndpointsConfig: { [network.name]: { IPAMConfig: addresses } } } })
  expect((await entryOf(api, box.id)).at('NetworkSettings', 'Networks', network.name)).toMatchObject({ IPAMConfig: addresses, IPAddress: addresses.IPv4Address, GlobalIPv6Address: addresses.IPv6Address })
})

list.must('answer the network mode of a container', { id: 'container-list-network-mode', since: '1.20' }, async ({ api, bystanders }) => {
  expect((await entryOf(api, bystanders.exited.id)).at('HostConfig')).toMatchObject({ NetworkMode: 'none' })
})

list.must('answer the state of a container', { id: 'container-list-state', since: '1.23', source: 'change 1.23/01' }, async ({ api, stage, bystanders }) => {
  const created = await stage.container()
  expect((await entryOf(api, created.id)).at('State')).toBe('created')
  expect((await entryOf(api, bystanders.running.id)).at('State')).toBe('running')
  expect((await entryOf(api, bystanders.exited.id)).at('State')).toBe('exited')
})

list.must('answer paused as the state of a paused container', { id: 'container-list-state-paused', since: '1.23', source: 'change 1.23/01' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect((await entryOf(api, box.id)).at('State')).toBe('running')
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  stage.defer(async () => void (await api.post(`${box.path}/unpause`)))
  expect((await entryOf(api, box.id)).at('State')).toBe('paused')
})

list.must('answer the mount points of a container', { id: 'container-list-mounts', since: '1.23', source: 'change 1.23/02', needs: ['local-volumes'] }, async ({ api, stage }) => {
  const volume = await stage.volume()
  const box = await stage.container({ HostConfig: { Binds: [`${volume.name}:/kept`] } })
  expect((await entryOf(api, box.id)).at('Mounts')).toEqual([expect.objectContaining({ Name: volume.name, Destination: '/kept', RW: true })])
})

list.must('answer each mount point as inspecting the container does', { id: 'container-list-mounts-in-full', since: '1.23', source: ['operation', 'change 1.23/02'], needs: ['local-volumes'] }, async ({ api, stage }) => {
  const volume = await stage.volume()
  const box = await stage.container({ HostConfig: { Binds: [`${volume.name}:/kept`, '/etc:/host:ro'] } })
  const [host, kept] = mountsOf(await entryOf(api, box.id))
  expect(host).toMatchObject({ Source: '/etc', Destination: '/host', Mode: 'ro', RW: false, Propagation: expect.any(String) })
  expect(kept).toMatchObject({ Name: volume.name, Source: expect.any(String), Destination: '/kept', Driver: 'local', Mode: expect.any(String), RW: true, Propagation: expect.any(String) })
  expect([host, kept]).toEqual(mountsOf(await api.get(`${box.path}/json`)))
})

list.must('leave sizes out unless size is asked for', { id: 'container-list-size' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const box = await stage.exited({ Cmd: ['truncate', '/written', '5000'], Labels: mark.labels })
  const filters = { label: [mark.filter] }
  expect((await entryOf(api, box.id, { filters })).fields()).not.toContain('SizeRw')
  const sized = await entryOf(api, box.id, { filters, size: 1 })
  // A storage driver may count a little that the daemon itself puts into a container.
  expect(sized.at('SizeRw')).toBeGreaterThanOrEqual(5_000)
  expect(sized.at('SizeRw')).toBeLessThan(10_000)
  // The guest image is tens of kilobytes.
  expect(sized.at('SizeRootFs')).toBeGreaterThan(25_000)
})

list.should('list the newest containers first', {
  id: 'container-list-order', reality: 'no page says in what order they come, but examples and every Docker have the newest first; Podman 5 has them last',
}, async ({ api, stage }) => {
  const mark = markOf(stage)
  const made = [await stage.container({ Labels: mark.labels }), await stage.container({ Labels: mark.labels }), await stage.container({ Labels: mark.labels })]
  const answer = await api.get('/containers/json', { query: { all: 1, filters: { label: [mark.filter] } } })
  expect(answer.list().map((entry) => entry.at('Id'))).toEqual(made.map(({ id }) => id).reverse())
})

list.must('list as many of the newest containers as limit says, of all states', { id: 'container-list-limit', alone: true }, async ({ api, stage }) => {
  const first = await stage.container()
  const second = await stage.container()
  const third = await stage.container()
  const newestFirst = [third.id, second.id, first.id]
  type Entry = { readonly id: string; readonly created: number }
  const listed = async (query: Record<string, number>): Promise<Entry[]> => {
    const answer = await api.get('/containers/json', { query })
    expect(answer).toAnswer(200)
    return answer.list().map((entry) => ({ id: entry.textAt('Id'), created: entry.numberAt('Created') }))
  }
  const idsIn = (entries: readonly Entry[]) => entries.map(({ id }) => id).sort()
  // Others may make and remove containers meanwhile: what is judged came between two lists that are the same.
  const { all, limit, limited } = await until(async () => {
    const all = await listed({ all: 1 })
    const begun = all.find(({ id }) => id === first.id)?.created ?? 0
    // Created is in whole seconds: what has that of our first may be newer than our third.
    const limit = 2 + all.filter(({ id, created }) => created >= begun && !newestFirst.includes(id)).length
    const limited = await listed({ limit })
    expect(idsIn(await listed({ all: 1 }))).toEqual(idsIn(all))
    return { all, limit, limited }
  })
  expect(limited).toHaveLength(limit)
  const left = all.filter(({ id }) => !limited.some((entry) => entry.id === id))
  expect(Math.min(...limited.map(({ created }) => created))).toBeGreaterThanOrEqual(Math.max(...left.map(({ created }) => created)))
  const own = newestFirst.filter((id) => limited.some((entry) => entry.id === id))
  expect(own).toEqual(newestFirst.slice(0, own.length))
  expect(own.length).toBeGreaterThanOrEqual(2)
})

list.must('list the containers created after one, for since', { id: 'container-list-since', removedIn: '1.25' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const first = await stage.container({ Labels: mark.labels })
  const second = await stage.container({ Labels: mark.labels })
  const third = await stage.container({ Labels: mark.labels })
  expect(await idsWith(api, mark)).toEqual(idsOf(third, second, first))
  expect(await idsWith(api, mark, {}, { since: first.id })).toEqual(idsOf(third, second))
})

list.must('list the containers created before one, for before', { id: 'container-list-before', removedIn: '1.25' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const first = await stage.container({ Labels: mark.labels })
  const second = await stage.container({ Labels: mark.labels })
  const third = await stage.container({ Labels: mark.labels })
  expect(await idsWith(api, mark)).toEqual(idsOf(third, second, first))
  expect(await idsWith(api, mark, {}, { before: third.id })).toEqual(idsOf(second, first))
})

list.must('refuse a parameter that is none of its kind', { id: 'container-list-limit-no-number', reality: 'the page documents 400 for a bad parameter; daemons answer 500 for this one' }, async ({ api }) => {
  expect(await api.get('/containers/json', { query: { limit: 'many' } })).toAnswer(400, 500)
})

list.must('keep what a container was created with out of the way of the list: an unknown parameter changes nothing', {
  id: 'container-list-parameter-unknown', source: 'general/01',
}, async ({ api, bystanders }) => {
  const answer = await api.get('/containers/json', { query: { nosuchparameter: 'x' } })
  expect(answer).toAnswer(200)
  expect(answer.list().map((entry) => entry.at('Id'))).toContain(bystanders.running.id)
})

list.must('answer no container to another method at the same path', { id: 'container-list-wrong-method' }, async ({ api }) => {
  expect(await api.put('/containers/json')).toAnswer(404, 405)
})

list.must('answer removing as the state of a container that is being removed, or not list it any more', {
  id: 'container-list-removing', since: '1.25', source: 'change 1.25/05',
  reality: 'no request can hold the state: a container of many files has it for a while, and a case can only rule out every other answer',
}, async ({ api, stage }) => {
  const mark = markOf(stage)
  const box = await stage.exited({ Labels: mark.labels })
  await fill(api, box)
  const filters = { label: [mark.filter] }
  await until(async () => expect((await entryOf(api, box.id, { filters })).at('State')).toBe('exited'))
  const removed = api.delete(box.path)
  const states = new Set<unknown>()
  await until(async () => {
    const entry = await entryOf(api, box.id, { filters })
    states.add(entry.at('State') ?? 'gone')
    expect(entry.at()).toBeUndefined()
  }, { everyMs: 1 })
  expect(await removed).toAnswer(204)
  // It is still `exited` as long as the daemon has not begun; never anything else.
  expect(['gone', 'removing', 'exited']).toEqual(expect.arrayContaining([...states]))
})
