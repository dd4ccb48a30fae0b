import type { Catalogue, DocumentedAnswer, MarkedSchema, Operation } from '../schema/operations.ts'
import { compareVersions, covers, documentedVersions, type ApiVersion, type Span } from '../versions.ts'
import { headerValue } from '../wire/head.ts'
import type { Alteration, Asked, Fault, FaultKind, Seen } from './fault.ts'
import { changeAt, hasPlace, writePlace, type Change, type Place } from './json-place.ts'
import { changeJson, jsonBody, jsonStream } from './json-rewriters.ts'
import { withHeader, withoutHeader } from './message.ts'
import { fieldsOf, type Field } from './schema-fields.ts'

/** Up to here an error's body is plain text; from here on it is JSON. Change 1.24/18. */
const jsonErrorsSince: ApiVersion = '1.24'

/** Every fault that follows from what the schemas document, of every operation. */
export function systematicFaults(catalogue: Catalogue): Fault[] {
  return catalogue.operations.flatMap((operation) => [
    ...ignoredQueries(operation),
    ...ignoredHeaders(operation),
    ...ignoredBody(operation, catalogue.definitions),
    ...otherStatuses(operation),
    ...wrongFields(operation, catalogue.definitions),
    ...wrongErrors(operation),
    ...wrongHeaders(operation),
    ...unknownOperation(operation),
    ...knownTooEarly(operation),
  ])
}

/** The versions at which an operation and a part of it are documented. */
function versionsOf(operation: Operation, part: Span = {}): ApiVersion[] {
  return documentedVersions.filter((version) => covers(operation, version) && covers(part, version))
}

type Told = { readonly kind: FaultKind; readonly name: string; readonly versions: readonly ApiVersion[]; readonly sentence: string; readonly words?: readonly string[] }

function fault(operation: Operation, { kind, name, versions, sentence, words = [] }: Told, touches: Fault['touches'], wrong: (asked: Asked) => Alteration | undefined): Fault[] {
  if (versions.length === 0) return []
  return [{ id: `${operation.id}.${kind}${name === '' ? '' : `.${name}`}`, kind, operation: operation.operation, area: operation.area, versions, sentence, words, touches, wrong: () => wrong }]
}

function ignoredQueries(operation: Operation): Fault[] {
  return Object.entries(operation.query).flatMap(([name, parameter]) =>
    fault(
      operation,
      { kind: 'ignored-query', name, versions: versionsOf(operation, parameter), sentence: `${operation.operation} ignores the query parameter ${name}`, words: [name] },
      ({ query }) => query.has(name),
      () => ({ request: (head) => ({ ...head, path: withoutParameter(head.path, name) }) }),
    ),
  )
}

/** A path without a parameter of its query; the others keep their bytes. */
export function withoutParameter(path: string, name: string): string {
  const [before = '', query] = path.split(/\?(.*)/s)
  if (query === undefined) return path
  const kept = query.split('&').filter((pair) => !new URLSearchParams(pair).has(name))
  return kept.length === 0 ? before : `${before}?${kept.join('&')}`
}

function ignoredHeaders(operation: Operation): Fault[] {
  return Object.entries(operation.headers).flatMap(([name, parameter]) =>
    fault(
      operation,
      { kind: 'ignored-header', name, versions: versionsOf(operation, parameter), sentence: `${operation.operation} ignores the header ${name}`, words: name.toLowerCase().split('-') },
      ({ requestHeaders }) => headerValue(requestHeaders, name) !== undefined,
      () => ({ request: (head) => ({ ...head, headers: withoutHeader(head.headers, name) }) }),
    ),
  )
}

/** Fields by their place, with what each version documents of it. */
function fieldsByPlace(schema: MarkedSchema | undefined, definitions: Catalogue['definitions'], versions: readonly ApiVersion[]): { place: Place; at: ReadonlyMap<ApiVersion, Field> }[] {
  if (schema === undefined) return []
  const all = new Map<string, { place: Place; at: Map<ApiVersion, Field> }>()
  for (const version of versions) {
    for (const field of fieldsOf(schema, definitions, version)) {
      const name = writePlace(field.place)
      const entry = all.get(name) ?? { place: field.place, at: new Map<ApiVersion, Field>() }
      all.set(name, entry)
      entry.at.set(version, field)
    }
  }
  return [...all.values()]
}

/** The last names of a place: what a case about it would be called after. */
function wordsOf(place: Place): string[] {
  const names = place.filter((part) => part !== '[]' && part !== '*')
  return names.slice(-2).reverse()
}

