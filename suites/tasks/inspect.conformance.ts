import { expect, operation, until } from '../../harness/case/index.ts'
import { fullSpec, laterSpec } from '../services/full-spec.ts'
import { containerOf, endedTasks, patience, runningTask, stagedServices, tasksOf } from '../services/services.ts'

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

for (const { spec, since, id } of [
  { spec: fullSpec, since: '1.24', id: 'task-inspect-spec' },
  { spec: laterSpec, since: '1.25', id: 'task-inspect-later-spec' },
] as const) {
  inspect.must(`show all of what the tasks of a service were told, as the list of tasks does${since === '1.25' ? ', with what 1.25 adds' : ''}`, { id, since, inSwarm: true }, async (fixtures) => {
    const { api, stage } = fixtures
    const services = await stagedServices(fixtures)
    const network = await stage.network({ Driver: 'overlay' })
    // Where no node suits it, nothing is started: no volume is made, and no port taken.
    const Placement = { Constraints: ['node.role == worker'] }
    const task = { ...spec.task, Placement, ...(since === '1.25' && { Networks: [{ Target: network.id, Aliases: ['salt'] }] }) }
    const service = await services.service({ ...(spec.container && { container: spec.container }), task })
    // The list has it as inspecting it shows it: the swarm writes to it until it waits for a node.
    await until(async () => {
      const tasks = await tasksOf(api, service)
      expect(tasks).toHaveLength(1)
      const answer = await api.get(`/tasks/${tasks[0]?.textAt('ID')}`)
      expect(answer).toAnswer(200)
      expect(answer.at('Spec')).toMatchObject({ ...task, ContainerSpec: spec.container })
      expect(tasks[0]?.at()).toEqual(answer.json())
    }, patience)
  })
}

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
