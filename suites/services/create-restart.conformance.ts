import { expect, operation, until } from '../../harness/case/index.ts'
import { containerOf, endedTasks, patience, stagedServices, tasksOf } from './services.ts'

const create = operation('POST /services/create')

const fails = { Command: ['exit', '3'] }
const ends = { Command: ['exit', '0'] }
const soon = 1_000_000

create.must('restart a container that ended as the Condition of RestartPolicy says', { id: 'service-create-restart-condition', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const [none, onFailure, any] = [
    await services.service({ container: fails, task: { RestartPolicy: { Condition: 'none', Delay: soon } } }),
    await services.service({ container: ends, task: { RestartPolicy: { Condition: 'on-failure', Delay: soon } } }),
    await services.service({ container: ends, task: { RestartPolicy: { Condition: 'any', Delay: soon, MaxAttempts: 1 } } }),
  ]
  await endedTasks(api, any, 2, 'complete')
  await endedTasks(api, onFailure, 1, 'complete')
  const [failed] = await endedTasks(api, none, 1, 'failed')
  expect(failed?.at('Status', 'ContainerStatus', 'ExitCode')).toBe(3)
})

create.must('restart a container after Delay, and MaxAttempts times at the most', {
  id: 'service-create-restart-attempts', inSwarm: true,
  reality: 'the page of 1.24 calls it Attempts where it describes creating, and MaxAttempts in the samples and where it describes updating',
}, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service({ container: fails, task: { RestartPolicy: { Condition: 'on-failure', Delay: 1_500_000_000, MaxAttempts: 1 } } })
  const [first, second] = await endedTasks(api, service, 2, 'failed')
  if (first === undefined || second === undefined) return
  const state = async (task: typeof first, field: string) => Date.parse((await api.get(`${containerOf(task).path}/json`)).textAt('State', field))
  expect((await state(second, 'StartedAt')) - (await state(first, 'FinishedAt')), 'milliseconds between the end of the first and the start of the second').toBeGreaterThanOrEqual(1_500)
})

create.must('count only the attempts within the Window of RestartPolicy', { id: 'service-create-restart-window', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const bounded = await services.service({ container: fails, task: { RestartPolicy: { Condition: 'any', Delay: soon, MaxAttempts: 1 } } })
  // No two attempts are within a millisecond.
  const unbounded = await services.service({ container: fails, task: { RestartPolicy: { Condition: 'any', Delay: soon, MaxAttempts: 1, Window: 1_000_000 } } })
  await until(async () => expect((await tasksOf(api, unbounded)).length).toBeGreaterThanOrEqual(3), patience)
  await endedTasks(api, bounded, 2, 'failed')
})
