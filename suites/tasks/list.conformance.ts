import { expect, operation, until, type Api } from '../../harness/case/index.ts'
import { endedTasks, patience, runningTask, runningTasks, stagedServices, type Services } from '../services/services.ts'

const list = operation('GET /tasks')

/** The ids of the tasks of one case's services that filters select. */
async function idsWith(api: Api, services: Services, filters?: object): Promise<string[]> {
  const answer = await api.get('/tasks', { query: { filters } })
  expect(answer).toAnswer(200)
  return answer.list().filter(services.owns).map((task) => task.textAt('ID')).sort()
}

list.must('list all tasks, and those that the filters id, service, name, label and node select', { id: 'task-list-filters', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const [salt, pepper] = [await services.service({ Labels: { flavour: 'salt' }, Mode: { Replicated: { Replicas: 2 } } }), await services.service({ Labels: { flavour: 'pepper' } })]
  const ofSalt = (await runningTasks(api, salt, 2)).map(({ task }) => task.textAt('ID')).sort()
  const { task } = await runningTask(api, pepper)
  const ofPepper = [task.textAt('ID')]
  const all = [...ofSalt, ...ofPepper].sort()
  expect(await idsWith(api, services)).toEqual(all)
  expect(await idsWith(api, services, { id: ofPepper })).toEqual(ofPepper)
  expect(await idsWith(api, services, { service: [salt.name] })).toEqual(ofSalt)
  // A task's name begins with that of its service.
  expect(await idsWith(api, services, { name: [pepper.name] })).toEqual(ofPepper)
  expect(await idsWith(api, services, { name: [stage.name('nothing')] })).toEqual([])
  expect(await idsWith(api, services, { label: ['flavour=salt'] })).toEqual(ofSalt)
  expect(await idsWith(api, services, { label: ['flavour'] })).toEqual(all)
  expect(await idsWith(api, services, { label: ['flavour=sugar'] })).toEqual([])
  expect(await idsWith(api, services, { node: [task.textAt('NodeID')] })).toEqual(all)
})

list.must('list the tasks that the filter desired-state selects', { id: 'task-list-desired-state', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const lasting = await services.service()
  const ended = await services.service({ container: { Command: ['exit', '0'] }, task: { RestartPolicy: { Condition: 'none' } } })
  const running = (await runningTask(api, lasting)).task.textAt('ID')
  const shutdown = (await endedTasks(api, ended, 1, 'complete')).map((task) => task.textAt('ID'))
  expect(await idsWith(api, services, { 'desired-state': ['running'] })).toEqual([running])
  expect(await idsWith(api, services, { 'desired-state': ['shutdown'] })).toEqual(shutdown)
  expect(await idsWith(api, services, { 'desired-state': ['running', 'shutdown'] })).toEqual([running, ...shutdown].sort())
  expect(await idsWith(api, services, { 'desired-state': ['accepted'] })).toEqual([])
})

list.must('list a task as inspecting it shows it', { id: 'task-list-inspect', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  await runningTask(api, await services.service())
  // The node reports on its task now and then, and so the task changes.
  await until(async () => {
    const [task] = (await api.get('/tasks')).list().filter(services.owns)
    expect((await api.get(`/tasks/${task?.textAt('ID')}`)).json()).toEqual(task?.at())
  }, patience)
})

list.must('refuse filters that are no JSON', {
  id: 'task-list-filters-no-json', inSwarm: true,
  reality: 'the page documents 500 alone; Docker 26.1 and later answer 400',
}, async ({ api }) => {
  expect(await api.get('/tasks', { query: { filters: 'notjson' } })).toAnswer(400, 500)
})
