import { expect, operation, placesIn, until, type Api, type Box, type Place, type Stage } from '../../harness/case/index.ts'
import { hasSaid } from '../containers/lifecycle.ts'
import { detachBy } from '../streams/detach.ts'
import { actionOf, actionsAfter, actionsOf, eventsDuring, lastOf, objectOf } from './watched.ts'

const events = operation('GET /events')
/** The events of a stream that ends by itself. */
async function allOf(stream: { allValues(): Promise<readonly unknown[]> }): Promise<Place[]> {
  return (await stream.allValues()).map((value) => placesIn(() => value))
}

const everything = { stream: 1, stdin: 1, stdout: 1, stderr: 1 }

type Sequence = {
  readonly what: string
  readonly id: string
  /** The state before, and what is done then. */
  readonly before: (stage: Stage, api: Api) => Promise<Box>
  readonly act: (api: Api, box: Box, stage: Stage) => Promise<unknown>
  readonly seen: readonly string[]
  readonly staged: 'create' | 'start'
  readonly reality?: string
}

/** Of a container that is stopped: the end of its process is told of by whoever watches that, `stop` by whoever waited for it. */
const dieAndStop = 'the diagram has die before stop; daemons wake who waits for the end of a process before they tell of it (SetStopped in daemon/monitor.go), so that stop may come first, as it does now and then from 23.0 on'
const eitherOrder = (actions: readonly string[]): string[] => actions.join(' ').replace('stop die', 'die stop').split(' ')

/** A container that ends at the first signal: one that comes before its process has handlers is lost on it. */
async function obeying(stage: Stage, api: Api): Promise<Box> {
  const box = await stage.running({ Cmd: ['hold', '0', 'ready'] })
  await hasSaid(api, box, 'ready')
  return box
}

const sequences: readonly Sequence[] = [
  { what: 'start, and die when the process ends', id: 'events-start-die', before: (stage) => stage.container({ Cmd: ['exit', '3'] }), act: (api, box) => api.post(`${box.path}/start`), seen: ['start', 'die'], staged: 'create' },
  { what: 'kill, die and stop where a container is stopped', id: 'events-stop', before: obeying, act: (api, box) => api.post(`${box.path}/stop`), seen: ['kill', 'die', 'stop'], staged: 'start', reality: dieAndStop },
  { what: 'kill and die where a container is killed', id: 'events-kill', before: (stage) => stage.running(), act: (api, box) => api.post(`${box.path}/kill`), seen: ['kill', 'die'], staged: 'start' },
  { what: 'kill, die, stop, start and restart where a container is restarted', id: 'events-restart', before: obeying, act: (api, box) => api.post(`${box.path}/restart`), seen: ['kill', 'die', 'stop', 'start', 'restart'], staged: 'start', reality: dieAndStop },
  { what: 'destroy where a container is removed', id: 'events-destroy', before: (stage) => stage.container(), act: (api, box) => api.delete(box.path), seen: ['destroy'], staged: 'create' },
  {
    what: 'pause and unpause', id: 'events-pause-unpause', before: (stage) => stage.running(),
    act: async (api, box) => (await api.post(`${box.path}/pause`), api.post(`${box.path}/unpause`)), seen: ['pause', 'unpause'], staged: 'start',
  },
]
for (const { what, id, before, act, seen, staged, reality } of sequences) {
  events.must(`tell of ${what}`, { id, source: ['operation', 'general/10'], ...(reality !== undefined && { reality }) }, async ({ api, stage, daemon }) => {
    const box = await before(stage, api)
    const told = await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, () => act(api, box, stage), lastOf(seen))
    expect(eitherOrder(actionsAfter(staged, told))).toEqual(seen)
    for (const event of told) expect(objectOf(event)).toBe(box.id)
  })
}

events.must('tell of create', { id: 'events-create', source: ['operation', 'general/10'] }, async ({ api, stage, daemon }) => {
  const name = stage.name('box')
  let box: Box | undefined
  const told = await eventsDuring({ api, daemon }, { filters: { event: ['create'] } }, async () => void (box = await stage.container({}, { name })), (event) => objectOf(event) === box?.id)
  expect(told.every((event) => actionOf(event) === 'create')).toBe(true)
})

