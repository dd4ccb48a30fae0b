import { documentedVersions, type ApiVersion } from '../../harness/versions.ts'
import type { Overheard } from '../../harness/wire/overhear.ts'
import { placesOf } from './places.ts'
import { operationOf } from './surface.ts'

/** What crossed the wire of one operation at one version. */
export type Seen = {
  readonly statuses: readonly string[]
  readonly query: readonly string[]
  readonly header: readonly string[]
  readonly body: readonly string[]
  /** The places in answers that were filled: those that held null are not in here. */
  readonly response: readonly string[]
}

/** What crossed the wire between suite and daemon: `coverage.json`. */
export type Measurement = {
  readonly format: 'plimsoll-coverage/1'
  readonly daemon: string
  readonly areas: readonly string[]
  readonly versions: readonly ApiVersion[]
  readonly exchanges: number
  readonly operations: Readonly<Record<string, Readonly<Record<string, Seen>>>>
  /** Requests at a documented version that no page documents. */
  readonly undocumented: readonly string[]
  /** What was not understood, and so not counted. */
  readonly puzzles: readonly string[]
}

/** Takes exchanges and counts what they show. */
export type Counter = {
  add(overheard: Overheard): void
  puzzle(what: string): void
  measured(about: Pick<Measurement, 'daemon' | 'areas' | 'versions'>): Measurement
}

/** How many different puzzles and undocumented requests are kept. */
const listLimit = 200

/**
 * Counts exchanges against the operations that are documented. Requests without a version in their path are the harness's own, or
 * about the daemon's version, which no page documents.
 * @param operations as in the surface table
 */
export function createCounter(operations: readonly string[]): Counter {
  const kinds = ['statuses', 'query', 'header', 'body', 'response'] as const
  const seen = new Map<string, Map<string, Record<(typeof kinds)[number], Set<string>>>>()
  const undocumented = new Set<string>()
  const puzzles = new Set<string>()
  let exchanges = 0

  function recordOf(operation: string, version: string) {
    const versions = seen.get(operation) ?? new Map<string, Record<(typeof kinds)[number], Set<string>>>()
    seen.set(operation, versions)
    const record = versions.get(version) ?? { statuses: new Set<string>(), query: new Set<string>(), header: new Set<string>(), body: new Set<string>(), response: new Set<string>() }
    versions.set(version, record)
    return record
  }
  function puzzle(what: string): void {
    if (puzzles.size < listLimit) puzzles.add(what)
  }

  return {
    puzzle,
    add({ method, path, requestHeaders, requestBody, status, responseHeaders, responseBody }) {
      exchanges += 1
      const [, version, rest = ''] = /^\/v(\d+\.\d+)(\/.*)$/.exec(path) ?? []
      if (version === undefined || !documentedVersions.some((documented) => documented === version)) return
      const [plain = '', query = ''] = rest.split(/\?(.*)/s)
      const operation = operationOf(operations, method, plain)
      if (operation === undefined) {
        if (undocumented.size < listLimit) undocumented.add(`${method} /v${version}${plain.replace(/[0-9a-f]{64}|plimsoll-[^/]+/g, '…')}`)
        return
      }
      const record = recordOf(operation, version)
      if (status !== undefined) record.statuses.add(String(status))
      for (const name of new URLSearchParams(query).keys()) record.query.add(name)
      for (const [name] of [...requestHeaders, ...responseHeaders]) record.header.add(name.toLowerCase())
      for (const place of jsonPlaces(requestBody)) record.body.add(place)
      if (status !== undefined && status < 300) for (const place of jsonPlaces(responseBody, true)) record.response.add(place)
    },
    measured: (about) => ({
      format: 'plimsoll-coverage/1',
      ...about,
      exchanges,
      operations: Object.fromEntries(
        [...seen].sort().map(([operation, versions]) => [
          operation,
          Object.fromEntries([...versions].sort().map(([version, record]) => [version, Object.fromEntries(kinds.map((kind) => [kind, [...record[kind]].sort()])) as unknown as Seen])),
        ]),
      ),
      undocumented: [...undocumented].sort(),
      puzzles: [...puzzles],
    }),
  }
}

/** The places of a body that is JSON, or a stream of JSON values; none for anything else, which is no fault: bodies may be archives. */
function jsonPlaces(body: Buffer, filled = false): string[] {
  const first = body.subarray(0, 64).toString('latin1').trimStart()[0]
  if (first !== '{' && first !== '[') return []
  const text = body.toString('utf8').trim()
  try {
    return placesOf(JSON.parse(text), filled)
  } catch {
    // A stream: as many of its values as are whole.
    return [...new Set(text.split('\n').flatMap((line) => {
      try {
        return placesOf(JSON.parse(line), filled)
      } catch {
        return []
      }
    }))]
  }
}
