import { expect, type Api, type DaemonFacts, type Query } from '../../harness/case/index.ts'

/** An event as any version has it. */
export type Event = { readonly status?: string; readonly Action?: string; readonly [field: string]: any }

/** What happened: `status` up to 1.21, and beside it `Action` from 1.22 on. */
export const actionOf = (event: Event): string => String(event.status ?? event.Action)

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
  last: string | ((event: Event) => boolean),
): Promise<Event[]> {
  const isLast = typeof last === 'string' ? (event: Event) => actionOf(event) === last : last
  const stream = await api.stream('GET', '/events', { query: { since: Math.floor((await daemon.now()) / 1000), ...query } })
  expect(stream.status).toBe(200)
  await act()
  const events: Event[] = []
  for (;;) {
    const event = (await stream.nextValue(15_000)) as Event | undefined
    expect(event, `the stream ended before the event that was waited for; it had: ${events.map(actionOf).join(', ')}`).toBeDefined()
    if (event === undefined) return events
    events.push(event)
    if (isLast(event)) return events
  }
}

/** The actions of events, without what the staging of a container has caused: as it was created, or started too. */
export function actionsAfter(staged: 'create' | 'start', events: readonly Event[]): string[] {
  const actions = events.map((event) => actionOf(event).split(':', 1)[0] ?? '')
  const before = staged === 'start' ? ['create', 'start'] : ['create']
  const rest = before.findIndex((_, from) => before.slice(from).every((action, index) => actions[index] === action))
  return rest === -1 ? actions : actions.slice(before.length - rest)
}
