import { expect, operation, until, type Api } from '../../harness/case/index.ts'
import { fullSpec, laterSpec, specOf } from './full-spec.ts'
import { listedService, none, patience, stagedServices, type ServiceParts, type Services } from './services.ts'

const list = operation('GET /services')

/** The ids of the services of one case that filters select. */
async function idsWith(api: Api, services: Services, filters?: object): Promise<unknown[]> {
  const answer = await api.get('/services', { query: { filters } })
  expect(answer).toAnswer(200)
  return answer.list().filter(services.owns).map((service) => service.at('ID')).sort()
}

list.must('list all services, as inspecting each shows it', { id: 'service-list', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const made = [await services.service(none), await services.service(none)]
  expect(await idsWith(api, services)).toEqual(made.map(({ id }) => id).sort())
  // The swarm may still write to them.
  await until(async () => {
    for (const service of (await api.get('/services')).list().filter(services.owns)) expect(service.at()).toEqual((await api.get(`/services/${service.textAt('ID')}`)).json())
  })
})

list.must('show in Mode whether a service has as many tasks as it says, or one on each node', { id: 'service-list-mode', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const replicated = await services.service(none)
  const global = await services.service({ Mode: { Global: {} }, task: { Placement: { Constraints: ['node.hostname==nowhere'] } } })
  expect((await listedService(api, replicated))?.at('Spec', 'Mode')).toEqual({ Replicated: { Replicas: 0 } })
  expect((await listedService(api, global))?.at('Spec', 'Mode')).toEqual({ Global: {} })
})

for (const { spec, since, id } of [
  { spec: fullSpec, since: '1.24', id: 'service-list-kept' },
  { spec: laterSpec, since: '1.25', id: 'service-list-later-kept' },
] as const) {
  list.must(`show all of what a service was told, and where it is reached, as inspecting it does${since === '1.25' ? ', with what 1.25 adds' : ''}`, { id, since, inSwarm: true, alone: true }, async (fixtures) => {
    const { api, stage } = fixtures
    const services = await stagedServices(fixtures)
    const network = await stage.network({ Driver: 'overlay' })
    const Networks = [{ Target: network.id, ...(since === '1.25' && { Aliases: ['salt'] }) }]
    const parts: ServiceParts = since === '1.25' ? { ...spec, task: { ForceUpdate: 7, Networks } } : { ...spec, Networks }
    const service = await services.service(parts)
    expect((await listedService(api, service))?.at('Spec')).toMatchObject(specOf(parts))
    // The swarm hands out ports and addresses in its own time.
    await until(async () => {
      const shown = await listedService(api, service)
      expect(shown?.at('Endpoint')).toMatchObject({ Spec: spec.EndpointSpec, Ports: (spec.EndpointSpec as { readonly Ports: unknown }).Ports })
      expect(shown?.at('Endpoint', 'VirtualIPs')).toContainEqual({ NetworkID: network.id, Addr: expect.stringMatching(/^\d+(\.\d+){3}\/\d+$/) as unknown })
      expect((await api.get(service.path)).json()).toEqual(shown?.at())
    }, patience)
  })
}

list.must('show the Networks of a service with their Aliases', { id: 'service-list-networks', since: '1.25', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const network = await stage.network({ Driver: 'overlay' })
  const Networks = [{ Target: network.id, Aliases: ['salt'] }]
  const service = await services.service({ ...none, Networks })
  expect((await listedService(api, service))?.at('Spec', 'Networks')).toMatchObject(Networks)
})

list.must('list the services that the filters id, name and label select', { id: 'service-list-filters', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const salt = await services.service({ ...none, Labels: { flavour: 'salt' } })
  const pepper = await services.service({ ...none, Labels: { flavour: 'pepper' } })
  const plain = await services.service(none)
  expect(await idsWith(api, services)).toHaveLength(3)
  expect(await idsWith(api, services, { id: [salt.id] })).toEqual([salt.id])
  expect(await idsWith(api, services, { name: [pepper.name] })).toEqual([pepper.id])
  expect(await idsWith(api, services, { name: [pepper.name, plain.name] })).toEqual([pepper.id, plain.id].sort())
  expect(await idsWith(api, services, { label: ['flavour=salt'] })).toEqual([salt.id])
  expect(await idsWith(api, services, { label: ['flavour'] })).toEqual([salt.id, pepper.id].sort())
  expect(await idsWith(api, services, { name: [stage.name('nothing')] })).toEqual([])
  expect(await idsWith(api, services, { label: ['flavour=sugar'] })).toEqual([])
})
