import { expect, operation, until } from '../../harness/case/index.ts'
import { none, stagedServices } from './services.ts'

const inspect = operation('GET /services/{id}')

inspect.must('answer the same service for its id and its name', { id: 'service-inspect', inSwarm: true }, async (fixtures) => {
  const { api, daemon } = fixtures
  const services = await stagedServices(fixtures)
  const [begun, service] = [await daemon.now(), await services.service(none)]
  await services.service(none)
  const byId = await api.get(service.path)
  expect(byId).toAnswer(200)
  expect([byId.at('ID'), byId.at('Spec', 'Name')]).toEqual([service.id, service.name])
  // The swarm may still write to it.
  await until(async () => expect((await api.get(`/services/${service.name}`)).json()).toEqual((await api.get(service.path)).json()))
  // The clock is read in whole seconds.
  expect(Date.parse(byId.textAt('CreatedAt'))).toBeGreaterThanOrEqual(begun - 2_000)
  expect(Date.parse(byId.textAt('UpdatedAt'))).toBeGreaterThanOrEqual(Date.parse(byId.textAt('CreatedAt')))
})

inspect.must('show another Version and a later UpdatedAt after an update, and the same CreatedAt', { id: 'service-inspect-updated', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service(none)
  const before = await api.get(service.path)
  expect(await services.update(service, { ...none, Labels: { flavour: 'salt' } })).toAnswer(200)
  const after = await api.get(service.path)
  expect(after.numberAt('Version', 'Index')).toBeGreaterThan(before.numberAt('Version', 'Index'))
  expect(Date.parse(after.textAt('UpdatedAt'))).toBeGreaterThanOrEqual(Date.parse(before.textAt('UpdatedAt')))
  expect(after.at('UpdatedAt')).not.toBe(before.at('UpdatedAt'))
  expect(after.at('CreatedAt')).toBe(before.at('CreatedAt'))
})

inspect.must('answer 404 where there is no such service', { id: 'service-inspect-unknown', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  await stagedServices(fixtures)
  expect(await api.get(`/services/${stage.name('nothing')}`)).toAnswer(404)
})
