import { expect, operation, until } from '../../harness/case/index.ts'
import { containersOf, none, patience, runningTask, stagedServices } from './services.ts'

const remove = operation('DELETE /services/{id}')

remove.must('stop and remove a service with its tasks and their containers, and no other', { id: 'service-delete', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const [service, other] = [await services.service(), await services.service()]
  const [box, kept] = [await runningTask(api, service), await runningTask(api, other)]
  expect(await api.delete(service.path)).toAnswer(200)
  expect(await api.get(service.path)).toAnswer(404)
  await until(async () => expect(await api.get(`/tasks/${box.task.textAt('ID')}`)).toAnswer(404), patience)
  await until(async () => expect(await api.get(`${box.path}/json`)).toAnswer(404), patience)
  expect(await containersOf(api, other)).toEqual([kept.id])
})

remove.must('remove a service by its name', { id: 'service-delete-name', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service(none)
  expect(await api.delete(`/services/${service.name}`)).toAnswer(200)
  expect(await api.get(service.path)).toAnswer(404)
})

remove.must('answer 404 where there is no such service', { id: 'service-delete-unknown', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  await stagedServices(fixtures)
  expect(await api.delete(`/services/${stage.name('nothing')}`)).toAnswer(404)
})
