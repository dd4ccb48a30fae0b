import { Blocked, expect, placesIn, until, type Api, type ApiAnswer, type Place, type Stage } from '../../harness/case/index.ts'
import { parseJson } from '../../harness/wire/json.ts'

type Fields = Readonly<Record<string, unknown>>

/** The body of a create or an update, with the parts that most cases are about in their own places. */
export type ServiceParts = {
  /** Members of ContainerSpec beside the guest image and the labels. */
  readonly container?: Fields
  /** Members of TaskTemplate beside ContainerSpec. */
  readonly task?: Fields
  /** Members of the body itself. */
  readonly [member: string]: unknown
}

/** A service that the case made. */
export type Service = {
  readonly id: string
  readonly name: string
  /** `/services/<id>` */
  readonly path: string
}

/** A container that runs for a service, with the task that it is. */
export type TaskContainer = {
  readonly id: string
  /** `/containers/<id>` */
  readonly path: string
  readonly task: Place
}

/** Ways to make services in the swarm that cases share. */
export type Services = {
  /** A body for a service that runs the guest. Its containers are labelled as the stage's are. */
  spec(parts?: ServiceParts): { readonly Name: string; readonly [member: string]: unknown }
  /** `POST /services/create`: the answer is the case's to judge. Whatever it makes is gone when the case ends, with its containers. */
  create(body: Fields, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>
  /** A created service. @throws Blocked where the daemon does not make it */
  service(parts?: ServiceParts): Promise<Service>
  /** Whether a service or a task of an answer's list is the case's own: others run side by side with it. */
  owns(listed: Place): boolean
  /** `POST /services/{id}/update` from the version that the service has now: the answer is the case's to judge. */
  update(service: Service, parts: ServiceParts, options?: { readonly query?: Fields; readonly headers?: Readonly<Record<string, string>> }): Promise<ApiAnswer>
}

/** A service as the list shows it; undefined where the list has none. */
export async function listedService(api: Api, { id }: Service): Promise<Place | undefined> {
  return (await api.get('/services')).list().find((each) => each.at('ID') === id)
}

/** A service of which no task is to run. */
export const none = { Mode: { Replicated: { Replicas: 0 } } }

/** How long a task may take to start or to end: longer than any healthy daemon takes on a slow machine. */
export const patience = { timeoutMs: 40_000 }

/** How often the swarm may write to a service while a case is about to: it does once. */
const conflicts = 5

/** The label by which the containers of one service are told from all others. */
const serviceLabel = 'plimsoll.service'

/**
 * Makes services that are gone when the case ends, with their containers. For cases that are `inSwarm`.
 */
export async function stagedServices({ api, stage, guest }: { readonly api: Api; readonly stage: Stage; readonly guest: { readonly image: string } }): Promise<Services> {
  const made: string[] = []
  stage.defer(async () => void (await Promise.all(made.map((name) => removed(api, name)))))
  // By its id: for a name, the daemon would ask a registry first.
  const image = await imageId(api, guest.image)

  const spec: Services['spec'] = ({ container = {}, task = {}, ...members } = {}) => {
    const Name = typeof members.Name === 'string' ? members.Name : stage.name('service')
    return {
      ...members,
      Name,
      Labels: { ...(members.Labels as Fields | undefined), ...stage.labels },
      TaskTemplate: { ...task, ContainerSpec: { Image: image, ...container, Labels: { ...(container.Labels as Fields | undefined), ...stage.labels, [serviceLabel]: Name } } },
    }
  }
  const create: Services['create'] = async (body, headers = {}) => {
    const answer = await api.post('/services/create', { body, headers })
    if (answer.status === 201) made.push(String(body.Name))
    return answer
  }
  return {
    spec,
    create,
    owns: (listed) => made.includes(String(listed.at('Spec', 'Name') ?? listed.at('Spec', 'ContainerSpec', 'Labels', serviceLabel))),
    async service(parts) {
      const body = spec(parts)
      const answer = await create(body)
      const id: unknown = answer.status === 201 ? answer.at('ID') : undefined
      if (typeof id !== 'string') throw new Blocked(`could not create a service: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
      return { id, name: body.Name, path: `/services/${id}` }
    },
    async update(service, parts, { query = {}, headers = {} } = {}) {
      const versionNow = async () => (await api.get(service.path)).numberAt('Version', 'Index')
      const body = spec({ Name: service.name, ...parts })
      let version = await versionNow()
      for (let left = conflicts; ; left -= 1) {
        const answer = await api.post(`${service.path}/update`, { query: { version, ...query }, headers, body })
        if (answer.status === 200 || left === 0) return answer
        // The swarm writes to a service too, as when it hands out addresses: only then is it asked again.
        const later = await versionNow()
        if (later === version) return answer
        version = later
      }
    },
  }
}

/** The id of an image, by which a service may name it too. */
export async function imageId(api: Api, name: string): Promise<string> {
  return (await api.get(`/images/${name}/json`)).textAt('Id')
}

/** The tasks of a service, in the order in which they were created. */
export async function tasksOf(api: Api, service: Service): Promise<Place[]> {
  const answer = await api.get('/tasks', { query: { filters: { service: [service.name] } } })
  expect(answer).toAnswer(200)
  return answer.list().sort((one, other) => Date.parse(one.textAt('CreatedAt')) - Date.parse(other.textAt('CreatedAt')))
}

/** Waits until so many tasks of a service run, and no others are to: their containers, in the order of the tasks. */
export async function runningTasks(api: Api, service: Service, count = 1): Promise<TaskContainer[]> {
  return await until(async () => {
    const wanted = (await tasksOf(api, service)).filter((task) => ['running', 'ready'].includes(String(task.at('DesiredState'))))
    expect(wanted.map(stateOf), `the tasks of ${service.name} that are to run`).toEqual(Array(count).fill('running'))
    return wanted.map(containerOf)
  }, patience)
}

/** Waits until the one task of a service runs: its container. */
export async function runningTask(api: Api, service: Service): Promise<TaskContainer> {
  const [only] = await runningTasks(api, service, 1)
  return only as TaskContainer
}

/** Waits until a service has so many tasks, each of which is in one of these states and is to be started no more. */
export async function endedTasks(api: Api, service: Service, count: number, ...states: string[]): Promise<Place[]> {
  return await until(async () => {
    const tasks = await tasksOf(api, service)
    expect(tasks.map((task) => [task.at('DesiredState'), stateOf(task)])).toEqual(Array(count).fill(['shutdown', expect.toBeOneOf(states)]))
    return tasks
  }, patience)
}

/** How far a task has come. */
export function stateOf(task: Place): string {
  return task.textAt('Status', 'State')
}

/** The container of a task that has one. */
export function containerOf(task: Place): TaskContainer {
  const id = task.textAt('Status', 'ContainerStatus', 'ContainerID')
  return { id, path: `/containers/${id}`, task }
}

/** The ids of all containers of a service, running or not. */
export async function containersOf(api: Api, { name }: { readonly name: string }): Promise<string[]> {
  const answer = await api.get('/containers/json', { query: { all: 1, filters: { label: [`${serviceLabel}=${name}`] } } })
  expect(answer).toAnswer(200)
  return answer.list().map((container) => container.textAt('Id'))
}

/** JSON that a guest printed. */
export function printedJson(text: string): Place {
  return placesIn(() => parseJson(text))
}

/** Removes a service, and waits until its containers are gone as well. */
async function removed(api: Api, name: string): Promise<void> {
  const answer = await api.delete(`/services/${name}`)
  if (answer.status !== 200 && answer.status !== 404) throw new Error(`could not remove the service ${name}: status ${answer.status}, ${answer.text.trim()}`)
  await until(async () => expect(await containersOf(api, { name })).toEqual([]), patience)
}
