import { readFileSync } from 'node:fs'
import type { Source } from '../harness/case/outcome.ts'
import type { ApiVersion } from '../harness/versions.ts'

/** What a link to an operation's entry in the reference needs. */
export type ReferencedOperation = { readonly anchor: string; readonly operationId: string }

const history = 'https://github.com/moby/moby/blob/v1.13.1/docs/api/version-history.md'

/** The numbered statements of the page that the suite implements, by their id: `1.25/04`, `general/03`. */
export function readStatements(): ReadonlyMap<string, string> {
  const table = readFileSync(new URL('../schemas/documented/changes.tsv', import.meta.url), 'utf8')
  const rows = table.trim().split('\n').slice(1).map((line) => line.split('\t'))
  return new Map(rows.map(([id = '', text = '']) => [id, text]))
}

/** What a source says; undefined for an operation's own entry, which says too much for a line. */
export function sourceText(source: Source, statements: ReadonlyMap<string, string>): string | undefined {
  return statements.get(source.replace(/^change /, ''))
}

/** Where a source can be read, at a version. */
export function sourceUrl(source: Source, operation: ReferencedOperation, version: ApiVersion): string {
  if (source === 'operation') {
    return version === '1.25'
      ? `https://docs.docker.com/reference/api/engine/version/v1.25/#operation/${operation.operationId}`
      : `https://github.com/moby/moby/blob/v1.13.1/docs/api/v${version}.md#${operation.anchor}`
  }
  const changed = /^change (\d+)\.(\d+)\//.exec(source)
  return changed === null ? history : `${history}#v${changed[1]}${changed[2]}-api-changes`
}
