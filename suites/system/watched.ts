import { expect, Nonconformance, placesIn, WireError, type Api, type DaemonFacts, type Place, type Query } from '../../harness/case/index.ts'

/** What happened: `status` up to 1.21, and beside it `Action` from 1.22 on. */
export const actionOf = (event: Place): string => String(event.at('status') ?? event.at('Action'))

/** What it happened to: the id of the object, as `id` up to 1.21, and beside it in `Actor` from 1.22 on. */
export const objectOf = (event: Place): unknown => event.at('id') ?? event.at('Actor', 'ID')

/**
 * The events that a daemon sends while something is done.
 *
 * A daemon may send the answer's head before it listens for events, so they are asked for from this second on, and what
 * staging has caused in it is left out: `create` and `start` at the beginning.
 * @param query which events, as /events takes it
 * @param act what is done once the answer has begun
 * @param last the event after which nothing more is waited for
 */
export async function eventsDuring(
  { api, daemon }: { readonly api: Api; readonly daemon: DaemonFacts },
  query: Query,
  act: () => Promise<unknown>,
  last: string | ((event: Place) => boolean),
): Promise<Place[]> {
  const isLast = typeof last === 'string' ? (event: Place) => actionOf(event) === last : last
  const stream = await api.stream('GET', '/events', { query: { since: Math.floor((await daemon.now()) / 1000), ...query } })
  expect(stream.status).toBe(200)
  await act()
  const events: Place[] = []
  for (;;) {
    const value = await nextEvent()
    expect(value, `the stream ended before the event that was waited for; it had: ${events.map(actionOf).join(', ')}`).toBeDefined()
    const event = placesIn(() => value)
    events.push(event)
    if (isLast(event)) return events
  }

  async function nextEvent(): Promise<unknown> {
    try {
      return await stream.nextValue(patienceMs)
    } catch (error) {
      if (!(error instanceof WireError) || error.kind !== 'deadline') throw error
      throw new Nonconformance(`the event that was waited for did not come within ${patienceMs / 1000} s; there were: ${events.map(actionOf).join(', ') || 'none'}`)
    }
  }
}

/** Tells the event with which all of these have come, in whatever order. */
export function lastOf(actions: readonly string[]): (event: Place) => boolean {
  const missing = new Set(actions)
  return (event) => missing.delete(actionOf(event)) && missing.size === 0
}

/** How long a daemon may take to tell of what it has just done. */
const patienceMs = 15_000

/** What the reference pages say that happens to containers. Daemons tell of more (`exec_die`, `init`), which no page forbids. */
const documentedActions = new Set([
  'attach', 'commit', 'copy', 'create', 'destroy', 'detach', 'die', 'exec_create', 'exec_detach', 'exec_start', 'export', 'health_status', 'kill', 'oom',
  'pause', 'rename', 'resize', 'restart', 'start', 'stop', 'top', 'unpause', 'update',
])

/** The documented actions of events, in their order, without the details that follow a colon. */
export function actionsOf(events: readonly Place[]): string[] {
  return events.map((event) => actionOf(event).split(':', 1)[0] ?? '').filter((action) => documentedActions.has(action))
}

/** The actions of events, without what the staging of a container has caused: as it was created, or started too. */
export function actionsAfter(staged: 'create' | 'start', events: readonly Place[]): string[] {
  const actions = actionsOf(events)
  const before = staged === 'start' ? ['create', 'start'] : ['create']
  const rest = before.findIndex((_, from) => before.slice(from).every((action, index) => actions[index] === action))
  return rest === -1 ? actions : actions.slice(before.length - rest)
}
