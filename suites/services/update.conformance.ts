import { expect, operation, until } from '../../harness/case/index.ts'
import { fullSpec, laterSpec, specOf } from './full-spec.ts'
import { containersOf, none, patience, runningTask, runningTasks, stagedServices, stateOf, tasksOf } from './services.ts'

const update = operation('POST /services/{id}/update')

const two = { Mode: { Replicated: { Replicas: 2 } } }
/** What fails as soon as it is started, and is not started again. */
const failing = { container: { Command: ['exit', '3'] }, task: { RestartPolicy: { Condition: 'none' } } }

update.must('replace the tasks of a service by those of the new spec', { id: 'service-update', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service({ container: { Env: ['FLAVOUR=salt'] } })
  const before = await runningTask(api, service)
  const old = (await api.get(service.path)).numberAt('Version', 'Index')
  expect(await services.update(service, { container: { Env: ['FLAVOUR=pepper'] }, Labels: { flavour: 'pepper' } })).toAnswer(200)
  const after = await until(async () => {
    const box = await runningTask(api, service)
    expect(box.id).not.toBe(before.id)
    return box
  }, patience)
  expect((await api.get(`${after.path}/json`)).textsAt('Config', 'Env')).toContain('FLAVOUR=pepper')
  await until(async () => expect(stateOf(await api.get(`/tasks/${before.task.textAt('ID')}`))).toBe('shutdown'), patience)
  const inspected = await api.get(service.path)
  expect(inspected.at('Spec', 'Labels')).toMatchObject({ flavour: 'pepper' })
  expect(inspected.numberAt('Version', 'Index')).toBeGreaterThan(old)
})

update.must('start and end tasks until there are as many as Replicas says', { id: 'service-update-scale', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service()
  const first = await runningTask(api, service)
  expect(await services.update(service, two)).toAnswer(200)
  const boxes = (await runningTasks(api, service, 2)).map(({ id }) => id)
  expect(boxes).toContain(first.id)
  expect(await services.update(service, none)).toAnswer(200)
  await until(async () => {
    for (const id of await containersOf(api, service)) expect((await api.get(`/containers/${id}/json`)).at('State', 'Running')).not.toBe(true)
  }, patience)
})

for (const { spec, since, id } of [
  { spec: fullSpec, since: '1.24', id: 'service-update-kept' },
  { spec: laterSpec, since: '1.25', id: 'service-update-later-kept' },
] as const) {
  update.must(`keep all of what a service is told${since === '1.25' ? ', with what 1.25 adds' : ''}`, {
    id, since, source: since === '1.25' ? ['operation', 'change 1.25/18'] : 'operation', inSwarm: true, alone: true,
    reality: 'where the page of 1.24 describes updating, limits and reservations are CPU and Memory; its samples, and every daemon, have NanoCPUs and MemoryBytes',
  }, async (fixtures) => {
    const { api, stage } = fixtures
    const services = await stagedServices(fixtures)
    const network = await stage.network({ Driver: 'overlay' })
    // Networks are what can't be changed: an update names those that the service has.
    const Networks = [{ Target: network.id, ...(since === '1.25' && { Aliases: ['salt'] }) }]
    const service = await services.service({ ...none, ...(since === '1.25' ? { task: { Networks } } : { Networks }) })
    const parts = since === '1.25' ? { ...spec, task: { ForceUpdate: 7, Networks } } : { ...spec, Networks }
    expect(await services.update(service, parts)).toAnswer(200)
    expect((await api.get(service.path)).at('Spec')).toMatchObject(specOf(parts))
  })
}

update.must('keep Aliases of Networks, and a Mode that is Global', { id: 'service-update-global', since: '1.25', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const network = await stage.network({ Driver: 'overlay' })
  const nowhere = (constraint: string) => ({ Mode: { Global: {} }, Networks: [{ Target: network.id, Aliases: ['salt'] }], task: { Placement: { Constraints: [constraint] } } })
  const service = await services.service(nowhere('node.role==worker'))
  const parts = nowhere('node.id==nothing')
  expect(await services.update(service, parts)).toAnswer(200)
  expect((await api.get(service.path)).at('Spec')).toMatchObject(specOf(parts))
})

