import { expect, operation } from '../../harness/case/index.ts'
import { containerOf, endedTasks, runningTask, stagedServices } from '../services/services.ts'

const inspect = operation('GET /tasks/{id}')

inspect.must('show of a running task its service, slot, node, spec and container', { id: 'task-inspect-running', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service({ container: { Env: ['FLAVOUR=salt'] } })
  const box = await runningTask(api, service)
  const task = await api.get(`/tasks/${box.task.textAt('ID')}`)
  expect(task).toAnswer(200)
  expect(task.at('ServiceID')).toBe(service.id)
  expect(task.at('Slot')).toBe(1)
  expect([task.at('DesiredState'), task.at('Status', 'State')]).toEqual(['running', 'running'])
  expect(task.at('NodeID')).toBe((await api.get('/nodes')).at(0, 'ID'))
  expect(task.at('Spec', 'ContainerSpec')).toEqual((await api.get(service.path)).at('Spec', 'TaskTemplate', 'ContainerSpec'))
  const container = await api.get(`${box.path}/json`)
  expect(container.at('State', 'Running')).toBe(true)
  expect(task.at('Status', 'ContainerStatus', 'PID')).toBe(container.numberAt('State', 'Pid'))
})

inspect.must('show how the container of a task ended', { id: 'task-inspect-ended', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const once = { RestartPolicy: { Condition: 'none' } }
  const [good, bad] = [
    await services.service({ container: { Command: ['exit', '0'] }, task: once }),
    await services.service({ container: { Command: ['exit', '42'] }, task: once }),
  ]
  const [complete] = await endedTasks(api, good, 1, 'complete')
  const [failed] = await endedTasks(api, bad, 1, 'failed')
  if (complete === undefined || failed === undefined) return
  // No code, or none that is not zero: what is zero may be left out.
  expect(complete.at('Status', 'ContainerStatus', 'ExitCode') ?? 0).toBe(0)
  const task = await api.get(`/tasks/${failed.textAt('ID')}`)
  expect(task.at('Status', 'ContainerStatus', 'ExitCode')).toBe(42)
  expect(task.textAt('Status', 'Err')).toContain('42')
  expect((await api.get(`${containerOf(task).path}/json`)).at('State', 'ExitCode')).toBe(42)
})

inspect.must('answer 404 where there is no such task', { id: 'task-inspect-unknown', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  await stagedServices(fixtures)
  expect(await api.get(`/tasks/${stage.name('nothing')}`)).toAnswer(404)
})
