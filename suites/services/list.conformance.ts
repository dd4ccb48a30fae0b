import { expect, operation, until, type Api } from '../../harness/case/index.ts'
import { stagedServices, type Services } from './services.ts'

const list = operation('GET /services')

const none = { Mode: { Replicated: { Replicas: 0 } } }

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
