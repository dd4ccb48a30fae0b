import { frames, streamNumbers, withPayload } from '../frames-rewriter.ts'
import type { Asked, Rewriter } from '../fault.ts'
import { alwaysParameter, bodyOf, parameter, status, type Crafted } from './define.ts'

const operation = 'GET /containers/{id}/logs'
const truthy = (value: string | null) => value !== null && !['', '0', 'false', 'no', 'none'].includes(value.toLowerCase())
const number = (change: (value: number) => number) => (value: string) => (/^\d+$/.test(value) ? String(change(Number(value))) : undefined)
const text = (change: (payload: string) => string): (() => Rewriter) => () => frames((frame) => withPayload(frame, (payload) => Buffer.from(change(payload.toString('latin1')), 'latin1')))
const stamp = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g

/** Only where a parameter is set. */
const when = (name: string, rewriter: () => Rewriter) => (asked: Asked) => (truthy(asked.query.get(name)) ? bodyOf(200, rewriter)() : undefined)

function linesInReverse(): Rewriter {
  const held: Buffer[] = []
  const rewriter = frames(
    (frame) => {
      held.unshift(Buffer.from(frame))
      return new Uint8Array()
    },
    () => Buffer.concat(held),
  )
  return { push: (bytes) => rewriter.push(bytes), end: () => rewriter.end() }
}

/** Faults of logs. */
export const logFaults: readonly Crafted[] = [
  { id: 'logs-tail-one-less', operation, sentence: 'tail gives one line less', words: ['tail'], touches: ({ query }) => query.has('tail'), wrong: parameter('tail', number((lines) => Math.max(lines - 1, 0))) },
  { id: 'logs-tail-one-more', operation, sentence: 'tail gives one line more', words: ['tail'], touches: ({ query }) => query.has('tail'), wrong: parameter('tail', number((lines) => lines + 1)) },
  { id: 'logs-tail-from-the-start', operation, sentence: 'the lines come in reverse', words: ['tail'], touches: ({ query }) => query.has('tail'), wrong: when('tail', linesInReverse) },
  { id: 'logs-since-a-second-early', operation, since: '1.19', sentence: 'since is ignored for a second', words: ['since'], touches: ({ query }) => query.has('since'), wrong: parameter('since', number((time) => Math.max(time - 2, 0))) },
  { id: 'logs-since-a-second-late', operation, since: '1.19', sentence: 'since leaves out a second too much', words: ['since'], touches: ({ query }) => query.has('since'), wrong: parameter('since', number((time) => (time === 0 ? 0 : time + 1))) },
  { id: 'logs-timestamps-blank', operation, sentence: 'timestamps have a blank between date and time', words: ['timestamps'], touches: ({ query }) => query.has('timestamps'), wrong: when('timestamps', text((payload) => payload.replace(stamp, (time) => time.replace('T', ' ')))) },
  { id: 'logs-timestamps-now', operation, sentence: 'timestamps say when the logs were asked for', words: ['timestamps'], touches: ({ query }) => query.has('timestamps'), wrong: when('timestamps', text((payload) => payload.replace(stamp, new Date(Date.now() + 3_600_000).toISOString()))) },
  { id: 'logs-timestamps-always', operation, sentence: 'timestamps come unasked', wrong: alwaysParameter('timestamps', '1') },
  { id: 'logs-follow-ends-early', operation, sentence: 'following ends after the first lines', words: ['follow'], touches: ({ query }) => truthy(query.get('follow')), wrong: when('follow', () => frames((frame, index) => (index > 0 ? 'over' : frame))) },
  { id: 'logs-follow-doubles', operation, sentence: 'following sends every line twice', words: ['follow'], touches: ({ query }) => truthy(query.get('follow')), wrong: when('follow', () => frames((frame) => Buffer.concat([frame, frame]))) },
  { id: 'logs-follow-always', operation, sentence: 'logs are followed unasked', words: ['no-follow'], wrong: alwaysParameter('follow', '1') },
  { id: 'logs-stderr-missing-in-both', operation, sentence: 'of both streams only stdout comes', words: ['both'], touches: ({ query }) => truthy(query.get('stdout')) && truthy(query.get('stderr')), wrong: ({ query }) => (truthy(query.get('stdout')) && truthy(query.get('stderr')) ? bodyOf(200, () => frames((frame) => (frame[0] === streamNumbers.stderr ? new Uint8Array() : frame)))() : undefined) },
  { id: 'logs-both-always', operation, sentence: 'both streams come, whichever is asked for', words: ['stdout', 'stderr'], wrong: ({ query }) => ({ request: (head) => ({ ...head, path: `${head.path}${query.has('stdout') ? '' : '&stdout=1'}${query.has('stderr') ? '' : '&stderr=1'}` }) }) },
  { id: 'logs-last-line-feed-lost', operation, sentence: 'lines lose their end', wrong: bodyOf(200, text((payload) => payload.replace(/\n$/, ''))) },
  { id: 'logs-long-lines-broken', operation, sentence: 'a line that is longer than 16 KiB gets line feeds within', words: ['long'], wrong: bodyOf(200, text((payload) => (payload.length >= 16_384 ? `${payload}\n` : payload))) },
  { id: 'logs-unknown-container', operation, sentence: 'the logs of a container that does not exist are empty', words: ['unknown'], touches: ({ status: seen }) => seen === 404, wrong: status(404, 200, 'OK') },
  { id: 'logs-neither-stream', operation, sentence: 'a request that asks for neither stream gets both', words: ['no-stream'], touches: ({ status: seen }) => seen === 400, wrong: ({ query }) => (query.has('stdout') || query.has('stderr') ? undefined : { request: (head) => ({ ...head, path: `${head.path}?stdout=1&stderr=1` }) }) },
]