events.must('tell of oom where a process takes more memory than it may', { id: 'events-oom', source: ['operation', 'general/10'], needs: ['memory-limit', 'cgroup-v1'] }, async ({ api, stage, daemon }) => {
  const box = await stage.container({ Cmd: ['sh', '-c', 'emit line; alloc 64; hold'], OpenStdin: true, HostConfig: { Memory: 33_554_432, MemorySwap: 33_554_432 } })
  const told = await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, async () => {
    await api.post(`${box.path}/start`)
    const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 } })
    await stdin.write('go on\n')
  }, 'oom')
  expect(actionsAfter('create', told).filter((action) => action !== 'attach')).toEqual(['start', 'oom'])
})

const asCreated = (stage: Stage) => stage.container()
/** An image that is made of it is found again by the labels. */
const labelled = (stage: Stage) => stage.container({ Labels: stage.imageLabels() })

type Aside = { readonly action: string; readonly since?: `1.${number}`; readonly before?: (stage: Stage) => Promise<Box>; readonly act: (api: Api, box: Box, stage: Stage) => Promise<unknown> }
const asides: readonly Aside[] = [
  { action: 'export', act: (api, box) => api.get(`${box.path}/export`) },
  { action: 'rename', act: (api, box, stage) => api.post(`${box.path}/rename`, { query: { name: stage.name('renamed') } }) },
  { action: 'attach', since: '1.22', before: (stage) => stage.running(), act: async (api, box) => (await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1 } })).close() },
  { action: 'top', since: '1.22', before: (stage) => stage.running(), act: (api, box) => api.get(`${box.path}/top`) },
  { action: 'resize', since: '1.22', before: (stage) => stage.running({ Tty: true }), act: (api, box) => api.post(`${box.path}/resize`, { query: { h: 20, w: 70 } }) },
  { action: 'commit', since: '1.19', before: labelled, act: (api, box, stage) => api.post('/commit', { query: { container: box.id, repo: stage.name('commit'), tag: '1' }, body: {} }) },
  { action: 'update', since: '1.22', act: (api, box) => api.post(`${box.path}/update`, { body: { CpuShares: 512 } }) },
]
for (const { action, since, before = asCreated, act } of asides) {
  events.must(`tell of ${action}`, { id: `events-${action}`, ...(since && { since }), ...(action === 'export' ? { source: 'general/11' } : {}) }, async ({ api, stage, daemon }) => {
    const box = await before(stage)
    const told = await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, () => act(api, box, stage), action)
    expect(actionsAfter(before === asCreated || before === labelled ? 'create' : 'start', told)).toEqual([action])
  })
}

events.must('tell of exec_create, and of exec_start after it', { id: 'events-exec', source: 'general/11' }, async ({ api, stage, daemon }) => {
  const box = await stage.running()
  const told = await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, () => stage.run(box, 'print', 'x'), (event) => actionOf(event).startsWith('exec_start'))
  expect(actionsAfter('start', told)).toEqual(['exec_create', 'exec_start'])
})

events.must('tell of detach', { id: 'events-detach', since: '1.24', source: ['change 1.24/11', 'general/11'] }, async ({ api, stage, daemon }) => {
  const box = await stage.running({ Tty: true, OpenStdin: true })
  const told = await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, async () => {
    const stream = await api.hijack('POST', `${box.path}/attach`, { query: { ...everything, detachKeys: 'ctrl-e,z' }, upgrade: true })
    await detachBy('\x05z', stream)
  }, 'detach')
  expect(actionsAfter('start', told)).toEqual(['attach', 'detach'])
})

events.must('tell of exec_detach', { id: 'events-exec-detach', since: '1.24', source: ['change 1.24/12', 'general/11'] }, async ({ api, stage, daemon }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['hold'], AttachStdin: true, Tty: true, DetachKeys: 'ctrl-e,z' })
  const told = await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, async () => {
    const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: true }, upgrade: true })
    await detachBy('\x05z', stream)
    // Only a command that is still there has been detached from.
    expect((await api.get(`${exec.path}/json`)).at('Running')).toBe(true)
  }, 'exec_detach')
  expect(actionsAfter('start', told)).toEqual(['exec_create', 'exec_start', 'exec_detach'])
})

events.must('tell in status what happened, in id what to, and in time when', { id: 'events-old-fields', removedIn: '1.22' }, async ({ api, stage, daemon }) => {
  const before = Math.floor((await daemon.now()) / 1000)
  const box = await stage.container()
  const told = (await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, () => api.post(`${box.path}/start`), 'start')).at(-1)
  expect(told?.at()).toMatchObject({ status: 'start', id: box.id })
  expect(told?.at('time')).toBeGreaterThanOrEqual(before)
})

