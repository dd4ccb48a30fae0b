import { readFileSync } from 'node:fs'
import { loadCatalogue } from '../../harness/schema/load.ts'
import { selectVersions, type ApiVersion } from '../../harness/versions.ts'

/** What a line of the documented surface is about. */
export const surfaceKinds = ['operation', 'status', 'query', 'header', 'body', 'response'] as const
export type SurfaceKind = (typeof surfaceKinds)[number]

/** One thing that the reference pages document, and the versions that do. */
export type SurfaceRow = {
  /** As in the table: `POST /containers/{}/start`. */
  readonly operation: string
  readonly area: string
  readonly kind: SurfaceKind
  /** A status, a parameter, a header, or the place of a field: `HostConfig.Ulimits[].Name`. Empty for an operation. */
  readonly name: string
  readonly versions: readonly ApiVersion[]
}

const table = new URL('../../schemas/documented/surface.tsv', import.meta.url)

/**
 * Reads what the reference pages document, of the operations that have a schema: an area without any is not begun.
 * @throws Error for a line that is none
 */
export function readSurface(): SurfaceRow[] {
  const areas = new Map(loadCatalogue().operations.map(({ operation, area }) => [operation.replace(/\{[^}]*\}/g, '{}'), area]))
  const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1).flatMap((line, index) => {
    const [operation = '', kind = '', name = '', versions = ''] = line.split('\t')
    if (!surfaceKinds.some((known) => known === kind)) throw new Error(`surface.tsv, line ${index + 2}: "${kind}" is nothing that is documented of an operation`)
    const area = areas.get(operation)
    return area === undefined ? [] : [{ operation, area, kind: kind as SurfaceKind, name: kind === 'response' ? fieldOf(name) : name, versions: selectVersions(versions.replaceAll('-', '..')) }]
  })
  return rows.filter((row, index) => row.kind !== 'response' || !row.name.endsWith('*') || index === rows.findIndex((each) => each.operation === row.operation && each.kind === row.kind && each.name === row.name))
}

/**
 * The place of an answer's field. The page of 1.25 says by a reference that disk usage has lists of lists of containers; its own sample, as every
 * daemon, has one list. And samples have maps whose names have dots in them: these are names of a sample, and stand for any.
 */
function fieldOf(name: string): string {
  return name.replace(/^Containers\[\]\[\]/, 'Containers[]').replace(/(?<=\b(?:Labels|Options)\.)com\..*|(?<=\bIndexConfigs\.)docker\.io|(?<=\bSysctls\.)net\..*/, '*')
}

/** Where the names of a path's objects may have slashes in them: `127.0.0.1:5000/team/web`. */
const slashed = /^\/(?:images|plugins)\//

/** An operation of the table by a request, literal segments before variables and more of them before fewer; undefined where none is documented. */
export function operationOf(operations: readonly string[], method: string, path: string): string | undefined {
  return operations
    .filter((operation) => {
      const [ofMethod, ofPath = ''] = operation.split(' ')
      // Nothing else in the table's paths means anything in a pattern.
      return ofMethod === method && new RegExp(`^${ofPath.replaceAll('{}', slashed.test(ofPath) ? '.+' : '[^/]+')}$`).test(path)
    })
    .sort((one, other) => one.split('{}').length - other.split('{}').length || other.length - one.length)[0]
}
