import { expect, operation, until, type Box, type Stage } from '../../harness/case/index.ts'
import { idsOf, idsWith, markOf } from './listed.ts'

const list = operation('GET /containers/json')

list.must('filter by the exit code', { id: 'container-list-filter-exited' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const three = await stage.exited({ Cmd: ['exit', '3'], Labels: mark.labels })
  const four = await stage.exited({ Cmd: ['exit', '4'], Labels: mark.labels })
  expect(await idsWith(api, mark)).toEqual(idsOf(four, three))
  expect(await idsWith(api, mark, { exited: ['3'] })).toEqual([three.id])
  expect(await idsWith(api, mark, { exited: ['3', '4'] })).toEqual(idsOf(three, four))
})

type State = { readonly state: string; readonly since?: `1.${number}`; readonly reach: (stage: Stage, labels: Readonly<Record<string, string>>) => Promise<Box> }
const states: readonly State[] = [
  { state: 'created', since: '1.20', reach: (stage, Labels) => stage.container({ Labels }) },
  { state: 'running', reach: (stage, Labels) => stage.running({ Labels }) },
  { state: 'exited', reach: (stage, Labels) => stage.exited({ Labels }) },
]
for (const { state, since, reach } of states) {
  list.must(`filter by status: ${state}`, { id: `container-list-filter-status-${state}`, ...(since && { since }) }, async ({ api, stage }) => {
    const mark = markOf(stage)
    const wanted = await reach(stage, mark.labels)
    const other = state === 'running' ? await stage.container({ Labels: mark.labels }) : await stage.running({ Labels: mark.labels })
    expect(await idsWith(api, mark)).toEqual(idsOf(wanted, other))
    expect(await idsWith(api, mark, { status: [state] })).toEqual([wanted.id])
  })
}

list.must('filter by status: paused', { id: 'container-list-filter-status-paused' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const box = await stage.running({ Labels: mark.labels })
  expect(await idsWith(api, mark, { status: ['paused'] })).toEqual([])
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  stage.defer(async () => void (await api.post(`${box.path}/unpause`)))
  expect(await idsWith(api, mark, { status: ['paused'] })).toEqual([box.id])
})

list.must('filter by status: restarting', { id: 'container-list-filter-status-restarting' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const box = await stage.running({ Cmd: ['exit', '1'], Labels: mark.labels, HostConfig: { RestartPolicy: { Name: 'always' } } })
  // Between two attempts a daemon waits longer and longer, from 100 ms on.
  await until(async () => expect(await idsWith(api, mark, { status: ['restarting'] })).toEqual([box.id]))
})

for (const state of [{ state: 'dead', since: '1.22' }, { state: 'removing', since: '1.25' }] as const) {
  list.must(`accept ${state.state} as a status to filter by`, {
    id: `container-list-filter-status-${state.state}`, since: state.since,
    ...(state.state === 'removing' ? { source: 'change 1.25/06' } : {}),
  }, async ({ api, stage }) => {
    const mark = markOf(stage)
    await stage.container({ Labels: mark.labels })
    const answer = await api.get('/containers/json', { query: { all: 1, filters: { label: [mark.filter], status: [state.state] } } })
    expect(answer).toAnswer(200)
    expect(answer.list()).toEqual([])
  })
}

list.must('refuse a status that does not exist', {
  id: 'container-list-filter-status-unknown', since: '1.20',
  reality: 'the page documents 400 for a bad parameter; Docker 1.8 to 1.13 answer 500, later ones 400',
}, async ({ api }) => {
  expect(await api.get('/containers/json', { query: { filters: { status: ['bogus'] } } })).toAnswer(400, 500)
})

list.must('refuse filters that are no JSON', {
  id: 'container-list-filters-no-json',
  reality: 'the page documents 400 for a bad parameter; Docker 1.6 to 20.10 answer 500, later ones 400',
}, async ({ api }) => {
  expect(await api.get('/containers/json', { query: { filters: 'notjson' } })).toAnswer(400, 500)
})

list.must('filter by a label, with and without its value', { id: 'container-list-filter-label' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const blue = await stage.container({ Labels: { ...mark.labels, colour: 'blue' } })
  const red = await stage.container({ Labels: { ...mark.labels, colour: 'red' } })
  const none = await stage.container({ Labels: mark.labels })
  expect(await idsWith(api, mark)).toEqual(idsOf(none, red, blue))
  expect(await idsWith(api, mark, { label: [mark.filter, 'colour'] })).toEqual(idsOf(red, blue))
  expect(await idsWith(api, mark, { label: [mark.filter, 'colour=blue'] })).toEqual([blue.id])
})

