import { expect, operation, until } from '../../harness/case/index.ts'
import { fullSpec, laterSpec, specOf } from './full-spec.ts'
import { containersOf, imageId, none, patience, runningTask, runningTasks, stagedServices, stateOf, tasksOf } from './services.ts'

const create = operation('POST /services/create')

create.must('make a service of the name and labels, whose task runs the image', { id: 'service-create', inSwarm: true }, async (fixtures) => {
  const { api, guest } = fixtures
  const services = await stagedServices(fixtures)
  const body = services.spec({ Labels: { flavour: 'salt' } })
  expect(await api.get(`/services/${body.Name}`)).toAnswer(404)
  const answer = await services.create(body)
  expect(answer).toAnswer(201)
  const service = { id: answer.textAt('ID'), name: body.Name, path: `/services/${answer.textAt('ID')}` }
  const inspected = await api.get(service.path)
  expect(inspected.at('Spec', 'Name')).toBe(body.Name)
  expect(inspected.at('Spec', 'Labels')).toMatchObject({ flavour: 'salt' })
  const box = await runningTask(api, service)
  const container = await api.get(`${box.path}/json`)
  expect(container.at('State', 'Running')).toBe(true)
  expect(container.at('Image')).toBe(await imageId(api, guest.image))
})

create.must('warn where it can not ask the registry of the image for its digest, and make the service all the same', {
  id: 'service-create-warning', since: '1.25', inSwarm: true,
  reality: 'the page has one text, Warning; every daemon from Docker 1.13 on has a list, Warnings',
}, async (fixtures) => {
  const services = await stagedServices(fixtures)
  // Nobody listens there.
  const body = services.spec({ ...none, container: { Image: '127.0.0.1:9/plimsoll/nothing:latest' } })
  const answer = await services.create(body)
  expect(answer).toAnswer(201)
  expect(answer.textsAt('Warnings').join('\n')).toContain('127.0.0.1:9/plimsoll/nothing')
  expect((await fixtures.api.get(`/services/${body.Name}`)).at('Spec', 'TaskTemplate', 'ContainerSpec', 'Image')).toBe('127.0.0.1:9/plimsoll/nothing:latest')
})

create.must('be refused where another service has the name', { id: 'service-create-name-conflict', inSwarm: true }, async (fixtures) => {
  const services = await stagedServices(fixtures)
  const { name, id } = await services.service(none)
  expect(await services.create(services.spec({ Name: name }))).toAnswer(409)
  const listed = await fixtures.api.get('/services')
  expect(listed.list().filter(services.owns).map((service) => service.at('ID'))).toEqual([id])
})

create.must('be refused for a network that is not eligible for services', { id: 'service-create-local-network', inSwarm: true }, async (fixtures) => {
  const { stage } = fixtures
  const services = await stagedServices(fixtures)
  const { name } = await stage.network()
  const body = services.spec({ Networks: [{ Target: name }] })
  expect(await services.create(body)).toAnswer(403)
  expect(await fixtures.api.get(`/services/${body.Name}`)).toAnswer(404)
})

create.must('refuse a service without an image', {
  id: 'service-create-no-image', inSwarm: true,
  reality: 'the page lists 500 and says no more; Docker 1.12 and 1.13 answer that, later ones 400',
}, async (fixtures) => {
  const services = await stagedServices(fixtures)
  const body = services.spec({ container: { Image: '' } })
  expect(await services.create(body)).toAnswer(400, 500)
  expect(await fixtures.api.get(`/services/${body.Name}`)).toAnswer(404)
})

create.must('run as many tasks as Mode.Replicated says, each with a slot of its own, and one without a Mode', { id: 'service-create-replicated', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const two = await services.service({ Mode: { Replicated: { Replicas: 2 } } })
  const plain = await services.service()
  const boxes = await runningTasks(api, two, 2)
  expect(boxes.map(({ task }) => task.at('Slot')).sort()).toEqual([1, 2])
  expect((await containersOf(api, two)).sort()).toEqual(boxes.map(({ id }) => id).sort())
  await runningTask(api, plain)
  expect((await api.get(plain.path)).at('Spec', 'Mode', 'Replicated', 'Replicas')).toBe(1)
})

create.must('run one task on each node with Mode.Global', { id: 'service-create-global', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const service = await services.service({ Mode: { Global: {} } })
  const { task } = await runningTask(api, service)
  const nodes = (await api.get('/nodes')).list()
  expect(nodes.map((node) => node.at('ID'))).toEqual([task.at('NodeID')])
  expect((await api.get(service.path)).at('Spec', 'Mode')).toEqual({ Global: {} })
})

create.must('place tasks only where the Constraints of Placement hold', { id: 'service-create-constraints', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const services = await stagedServices(fixtures)
  const nowhere = await services.service({ task: { Placement: { Constraints: ['node.role==worker'] } } })
  const here = await services.service({ task: { Placement: { Constraints: ['node.role==manager'] } } })
  await runningTask(api, here)
  await expectUnplaced(fixtures, nowhere)
})

for (const { what, id, reserved } of [
  { what: 'MemoryBytes', id: 'service-create-reserved-memory', reserved: { MemoryBytes: 2 ** 50 } },
  { what: 'NanoCPUs', id: 'service-create-reserved-cpus', reserved: { NanoCPUs: 2 ** 50 } },
]) {
  create.must(`place tasks only where as much is left as Resources.Reservations.${what} says`, {
    id, inSwarm: true,
    reality: 'the list of members calls it Reservation; the samples on the same page, and every daemon, have Reservations',
  }, async (fixtures) => {
    const { api } = fixtures
    const services = await stagedServices(fixtures)
    const modest = Object.fromEntries(Object.keys(reserved).map((name) => [name, 10_000_000]))
    const greedy = await services.service({ task: { Resources: { Reservations: reserved } } })
    const service = await services.service({ task: { Resources: { Reservations: modest } } })
    await runningTask(api, service)
    await expectUnplaced(fixtures, greedy)
  })
}

/** Another task that was made later runs by now: the scheduler has looked at this one, and left it. */
async function expectUnplaced({ api }: Parameters<typeof stagedServices>[0], service: Parameters<typeof tasksOf>[1]): Promise<void> {
  const [task, ...others] = await until(async () => {
    const tasks = await tasksOf(api, service)
    expect(tasks.map((each) => stateOf(each))).toEqual(['pending'])
    return tasks
  }, patience)
  expect(others).toEqual([])
  expect(task?.at('NodeID') ?? '', 'the node of the task').toBe('')
  expect(await containersOf(api, service)).toEqual([])
}

for (const { spec, since, id } of [
  { spec: fullSpec, since: '1.24', id: 'service-create-kept' },
  { spec: laterSpec, since: '1.25', id: 'service-create-later-kept' },
] as const) {
  create.must(`keep all of what a service is told${since === '1.25' ? ', with what 1.25 adds' : ''}`, {
    id, since, source: since === '1.25' ? ['operation', 'change 1.25/18'] : 'operation', inSwarm: true, alone: true,
  }, async (fixtures) => {
    const { api } = fixtures
    const services = await stagedServices(fixtures)
    const parts = since === '1.25' ? { ...spec, task: { ForceUpdate: 7 } } : spec
    const service = await services.service(parts)
    expect((await api.get(service.path)).at('Spec')).toMatchObject(specOf(parts))
  })
}