function ignoredBody(operation: Operation, definitions: Catalogue['definitions']): Fault[] {
  return fieldsByPlace(operation.body?.schema, definitions, versionsOf(operation)).flatMap(({ place, at }) =>
    fault(
      operation,
      { kind: 'ignored-body', name: writePlace(place), versions: [...at.keys()], sentence: `${operation.operation} ignores ${writePlace(place)} of the request's body`, words: wordsOf(place) },
      ({ requestJson }) => hasPlace(requestJson, place),
      () => ({ requestBody: (body) => changeJson(body, (value) => changeAt(value, place, () => undefined)) }),
    ),
  )
}

/** The status that a daemon might well answer instead. */
const confused: Readonly<Record<string, { readonly status: number; readonly reason: string }>> = {
  101: { status: 200, reason: 'OK' }, 200: { status: 201, reason: 'Created' }, 201: { status: 200, reason: 'OK' }, 204: { status: 200, reason: 'OK' }, 304: { status: 204, reason: 'No Content' },
  500: { status: 400, reason: 'Bad Request' },
}
const serverError = { status: 500, reason: 'Internal Server Error' }

function otherStatuses(operation: Operation): Fault[] {
  return Object.entries(operation.answers).flatMap(([documented, answer]) => {
    const status = Number(documented)
    const other = confused[documented] ?? serverError
    return fault(
      operation,
      { kind: 'other-status', name: documented, versions: versionsOf(operation, answer), sentence: `${operation.operation} answers ${other.status} where ${documented} is documented`, words: [documented] },
      (seen) => seen.status === status,
      () => ({ head: (head) => (head.status === status ? { ...head, ...other } : head) }),
    )
  })
}

/** The answers that tell something: with their documented bodies, and whether each is a stream of values. */
function bodiesOf(operation: Operation): { status: number; answer: DocumentedAnswer; schema: MarkedSchema; stream: boolean }[] {
  return Object.entries(operation.answers).flatMap(([status, answer]) => {
    const schema = answer.item ?? answer.schema
    return schema === undefined || answer.error === true ? [] : [{ status: Number(status), answer, schema, stream: answer.item !== undefined }]
  })
}

const fieldFaults: readonly { kind: 'field-missing' | 'field-null' | 'field-type'; does: string; change: Change; holds: (field: Field) => boolean }[] = [
  { kind: 'field-missing', does: 'leaves out', change: () => undefined, holds: () => true },
  { kind: 'field-null', does: 'sends null for', change: () => null, holds: ({ types }) => types.length > 0 && !types.includes('null') },
  { kind: 'field-type', does: 'sends another type for', change: otherType, holds: ({ types }) => types.filter((type) => type !== 'null').length === 1 },
]

/** A value of another type than the one that is there; null and what is undefined stay. */
function otherType(value: unknown): unknown {
  if (Array.isArray(value)) return {}
  switch (typeof value) {
    case 'string': return 7
    case 'number':
    case 'boolean': return String(value)
    case 'object': return value === null ? null : []
    default: return value
  }
}

function wrongFields(operation: Operation, definitions: Catalogue['definitions']): Fault[] {
  return bodiesOf(operation).flatMap(({ status, answer, schema, stream }) =>
    fieldsByPlace(schema, definitions, versionsOf(operation, answer)).flatMap(({ place, at }) =>
      fieldFaults.flatMap(({ kind, does, change, holds }) => {
        const versions = [...at].filter(([, field]) => holds(field)).map(([version]) => version)
        const there = (value: unknown) => !Object.is(changeAt(value, place, change), value)
        return fault(
          operation,
          { kind, name: writePlace(place), versions, sentence: `${operation.operation} ${does} ${writePlace(place)} in its answer`, words: wordsOf(place) },
          (seen) => seen.status === status && seen.values.some(there),
          () => ({ body: (head) => (head.status === status ? changed(stream, (value) => changeAt(value, place, change)) : undefined) }),
        )
      }),
    ),
  )
}

function changed(stream: boolean, change: (value: unknown) => unknown) {
  if (!stream) return jsonBody(change)
  return jsonStream((value) => {
    const now = change(value)
    return Object.is(now, value) ? 'same' : { values: [now] }
  })
}

/** Whether a status is that of an error, documented or not: their form is the same for all of them. */
const isError = (status: number | undefined) => status !== undefined && status >= 400

const hasErrors = ({ answers }: Operation) => Object.values(answers).some(({ error }) => error === true)

/** The form of errors: JSON with `message` from 1.24 on, text before. */
function wrongErrors(operation: Operation): Fault[] {
  const json = versionsOf(operation).filter((version) => compareVersions(version, jsonErrorsSince) >= 0)
  const faults = fieldFaults.flatMap(({ kind, does, change }) => {
    const changing = (value: unknown) => changeAt(value, ['message'], change)
    return fault(
      operation,
      { kind, name: 'error.message', versions: json, sentence: `${operation.operation} ${does} message in its errors`, words: ['unknown'] },
      (seen) => isError(seen.status) && seen.values.length > 0,
      () => ({ body: (head) => (isError(head.status) ? jsonBody(changing) : undefined) }),
    )
  })
  return hasErrors(operation) ? faults : []
}