update.must('take another Mode of EndpointSpec', { id: 'service-update-endpoint-mode', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service({ ...none, EndpointSpec: { Mode: 'vip' } })
  expect((await api.get(service.path)).at('Spec', 'EndpointSpec', 'Mode')).toBe('vip')
  expect(await services.update(service, { ...none, EndpointSpec: { Mode: 'dnsrr' } })).toAnswer(200)
  expect((await api.get(service.path)).at('Spec', 'EndpointSpec', 'Mode')).toBe('dnsrr')
})

update.must('change nothing where version is not the one that the service has', {
  id: 'service-update-version', inSwarm: true,
  reality: 'that conflicting writes are avoided is all that the page says; every daemon from 1.12 on answers 500',
}, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service(none)
  const version = (await api.get(service.path)).numberAt('Version', 'Index')
  expect(await services.update(service, { ...none, Labels: { flavour: 'first' } })).toAnswer(200)
  const body = services.spec({ ...none, Name: service.name, Labels: { flavour: 'second' } })
  expect(await api.post(`${service.path}/update`, { query: { version }, body })).toAnswer(500)
  expect((await api.get(service.path)).at('Spec', 'Labels', 'flavour')).toBe('first')
})

update.must('refuse to be without version', {
  id: 'service-update-no-version', inSwarm: true,
  reality: 'the page calls it required and gives no status; Docker 1.12 and 1.13 answer 500, later ones 400',
}, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service({ ...none, Labels: { flavour: 'first' } })
  expect(await api.post(`${service.path}/update`, { body: services.spec({ ...none, Name: service.name, Labels: { flavour: 'second' } }) })).toAnswer(400, 500)
  expect((await api.get(service.path)).at('Spec', 'Labels', 'flavour')).toBe('first')
})

update.must('refuse another Name', {
  id: 'service-update-rename', inSwarm: true,
  reality: 'that renaming is not supported is all that the page says; Docker up to 1.13 answers 500, later ones 501',
}, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service(none)
  expect(await services.update(service, { ...none, Name: stage.name('other') })).toAnswer(500, 501)
  expect((await api.get(service.path)).at('Spec', 'Name')).toBe(service.name)
})

update.must('answer 404 where there is no such service', { id: 'service-update-unknown', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  expect(await api.post(`/services/${stage.name('nothing')}/update`, { query: { version: 1 }, body: services.spec(none) })).toAnswer(404)
})

update.must('replace as many tasks at a time as Parallelism says, with Delay between them', { id: 'service-update-parallelism', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const [one, both] = [await services.service(two), await services.service(two)]
  const before = [...(await runningTasks(api, one, 2)), ...(await runningTasks(api, both, 2))].map(({ id }) => id)
  const delayMs = 2_000
  expect(await services.update(one, { ...two, container: { Args: ['hold', '1'] }, UpdateConfig: { Parallelism: 1, Delay: delayMs * 1_000_000 } })).toAnswer(200)
  // Longer than this waits: one after the other, the second would never come.
  expect(await services.update(both, { ...two, container: { Args: ['hold', '1'] }, UpdateConfig: { Parallelism: 2, Delay: 3_600_000_000_000 } })).toAnswer(200)
  const replaced = (service: typeof one) =>
    until(async () => {
      const boxes = await runningTasks(api, service, 2)
      expect(boxes.filter(({ id }) => before.includes(id))).toEqual([])
      return boxes.map(({ task }) => Date.parse(task.textAt('CreatedAt')))
    }, patience)
  await replaced(both)
  const [first = NaN, second = NaN] = await replaced(one)
  expect(second - first, 'milliseconds between the two new tasks').toBeGreaterThanOrEqual(delayMs)
})