events.must('name the image of a container', { id: 'events-from' }, async ({ api, stage, guest, daemon }) => {
  const box = await stage.container()
  const told = (await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, () => api.post(`${box.path}/start`), 'start')).at(-1)
  expect(told?.at('from') ?? told?.at('Actor', 'Attributes', 'image')).toBe(guest.image)
})

events.must('answer the time in nanoseconds beside the time in seconds', { id: 'events-time-nano', since: '1.21', source: 'change 1.21/11' }, async ({ api, stage, daemon }) => {
  const box = await stage.container()
  const told = (await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, () => api.post(`${box.path}/start`), 'start')).at(-1)
  expect(told?.at('time')).toBeGreaterThan(1_400_000_000)
  expect(Math.floor(Number(told?.at('timeNano')) / 1e9)).toBe(told?.at('time'))
})

events.must('say of what type the object is, and what its attributes are', { id: 'events-actor', since: '1.22' }, async ({ api, stage, guest, daemon }) => {
  const box = await stage.container({ Labels: { colour: 'blue' } })
  const told = (await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, () => api.post(`${box.path}/start`), 'start')).at(-1)
  expect(told?.at()).toMatchObject({ Type: 'container', Action: 'start', Actor: { ID: box.id, Attributes: { image: guest.image, name: box.name, colour: 'blue' } } })
})

events.must('answer past events since a time, and end at until', { id: 'events-since-until', alone: true }, async ({ api, stage, daemon }) => {
  const since = Math.floor((await daemon.now()) / 1000)
  const box = await stage.exited()
  const finished = Math.ceil((await daemon.now()) / 1000)
  await until(async () => expect(await daemon.now()).toBeGreaterThan(finished * 1000))
  // An event of after until, which is past by now.
  expect(await api.delete(box.path)).toAnswer(204)
  const stream = await api.stream('GET', '/events', { query: { since, until: finished } })
  expect(stream.status).toBe(200)
  const told = await allOf(stream)
  expect(actionsOf(told.filter((event) => objectOf(event) === box.id))).toEqual(['create', 'start', 'die'])
  for (const event of told) {
    expect(event.at('time')).toBeGreaterThanOrEqual(since)
    expect(event.at('time')).toBeLessThanOrEqual(finished)
  }
})

events.must('answer nothing of what was before since', { id: 'events-since-later' }, async ({ api, stage, daemon }) => {
  const box = await stage.exited()
  const later = Math.ceil((await daemon.now()) / 1000) + 1
  // The time up to since has to pass first: a daemon may take both times as they are, or wait for the second.
  const stream = await api.stream('GET', '/events', { query: { since: later, until: later + 1, filters: { container: [box.id] } } })
  expect(stream.status).toBe(200)
  expect((await allOf(stream)).map(actionOf)).toEqual([])
})

events.must('go on until the time that until says', { id: 'events-until-future' }, async ({ api, stage, daemon }) => {
  const box = await stage.container()
  // Long enough that the removal comes before it on a machine that has much to do.
  const ends = Math.floor((await daemon.now()) / 1000) + 6
  const stream = await api.stream('GET', '/events', { query: { until: ends, filters: { container: [box.id] } } })
  expect(await api.delete(box.path)).toAnswer(204)
  // Whether what was before is told too, where since is left out, the page does not say. What a removal is called is another case's.
  const last = (await allOf(stream)).map(actionOf).at(-1)
  expect(last).toBeDefined()
  expect(last).not.toBe('create')
  expect(await daemon.now()).toBeGreaterThanOrEqual(ends * 1000)
})

events.must('refuse a since that is no timestamp', { id: 'events-since-no-time', since: '1.19', reality: 'the page names only 500; all daemons answer it, later ones may say 400' }, async ({ api }) => {
  expect(await api.get('/events', { query: { since: 'bogus', until: 1 } })).toAnswer(400, 500)
})

events.must('filter by container, by its id and by its name', { id: 'events-filter-container' }, async ({ api, stage, daemon }) => {
  const wanted = await stage.container()
  const other = await stage.container()
  for (const handle of [wanted.id, wanted.name]) {
    const told = await eventsDuring({ api, daemon }, { filters: { container: [handle], event: ['export'] } }, async () => (await api.get(`${other.path}/export`), api.get(`${wanted.path}/export`)), 'export')
    expect(told.map(objectOf)).toEqual([wanted.id])
  }
})

events.must('filter by event', { id: 'events-filter-event' }, async ({ api, stage, daemon }) => {
  const box = await stage.container({ Cmd: ['exit', '0'] })
  const told = await eventsDuring({ api, daemon }, { filters: { container: [box.id], event: ['die'] } }, () => api.post(`${box.path}/start`), 'die')
  expect(told.map(actionOf)).toEqual(['die'])
})