list.must('filter by id and by a part of the name', {
  id: 'container-list-filter-id-name', since: '1.25',
  reality: 'the page names both filters at 1.25; daemons had them before',
}, async ({ api, stage }) => {
  const mark = markOf(stage)
  const one = await stage.container({ Labels: mark.labels })
  const other = await stage.container({ Labels: mark.labels })
  expect(await idsWith(api, mark)).toEqual(idsOf(other, one))
  expect(await idsWith(api, mark, { id: [one.id] })).toEqual([one.id])
  expect(await idsWith(api, mark, { name: [other.name] })).toEqual([other.id])
})

list.must('filter by the image that a container comes from', { id: 'container-list-filter-ancestor', since: '1.23' }, async ({ api, stage, guest }) => {
  const mark = markOf(stage)
  const box = await stage.container({ Labels: mark.labels })
  expect(await idsWith(api, mark, { ancestor: [guest.image] })).toEqual([box.id])
  expect(await idsWith(api, mark, { ancestor: [stage.name('no-image')] })).toEqual([])
})

for (const by of ['before', 'since'] as const) {
  list.must(`filter by the container that the others were created ${by === 'before' ? 'before' : 'after'}`, { id: `container-list-filter-${by}`, since: '1.23' }, async ({ api, stage }) => {
    const mark = markOf(stage)
    const first = await stage.container({ Labels: mark.labels })
    const second = await stage.container({ Labels: mark.labels })
    const third = await stage.container({ Labels: mark.labels })
    expect(await idsWith(api, mark)).toEqual(idsOf(third, second, first))
    expect(await idsWith(api, mark, { [by]: [second.id] })).toEqual([by === 'before' ? first.id : third.id])
    expect(await idsWith(api, mark, { [by]: [second.name] })).toEqual([by === 'before' ? first.id : third.id])
  })
}

list.must('filter by a volume: its name, or where it is mounted', { id: 'container-list-filter-volume', since: '1.23', needs: ['local-volumes'] }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const volume = await stage.volume()
  const box = await stage.container({ Labels: mark.labels, HostConfig: { Binds: [`${volume.name}:/kept`] } })
  const other = await stage.container({ Labels: mark.labels })
  expect(await idsWith(api, mark)).toEqual(idsOf(other, box))
  expect(await idsWith(api, mark, { volume: [volume.name] })).toEqual([box.id])
  expect(await idsWith(api, mark, { volume: ['/kept'] })).toEqual([box.id])
})

list.must('filter by a network: its name, or its id', { id: 'container-list-filter-network', since: '1.24', source: 'change 1.24/05' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const network = await stage.network()
  const box = await stage.running({ Labels: mark.labels, HostConfig: { NetworkMode: network.name } })
  expect(await idsWith(api, mark, { network: [network.name] })).toEqual([box.id])
  expect(await idsWith(api, mark, { network: [network.id] })).toEqual([box.id])
  expect(await idsWith(api, mark, { network: ['none'] })).toEqual([])
})

list.must('filter by isolation', { id: 'container-list-filter-isolation', since: '1.22', source: 'change 1.22/02', needs: ['windows'] }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const box = await stage.container({ Labels: mark.labels, HostConfig: { Isolation: 'process' } })
  expect(await idsWith(api, mark, { isolation: ['process'] })).toEqual([box.id])
  expect(await idsWith(api, mark, { isolation: ['hyperv'] })).toEqual([])
})

list.must('filter by whether a container is the task of a service', { id: 'container-list-filter-is-task', since: '1.25', source: 'change 1.25/16' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const box = await stage.container({ Labels: mark.labels })
  expect(await idsWith(api, mark, { 'is-task': ['false'] })).toEqual([box.id])
  expect(await idsWith(api, mark, { 'is-task': ['true'] })).toEqual([])
})

list.must('filter by health', { id: 'container-list-filter-health', since: '1.25', source: 'change 1.25/07' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const plain = await stage.running({ Labels: mark.labels })
  const starting = await stage.running({ Labels: mark.labels, Healthcheck: { Test: ['CMD', 'exit', '0'], Interval: 3_600_000_000_000 } })
  const healthy = await stage.running({ Labels: mark.labels, Healthcheck: { Test: ['CMD', 'exit', '0'], Interval: 1_000_000_000 } })
  expect(await idsWith(api, mark, { health: ['none'] })).toEqual([plain.id])
  expect(await idsWith(api, mark, { health: ['starting'] })).toContain(starting.id)
  await until(async () => expect(await idsWith(api, mark, { health: ['healthy'] })).toEqual([healthy.id]))
})

list.must('filter by health: unhealthy', { id: 'container-list-filter-unhealthy', since: '1.25', source: 'change 1.25/07' }, async ({ api, stage }) => {
  const mark = markOf(stage)
  const box = await stage.running({ Labels: mark.labels, Healthcheck: { Test: ['CMD', 'exit', '1'], Interval: 1_000_000_000, Retries: 1 } })
  expect(await idsWith(api, mark)).toEqual([box.id])
  await until(async () => expect(await idsWith(api, mark, { health: ['unhealthy'] })).toEqual([box.id]))
})
