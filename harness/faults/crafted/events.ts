import type { Rewriter } from '../fault.ts'
import { jsonStream } from '../json-rewriters.ts'
import { alwaysParameter, bodyOf, parameter, type Crafted } from './define.ts'

const operation = 'GET /events'
type Event = Readonly<Record<string, unknown>>

const each = (change: (event: Event) => readonly Event[]): (() => Rewriter) => () => jsonStream((value) => ({ values: change(value as Event) }))
const second = (change: (value: string) => string | undefined) => (value: string) => (/^\d+(\.\d+)?$/.test(value) ? change(value) : undefined)

/** Each two events change places. */
function inPairs(): Rewriter {
  let held: Event | undefined
  const stream = jsonStream((value) => {
    if (held === undefined) {
      held = value as Event
      return { values: [] }
    }
    const pair = [value as Event, held]
    held = undefined
    return { values: pair }
  })
  return { push: (bytes) => stream.push(bytes), end: () => Buffer.concat([held === undefined ? new Uint8Array() : Buffer.from(`${JSON.stringify(held)}\n`), stream.end()]), get over() { return stream.over === true } }
}

const actor = (event: Event, change: (attributes: Record<string, unknown>) => Record<string, unknown>): Event => {
  const { Actor: whole } = event as { Actor?: { Attributes?: Record<string, unknown> } }
  return whole === undefined ? event : { ...event, Actor: { ...whole, Attributes: change(whole.Attributes ?? {}) } }
}

const fault = (id: string, sentence: string, rewriter: () => Rewriter, more: Partial<Crafted> = {}): Crafted => ({ id: `events-${id}`, operation, sentence, touches: ({ values }) => values.length > 0, wrong: bodyOf(200, rewriter), ...more })

/** Faults of events. */
export const eventFaults: readonly Crafted[] = [
  fault('doubled', 'every event comes twice', each((event) => [event, event])),
  fault('die-missing', 'that a container died is no event', each((event) => (event.status === 'die' ? [] : [event])), { words: ['container', 'lifecycle'] }),
  fault('create-missing', 'that a container was made is no event', each((event) => (event.status === 'create' ? [] : [event])), { words: ['container', 'lifecycle'] }),
  fault('destroy-missing', 'that a container is gone is no event', each((event) => (event.status === 'destroy' ? [] : [event])), { words: ['container', 'lifecycle'] }),
  fault('image-missing', 'images have no events', each((event) => (event.Type === 'image' ? [] : [event])), { since: '1.22', words: ['image', 'tag'] }),
  fault('network-missing', 'networks have no events', each((event) => (event.Type === 'network' ? [] : [event])), { since: '1.22', words: ['network'] }),
  fault('volume-missing', 'volumes have no events', each((event) => (event.Type === 'volume' ? [] : [event])), { since: '1.22', words: ['volume'] }),
  fault('out-of-order', 'events come in another order', inPairs, { words: ['order', 'container'] }),
  fault('without-attributes', 'events have no attributes', each((event) => [actor(event, () => ({}))]), { since: '1.22', words: ['actor', 'attributes'] }),
  fault('without-labels', 'events lack the labels of their container', each((event) => [actor(event, (attributes) => Object.fromEntries(Object.entries(attributes).filter(([name]) => ['image', 'name', 'exitCode', 'signal'].includes(name))))]), { since: '1.22', words: ['labels', 'attributes'] }),
  fault('seconds-for-nanoseconds', 'timeNano counts seconds', each((event) => ('timeNano' in event ? [{ ...event, timeNano: event.time }] : [event])), { since: '1.21', words: ['time', 'nano'] }),
  fault('milliseconds', 'time counts milliseconds', each((event) => [{ ...event, time: Number(event.time) * 1000 }]), { words: ['time'] }),
  fault('short-id', 'the id of an event is cut short', each((event) => [{ ...event, id: typeof event.id === 'string' ? event.id.slice(0, 12) : event.id }])),
  fault('other-image', 'from names another image', each((event) => ('from' in event ? [{ ...event, from: 'sha256:0' }] : [event])), { words: ['from', 'image', 'container'] }),
  { id: 'events-since-late', operation, sentence: 'events of the second of since are left out', words: ['since'], touches: ({ query, values }) => query.has('since') && values.length > 0, wrong: parameter('since', second((value) => String(Math.floor(Number(value)) + 5))) },
  { id: 'events-until-late', operation, sentence: 'events of after until are sent, too', words: ['until'], touches: ({ query }) => query.has('until'), wrong: parameter('until', second((value) => String(Math.floor(Number(value)) + 3))) },
  { id: 'events-until-early', operation, sentence: 'events of the last second before until are left out', words: ['until'], touches: ({ query, values }) => query.has('until') && values.length > 0, wrong: parameter('until', second((value) => String(Math.floor(Number(value)) - 5))) },
  { id: 'events-first-filter-only', operation, sentence: 'of several filters only the first counts', words: ['filter'], touches: ({ query }) => severalKeys(query.get('filters')), wrong: parameter('filters', firstKeyOnly) },
  { id: 'events-first-value-only', operation, sentence: 'of several values of a filter only the first counts', words: ['filter'], touches: ({ query }) => severalValues(query.get('filters')), wrong: parameter('filters', firstValueOnly) },
  { id: 'events-stream-ends-early', operation, sentence: 'the stream of events ends after the first', words: ['live', 'stream', 'follow'], touches: ({ values }) => values.length > 1, wrong: bodyOf(200, () => jsonStream((_, index) => (index > 0 ? 'over' : 'same'))) },
  { id: 'events-end-at-once', operation, sentence: 'without until the stream of events ends at once', words: ['live', 'stream'], touches: ({ query }) => !query.has('until'), wrong: (asked) => (asked.query.has('until') ? undefined : alwaysParameter('until', String(Math.floor(Date.now() / 1000) - 1))(asked)) },
]

function filtersOf(text: string | null): [string, unknown][] {
  try {
    return Object.entries(JSON.parse(text ?? '{}') as Record<string, unknown>)
  } catch {
    return []
  }
}

/** The values of a filter: a list, or from 1.22 on the keys of a map. */
function valuesOf(filter: unknown): string[] {
  return Array.isArray(filter) ? filter.map(String) : typeof filter === 'object' && filter !== null ? Object.keys(filter) : []
}

/** Whether a filter parameter has several filters. */
export function severalKeys(text: string | null): boolean {
  return filtersOf(text).length > 1
}

/** Whether some filter of it has several values. */
export function severalValues(text: string | null): boolean {
  return filtersOf(text).some(([, filter]) => valuesOf(filter).length > 1)
}

/** The filter parameter with its first filter alone. */
export function firstKeyOnly(text: string): string | undefined {
  const filters = filtersOf(text)
  return filters.length > 1 ? JSON.stringify(Object.fromEntries(filters.slice(0, 1))) : undefined
}

/** The filter parameter with the first value alone of each filter. */
export function firstValueOnly(text: string): string | undefined {
  if (!severalValues(text)) return undefined
  return JSON.stringify(Object.fromEntries(filtersOf(text).map(([name, filter]) => [name, Array.isArray(filter) ? filter.slice(0, 1) : Object.fromEntries(Object.entries(filter as object).slice(0, 1))])))
}
