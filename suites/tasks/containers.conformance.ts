import { expect, operation } from '../../harness/case/index.ts'
import { runningTask, stagedServices } from '../services/services.ts'

const list = operation('GET /containers/json')

list.must('tell the containers of tasks from others by the filter is-task', { id: 'container-list-filter-is-task-of-service', since: '1.25', source: 'change 1.25/16', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const plain = await stage.container()
  const { id } = await runningTask(api, await services.service())
  const ids = async (value: string) => (await api.get('/containers/json', { query: { all: 1, filters: { 'is-task': [value] } } })).list().map((container) => container.at('Id'))
  expect(await ids('true')).toContain(id)
  expect(await ids('true')).not.toContain(plain.id)
  expect(await ids('false')).toContain(plain.id)
  expect(await ids('false')).not.toContain(id)
})
