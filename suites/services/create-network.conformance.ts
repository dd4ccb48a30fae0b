import { expect, operation, until, type Api, type Stage } from '../../harness/case/index.ts'
import { none, patience, runningTask, stagedServices, type Service, type TaskContainer } from './services.ts'

const create = operation('POST /services/create')

/** The addresses of a service on a network, by which others reach it there, without their prefix lengths. */
async function virtualAddresses(api: Api, service: Service, networkId: string): Promise<string[]> {
  const addresses = (await api.get(service.path)).at('Endpoint', 'VirtualIPs')
  if (!Array.isArray(addresses)) return []
  return addresses.filter((each) => each?.NetworkID === networkId).map((each) => String(each?.Addr).replace(/\/\d+$/, ''))
}

/** The address of a task's container on a network. */
async function addressOf(api: Api, box: TaskContainer, network: string): Promise<string> {
  return (await api.get(`${box.path}/json`)).textAt('NetworkSettings', 'Networks', network, 'IPAddress')
}

/** Waits until a name means these addresses in a container: what a swarm knows spreads in its own time. */
async function expectResolved(stage: Stage, box: TaskContainer, name: string, addresses: readonly string[]): Promise<void> {
  await until(async () => expect((await stage.run(box, 'resolve', name)).stdout.split('\n').filter((line) => line !== ''), `the addresses of ${name}`).toEqual(addresses), patience)
}

create.must('attach the tasks to Networks, where the name of the service means its virtual address', { id: 'service-create-networks', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const network = await stage.network({ Driver: 'overlay' })
  const service = await services.service({ Networks: [{ Target: network.name }] })
  const box = await runningTask(api, service)
  expect((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks', network.name, 'NetworkID')).toBe(network.id)
  const [address, ...others] = await virtualAddresses(api, service, network.id)
  expect([address, others]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/), []])
  expect(address).not.toBe(await addressOf(api, box, network.name))
  await expectResolved(stage, box, service.name, [String(address)])
})

create.must('give a service Aliases on its networks, of Networks as of TaskTemplate.Networks', { id: 'service-create-aliases', since: '1.25', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const network = await stage.network({ Driver: 'overlay' })
  const one = await services.service({ Networks: [{ Target: network.id, Aliases: ['salt'] }] })
  const other = await services.service({ task: { Networks: [{ Target: network.id, Aliases: ['pepper'] }] } })
  const box = await runningTask(api, one)
  await runningTask(api, other)
  await expectResolved(stage, box, 'salt', await virtualAddresses(api, one, network.id))
  await expectResolved(stage, box, 'pepper', await virtualAddresses(api, other, network.id))
  await expectResolved(stage, box, 'sugar', [])
})

create.must('give a service no address of its own where the Mode of EndpointSpec is dnsrr: its name means its tasks', { id: 'service-create-dnsrr', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const network = await stage.network({ Driver: 'overlay' })
  const [dnsrr, vip] = [
    await services.service({ Networks: [{ Target: network.id }], EndpointSpec: { Mode: 'dnsrr' } }),
    await services.service({ Networks: [{ Target: network.id }], EndpointSpec: { Mode: 'vip' } }),
  ]
  const box = await runningTask(api, dnsrr)
  await runningTask(api, vip)
  expect(await virtualAddresses(api, dnsrr, network.id)).toEqual([])
  await expectResolved(stage, box, dnsrr.name, [await addressOf(api, box, network.name)])
  const addresses = await virtualAddresses(api, vip, network.id)
  expect(addresses).toHaveLength(1)
  await expectResolved(stage, box, vip.name, addresses)
})

create.must('publish the Ports of EndpointSpec', { id: 'service-create-ports', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const Ports = [
    { Protocol: 'tcp', PublishedPort: 18_080, TargetPort: 80 },
    { Protocol: 'udp', PublishedPort: 18_053, TargetPort: 53 },
  ]
  const service = await services.service({ ...none, EndpointSpec: { Ports } })
  await until(async () => expect((await api.get(service.path)).at('Endpoint', 'Ports')).toEqual(Ports.map((port) => expect.objectContaining(port))), patience)
  expect((await api.get(service.path)).at('Endpoint', 'Spec', 'Mode')).toBe('vip')
})

create.must('refuse Ports where the Mode is dnsrr', {
  id: 'service-create-dnsrr-ports', inSwarm: true,
  reality: 'the page lists 500 and says no more; Docker 1.12 and 1.13 answer that, later ones 400',
}, async (fixtures) => {
  const services = await stagedServices(fixtures)
  const body = services.spec({ EndpointSpec: { Mode: 'dnsrr', Ports: [{ Protocol: 'tcp', PublishedPort: 18_080, TargetPort: 80 }] } })
  expect(await services.create(body)).toAnswer(400, 500)
  expect(await fixtures.api.get(`/services/${body.Name}`)).toAnswer(404)
})
