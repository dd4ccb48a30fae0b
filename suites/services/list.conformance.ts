import { expect, operation, until, type Api, type Place } from '../../harness/case/index.ts'
import { fullSpec, laterSpec, specOf } from './full-spec.ts'
import { none, patience, runningTask, stagedServices, type Service, type ServiceParts, type Services } from './services.ts'

const list = operation('GET /services')

/** The ids of the services of one case that filters select. */
async function idsWith(api: Api, services: Services, filters?: object): Promise<unknown[]> {
  const answer = await api.get('/services', { query: { filters } })
  expect(answer).toAnswer(200)
  return answer.list().filter(services.owns).map((service) => service.at('ID')).sort()
}

/** A service as the list shows it. */
async function listed(api: Api, service: Service): Promise<Place | undefined> {
  return (await api.get('/services')).list().find((each) => each.at('ID') === service.id)
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
  expect((await listed(api, replicated))?.at('Spec', 'Mode')).toEqual({ Replicated: { Replicas: 0 } })
  expect((await listed(api, global))?.at('Spec', 'Mode')).toEqual({ Global: {} })
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
    expect((await listed(api, service))?.at('Spec')).toMatchObject(specOf(parts))
    // The swarm hands out ports and addresses in its own time.
    await until(async () => {
      const shown = await listed(api, service)
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
  expect((await listed(api, service))?.at('Spec', 'Networks')).toMatchObject(Networks)
})

list.must('show how the last update of a service went', { id: 'service-list-update-status', since: '1.25', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service()
  await runningTask(api, service)
  const status = async (...path: string[]) => (await listed(api, service))?.at('UpdateStatus', ...path)
  expect((await status('State')) ?? '').toBe('')
  expect(await services.update(service, { container: { Env: ['FLAVOUR=pepper'] }, UpdateConfig: { Parallelism: 1, Monitor: 1_000_000 } })).toAnswer(200)
  await until(async () => expect(await status('State')).toBe('completed'), patience)
  expect(await status('Message')).toMatch(/./)
  const [started, completed] = [Date.parse(String(await status('StartedAt'))), Date.parse(String(await status('CompletedAt')))]
  expect(completed).toBeGreaterThan(started)
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
