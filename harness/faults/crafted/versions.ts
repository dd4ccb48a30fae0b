import { headerValue } from '../../wire/head.ts'
import type { Alteration } from '../fault.ts'
import { whole } from '../rewriters.ts'
import { withHeader } from '../message.ts'
import { atVersion, bodyOf, json, member, pretends, status, type Crafted } from './define.ts'

const inspect = 'GET /containers/{id}/json'
const create = 'POST /containers/create'
const failed = ({ status: seen }: { status?: number }) => (seen ?? 0) >= 400

/** The bodies of errors changed, with their content type. */
const errors = (type: string, change: (text: string) => string) => (): Alteration => ({
  head: (head) => (head.status >= 400 && headerValue(head.headers, 'Content-Type') !== undefined ? { ...head, headers: withHeader(head.headers, 'Content-Type', type) } : head),
  body: (head) => (head.status >= 400 ? whole((body) => Buffer.from(change(body.toString('utf8')))) : undefined),
})
const message = (text: string): string => {
  try {
    return String((JSON.parse(text) as { message?: unknown }).message)
  } catch {
    return text.trim()
  }
}

/** What one version has leaks into another: the answers, or the effect, of a version that the request does not name. */
const leak = (id: string, operation: string, span: Pick<Crafted, 'since' | 'removedIn'>, version: Parameters<typeof atVersion>[0], sentence: string, more: Partial<Crafted> = {}): Crafted => ({ id: `leak-${id}`, operation, ...span, sentence, wrong: atVersion(version), ...more })