events.must('take several values of a filter for either of them, and several filters for all of them', { id: 'events-filter-several' }, async ({ api, stage, daemon }) => {
  const [first, second, other] = [await stage.container(), await stage.container(), await stage.container()]
  const told = await eventsDuring({ api, daemon }, { filters: { container: [first.id, second.id], event: ['start', 'rename'] } }, async () => {
    await api.post(`${other.path}/start`)
    await api.post(`${first.path}/start`)
    await api.post(`${first.path}/kill`)
    await api.post(`${second.path}/rename`, { query: { name: stage.name('renamed') } })
  }, 'rename')
  expect(told.map((event) => [objectOf(event), actionOf(event)])).toEqual([[first.id, 'start'], [second.id, 'rename']])
})

events.must('filter by image', { id: 'events-filter-image' }, async ({ api, stage, guest, daemon }) => {
  const box = await stage.container()
  const told = await eventsDuring({ api, daemon }, { filters: { image: [guest.image], container: [box.id] } }, () => api.post(`${box.path}/start`), 'start')
  expect(actionsAfter('create', told)).toEqual(['start'])
  const ends = { until: 1, filters: { image: [stage.name('no-image')] } }
  expect((await api.get('/events', { query: { since: 0, ...ends } })).text.trim()).toBe('')
})

events.must('filter by label', { id: 'events-filter-label', since: '1.21', source: 'change 1.21/12' }, async ({ api, stage, daemon }) => {
  const mark = stage.name('mark')
  const wanted = await stage.container({ Labels: { 'plimsoll.mark': mark } })
  const other = await stage.container()
  const told = await eventsDuring({ api, daemon }, { filters: { label: [`plimsoll.mark=${mark}`] } }, async () => (await api.post(`${other.path}/start`), api.post(`${wanted.path}/start`)), 'start')
  expect(new Set(told.map(objectOf))).toEqual(new Set([wanted.id]))
})

events.must('filter by type', { id: 'events-filter-type', since: '1.22', needs: ['local-volumes'] }, async ({ api, stage, daemon }) => {
  const box = await stage.container()
  let volume: { name: string } | undefined
  const told = await eventsDuring({ api, daemon }, { filters: { type: ['volume'] } }, async () => {
    await api.delete(box.path)
    volume = await stage.volume()
    // Some daemons name a volume in the attributes only; which says it, other cases judge.
  }, (event) => [objectOf(event), event.at('Actor', 'Attributes', 'name')].includes(volume?.name))
  expect(told.every((event) => event.at('Type') === 'volume')).toBe(true)
})

events.must('filter by volume', { id: 'events-filter-volume', since: '1.22', needs: ['local-volumes'] }, async ({ api, stage, daemon }) => {
  const other = await stage.volume()
  const volume = await stage.volume()
  const told = await eventsDuring({ api, daemon }, { filters: { volume: [volume.name] } }, async () => (await api.delete(`/volumes/${other.name}`), api.delete(`/volumes/${volume.name}`)), 'destroy')
  expect(new Set(told.map(objectOf))).toEqual(new Set([volume.name]))
  expect(told.at(-1)?.at('Type')).toBe('volume')
})

events.must('filter by network', { id: 'events-filter-network', since: '1.22', needs: ['bridge-network'] }, async ({ api, stage, daemon }) => {
  const other = await stage.network()
  const network = await stage.network()
  const told = await eventsDuring({ api, daemon }, { filters: { network: [network.id] } }, async () => (await api.delete(`/networks/${other.id}`), api.delete(`/networks/${network.id}`)), 'destroy')
  expect(new Set(told.map(objectOf))).toEqual(new Set([network.id]))
  expect(told.at(-1)?.at('Type')).toBe('network')
})

events.must('filter by daemon, its name or ID: no other event comes through', { id: 'events-filter-daemon', since: '1.24', source: 'change 1.24/10' }, async ({ api, stage, daemon }) => {
  const info = await api.get('/info')
  const box = await stage.container()
  for (const handle of [info.at('Name'), info.at('ID')]) {
    const ends = Math.floor((await daemon.now()) / 1000) + 2
    const stream = await api.stream('GET', '/events', { query: { until: ends, filters: { daemon: [handle] } } })
    expect(stream.status).toBe(200)
    await api.get(`${box.path}/export`)
    expect((await allOf(stream)).filter((event) => event.at('Type') !== 'daemon')).toEqual([])
  }
})