/** Headers of answers that the reference describes in its prose: beside them, the content type of every documented answer. */
const answerHeaders: Readonly<Record<string, readonly { name: string; status: number; since?: ApiVersion }[]>> = {
  'GET /containers/{id}/archive': [{ name: 'X-Docker-Container-Path-Stat', status: 200 }],
  'HEAD /containers/{id}/archive': [{ name: 'X-Docker-Container-Path-Stat', status: 200 }],
  'POST /containers/{id}/attach': [{ name: 'Upgrade', status: 101 }, { name: 'Connection', status: 101 }],
  'POST /exec/{id}/start': [{ name: 'Upgrade', status: 101 }, { name: 'Connection', status: 101 }],
  'GET /containers/{id}/attach/ws': [{ name: 'Upgrade', status: 101 }, { name: 'Connection', status: 101 }, { name: 'Sec-WebSocket-Accept', status: 101 }],
}

function wrongHeaders(operation: Operation): Fault[] {
  const named = (answerHeaders[operation.operation] ?? []).flatMap(({ name, status }) =>
    missingHeader(operation, name, String(status), versionsOf(operation), (seen) => seen === status),
  )
  const contents = Object.entries(operation.answers).flatMap(([documented, answer]) => {
    if (answer.error === true || (answer.content === undefined && answer.hijack !== true)) return []
    const versions = versionsOf(operation, answer)
    const is = (status: number | undefined) => status === Number(documented)
    return [...missingHeader(operation, 'Content-Type', documented, versions, is), ...otherContentType(operation, documented, versions, is)]
  })
  const ofErrors = hasErrors(operation) ? [
    ...missingHeader(operation, 'Content-Type', 'error', versionsOf(operation), isError),
    ...otherContentType(operation, 'error', versionsOf(operation), isError),
  ] : []
  return [...named, ...contents, ...ofErrors]
}

function missingHeader(operation: Operation, name: string, of: string, versions: readonly ApiVersion[], is: (status: number | undefined) => boolean): Fault[] {
  return fault(
    operation,
    { kind: 'header-missing', name: `${of}.${name}`, versions, sentence: `${operation.operation} leaves out ${name} of its answer (${of})`, words: name.toLowerCase().split('-') },
    (seen) => is(seen.status) && headerValue(seen.responseHeaders, name) !== undefined,
    () => ({ head: (head) => (is(head.status) ? { ...head, headers: withoutHeader(head.headers, name) } : head) }),
  )
}

function otherContentType(operation: Operation, of: string, versions: readonly ApiVersion[], is: (status: number | undefined) => boolean): Fault[] {
  const change = (type: string) => (type.startsWith('text/') ? 'application/octet-stream' : 'text/html')
  return fault(
    operation,
    { kind: 'content-type', name: of, versions, sentence: `${operation.operation} answers with another content type (${of})`, words: ['content', 'type'] },
    (seen: Seen) => is(seen.status) && headerValue(seen.responseHeaders, 'Content-Type') !== undefined,
    () => ({
      head(head) {
        const type = headerValue(head.headers, 'Content-Type')
        return is(head.status) && type !== undefined ? { ...head, headers: withHeader(head.headers, 'Content-Type', change(type)) } : head
      },
    }),
  )
}

/** How a daemon says that it knows no such operation. */
const notFound = {
  status: 404,
  reason: 'Not Found',
  headers: [['Content-Type', 'text/plain; charset=utf-8'], ['X-Content-Type-Options', 'nosniff']] as const,
  body: Buffer.from('404 page not found\n'),
}

function unknownOperation(operation: Operation): Fault[] {
  return fault(
    operation,
    { kind: 'unknown-operation', name: '', versions: versionsOf(operation), sentence: `the daemon does not know ${operation.operation}` },
    () => true,
    () => ({ instead: () => notFound }),
  )
}

/** An operation that came or went: where it should not be known, it is asked of a version that knows it. */
function knownTooEarly(operation: Operation): Fault[] {
  const known = versionsOf(operation)
  const [first] = known
  const last = known.at(-1)
  if (first === undefined || last === undefined) return []
  const versions = documentedVersions.filter((version) => !known.includes(version))
  return fault(
    operation,
    { kind: 'known-too-early', name: '', versions, sentence: `the daemon knows ${operation.operation} in versions that do not have it`, words: ['gone', 'removed', 'absent'] },
    () => true,
    ({ version }) => {
      if (version === undefined) return undefined
      const knowing = compareVersions(version, first) < 0 ? first : last
      return { request: (head) => ({ ...head, path: head.path.replace(/^\/v\d+\.\d+\//, `/v${knowing}/`) }) }
    },
  )
}