/** Faults of errors, of versions, and of what a daemon says of those that it has. */
export const versionFaults: readonly Crafted[] = [
  { id: 'errors-json-before-1.24', operation: inspect, removedIn: '1.24', sentence: 'errors are JSON already at 1.23', words: ['unknown'], touches: failed, wrong: errors('application/json', (text) => `${JSON.stringify({ message: text.trim() })}\n`) },
  { id: 'errors-text-from-1.24', operation: inspect, since: '1.24', sentence: 'errors are text still at 1.24', words: ['unknown'], touches: failed, wrong: errors('text/plain; charset=utf-8', (text) => `${message(text)}\n`) },
  { id: 'errors-text-called-json', operation: create, since: '1.24', sentence: 'errors are text that is called JSON', touches: failed, wrong: errors('application/json', (text) => `${message(text)}\n`) },
  { id: 'errors-in-capitals', operation: create, since: '1.24', sentence: 'the message of an error is called Message', touches: failed, wrong: errors('application/json', (text) => `${JSON.stringify({ Message: message(text) })}\n`) },
  { id: 'errors-without-body', operation: inspect, since: '1.24', sentence: 'errors have no body', words: ['unknown'], touches: failed, wrong: errors('application/json', () => '') },
  { id: 'errors-message-object', operation: 'DELETE /containers/{id}', since: '1.24', sentence: 'the message of an error is an object', words: ['unknown'], touches: failed, wrong: errors('application/json', (text) => JSON.stringify({ message: { text: message(text) } })) },
  { id: 'errors-as-success', operation: inspect, sentence: 'a container that does not exist is answered with 200', words: ['unknown'], touches: (seen) => seen.status === 404, wrong: status(404, 200, 'OK') },
  { id: 'errors-page-not-found', operation: 'POST /containers/{id}/start', sentence: 'a container that does not exist is no page', words: ['unknown'], touches: (seen) => seen.status === 404, wrong: () => ({ head: (head) => (head.status === 404 ? { ...head, headers: withHeader(head.headers, 'Content-Type', 'text/plain; charset=utf-8') } : head), body: (head) => (head.status === 404 ? whole(() => Buffer.from('404 page not found\n')) : undefined) }), since: '1.24' },
  leak('auto-remove', create, { removedIn: '1.25' }, '1.25', 'AutoRemove, which came with 1.25, has its effect before', { words: ['auto', 'remove'], touches: ({ requestJson }) => JSON.stringify(requestJson ?? null).includes('AutoRemove') }),
  leak('start-body', 'POST /containers/{id}/start', { since: '1.24' }, '1.23', 'a body at start, which went with 1.24, has its effect after', { words: ['body'], touches: ({ requestBody }) => requestBody.byteLength > 0 }),
  leak('inspect-new-shape', inspect, { removedIn: '1.20' }, '1.25', 'inspecting at 1.19 answers as 1.25 does'),
  leak('inspect-old-shape', inspect, { since: '1.21' }, '1.19', 'inspecting at 1.25 answers as 1.19 does'),
  leak('kill-stopped', 'POST /containers/{id}/kill', { removedIn: '1.20' }, '1.25', 'killing what is stopped fails at 1.19 as it does from 1.20 on', { words: ['stopped', 'exited'] }),
  leak('kill-stopped-old', 'POST /containers/{id}/kill', { since: '1.20' }, '1.19', 'killing what is stopped succeeds at 1.20 as it did before', { words: ['stopped', 'exited'] }),
  leak('info-new-shape', 'GET /info', { removedIn: '1.25' }, '1.25', 'info at 1.24 answers as 1.25 does'),
  leak('stats-new-shape', 'GET /containers/{id}/stats', { removedIn: '1.21' }, '1.25', 'stats at 1.20 answer as 1.25 does'),
  leak('stats-old-shape', 'GET /containers/{id}/stats', { since: '1.21' }, '1.20', 'stats at 1.25 answer as 1.20 does'),
  leak('errors', create, { removedIn: '1.24' }, '1.24', 'errors at 1.23 have the form of 1.24', { touches: failed }),
  { id: 'version-too-new-accepted', operation: 'GET /version', sentence: 'a version that the daemon does not have is taken for its newest', words: ['new', 'unsupported'], touches: (seen) => seen.version !== undefined && Number(seen.version.split('.')[1]) > 60, wrong: ({ version }) => (version !== undefined && Number(version.split('.')[1]) > 60 ? atVersion('1.25')({} as never) : undefined) },
  { id: 'version-claims-more', operation: 'GET /version', sentence: 'the daemon claims a version that it does not have', words: ['api', 'current'], wrong: json(member('ApiVersion', () => '1.99')) },
  { id: 'version-claims-none', operation: 'GET /version', sentence: 'the daemon claims a version that is none', words: ['api', 'current'], wrong: json(member('ApiVersion', () => 'v1.25.0')) },
  { id: 'version-least-too-high', operation: 'GET /version', since: '1.25', sentence: 'the least version is newer than the one that answers', words: ['min', 'least'], wrong: json(member('MinAPIVersion', () => '1.40')) },
  { id: 'version-os-empty', operation: 'GET /version', sentence: 'the daemon does not say what it runs on', words: ['os', 'arch'], wrong: json((value) => ({ ...(value as object), Os: '', Arch: '' })) },
  { id: 'ping-says-nothing', operation: 'GET /_ping', sentence: 'ping answers without OK', wrong: bodyOf(200, () => whole(() => Buffer.alloc(0))) },
  { id: 'ping-says-more', operation: 'GET /_ping', sentence: 'ping ends its OK with a line feed', wrong: bodyOf(200, () => whole(() => Buffer.from('OK\n'))) },
  { id: 'info-counts-nothing', operation: 'GET /info', sentence: 'the daemon counts no containers', words: ['container', 'count'], wrong: json(member('Containers', () => 0)) },
  { id: 'info-clock-stands', operation: 'GET /info', sentence: 'the daemon’s clock stands', words: ['time'], wrong: json(member('SystemTime', () => '2015-01-08T22:57:31.547920715Z')) },
  { id: 'info-memory-zero', operation: 'GET /info', sentence: 'the daemon has no memory', words: ['memory'], wrong: json(member('MemTotal', () => 0)) },
  { id: 'unknown-path-succeeds', operation: 'GET /_ping', sentence: 'ping fails', words: ['ping'], wrong: pretends({ status: 500, reason: 'Internal Server Error', headers: [['Content-Type', 'text/plain']], body: Buffer.from('sad\n') }) },
]