update.must('go on with the tasks that are left where one fails and FailureAction is continue', { id: 'service-update-continue', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service(two)
  await runningTasks(api, service, 2)
  expect(await services.update(service, { ...two, ...failing, UpdateConfig: { Parallelism: 1, FailureAction: 'continue' } })).toAnswer(200)
  await until(async () => {
    const states = (await tasksOf(api, service)).map(stateOf).sort()
    expect(states).toEqual(['failed', 'failed', 'shutdown', 'shutdown'])
  }, patience)
})

update.must('pause where a task fails and FailureAction is pause, but not before more fail than MaxFailureRatio says', { id: 'service-update-failure-ratio', since: '1.25', source: ['operation', 'change 1.25/18'], inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const [strict, lenient] = [await services.service(two), await services.service(two)]
  const [kept] = [await runningTasks(api, strict, 2), await runningTasks(api, lenient, 2)]
  const UpdateConfig = { Parallelism: 1, FailureAction: 'pause' }
  // Watched so long that a failure is seen however slow the machine is; and it is seen before the next task's turn.
  expect(await services.update(strict, { ...two, ...failing, UpdateConfig: { ...UpdateConfig, MaxFailureRatio: 0, Monitor: 60_000_000_000, Delay: 10_000_000_000 } })).toAnswer(200)
  expect(await services.update(lenient, { ...two, ...failing, UpdateConfig: { ...UpdateConfig, MaxFailureRatio: 1, Monitor: 3_000_000_000 } })).toAnswer(200)
  await until(async () => expect((await api.get(strict.path)).at('UpdateStatus', 'State')).toBe('paused'), patience)
  await until(async () => expect((await api.get(lenient.path)).at('UpdateStatus', 'State')).toBe('completed'), patience)
  expect((await tasksOf(api, lenient)).map(stateOf).filter((state) => state === 'failed')).toHaveLength(2)
  const inspected = await Promise.all(kept.map(({ path }) => api.get(`${path}/json`)))
  expect(inspected.map((container) => container.at('State', 'Running')).sort(), 'the tasks of before that still run').toEqual([false, true])
})

update.must('watch each task for failures no longer than Monitor says', { id: 'service-update-monitor', since: '1.25', source: ['operation', 'change 1.25/18'], inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const late = { container: { Command: ['emit', 'sleep=4000', 'exit=3'], StopGracePeriod: 1_000_000 }, task: { RestartPolicy: { Condition: 'none' } } }
  const [brief, long] = [await services.service(), await services.service()]
  await runningTask(api, brief)
  await runningTask(api, long)
  const UpdateConfig = { Parallelism: 1, FailureAction: 'pause', MaxFailureRatio: 0 }
  expect(await services.update(brief, { ...late, UpdateConfig: { ...UpdateConfig, Monitor: 1_000_000 } })).toAnswer(200)
  expect(await services.update(long, { ...late, UpdateConfig: { ...UpdateConfig, Monitor: 60_000_000_000 } })).toAnswer(200)
  const endOf = (service: typeof brief) =>
    until(async () => {
      const status = (await api.get(service.path)).at('UpdateStatus', 'State')
      expect(status).toBeOneOf(['completed', 'paused'])
      return status
    }, patience)
  expect(await endOf(brief), 'how the update ended that watched a millisecond').toBe('completed')
  expect(await endOf(long), 'how the update ended that watched a minute').toBe('paused')
})

update.must('replace the tasks where nothing but ForceUpdate has changed, and not where nothing has', { id: 'service-update-force', since: '1.25', source: 'change 1.25/19', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const [forced, same] = [await services.service(), await services.service()]
  const [one, other] = [await runningTask(api, forced), await runningTask(api, same)]
  expect(await services.update(same, {})).toAnswer(200)
  expect(await services.update(forced, { task: { ForceUpdate: 1 } })).toAnswer(200)
  await until(async () => expect((await runningTask(api, forced)).id).not.toBe(one.id), patience)
  expect((await tasksOf(api, same)).map((task) => task.at('ID'))).toEqual([other.task.at('ID')])
  expect((await api.get(`${other.path}/json`)).at('State', 'Running')).toBe(true)
})
