import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { isRecord } from '../../harness/schema/load.ts'
import { selectVersions, type ApiVersion } from '../../harness/versions.ts'
import { readStatements } from '../../reports/sources.ts'
import { surfaceKinds, type SurfaceKind, type SurfaceRow } from './surface.ts'

/** Something that is documented and can't be tested, and why. */
export type NotTested = { readonly operation: string; readonly kind: SurfaceKind; readonly name: string; readonly versions: readonly ApiVersion[]; readonly reason: string }

/** A name that the documents or the table got wrong, and what it is. */
export type Misprint = Omit<NotTested, 'reason'> & { readonly readAs: string; readonly reason: string }

/** A numbered statement that can't be tested, and why. */
export type UntestedStatement = { readonly id: string; readonly reason: string }

/** The list of what is not tested. */
export type NotTestedList = { readonly misprints: readonly Misprint[]; readonly rows: readonly NotTested[]; readonly statements: readonly UntestedStatement[] }

/** The list is wrong: its message says which entry, and how. */
export class NotTestedError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'NotTestedError'
  }
}

/** Where the list lies. */
export const notTestedPath = fileURLToPath(new URL('../../reports/not-tested.yaml', import.meta.url))

/**
 * Reads the list of what is not tested, and holds it against what is documented.
 * @throws NotTestedError saying which entry is wrong and how
 */
export function readNotTested(surface: readonly SurfaceRow[], path = notTestedPath): NotTestedList {
  let content: unknown
  try {
    content = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new NotTestedError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return parseNotTested(content, surface, new Set(readStatements().keys()))
}

/**
 * The list of what is not tested, from its YAML.
 * @param statements the ids of all numbered statements
 * @throws NotTestedError
 */
export function parseNotTested(content: unknown, surface: readonly SurfaceRow[], statements: ReadonlySet<string>): NotTestedList {
  if (!isRecord(content)) throw new NotTestedError('the list of what is not tested is no mapping')
  const { misprints = [], 'not-tested': notTested = [], ...rest } = content
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new NotTestedError(`the list of what is not tested has an unknown member "${unknown}"`)
  if (!Array.isArray(misprints) || !Array.isArray(notTested)) throw new NotTestedError('"misprints" and "not-tested" must be lists')
  const list: { misprints: Misprint[]; rows: NotTested[]; statements: UntestedStatement[] } = { misprints: [], rows: [], statements: [] }
  misprints.forEach((entry, index) => {
    const where = `misprint ${index + 1}`
    const { 'read-as': readAs, ...row } = fields(entry, where, ['operation', ...surfaceKinds, 'versions', 'reason', 'read-as'])
    if (typeof readAs !== 'string' || readAs === '') throw new NotTestedError(`${where} lacks "read-as"`)
    const kind = kindOf(row, where)
    for (const name of texts(row[kind], `${where}: "${kind}"`)) {
      // What lies below a field with another name has that name on its way too.
      list.misprints.push(...rowsOf({ ...row, [kind]: name }, where, surface).map((each) => ({ ...each, readAs: each.name.replace(name, readAs) })))
    }
  })
  notTested.forEach((entry, index) => {
    const where = `not-tested ${index + 1}`
    const row = fields(entry, where, ['operation', ...surfaceKinds, 'versions', 'reason', 'statement'])
    if (row.statement === undefined) return void list.rows.push(...rowsOf(row, where, surface))
    for (const id of texts(row.statement, `${where}: "statement"`)) {
      if (!statements.has(id)) throw new NotTestedError(`${where}: there is no statement "${id}"`)
      list.statements.push({ id, reason: reasonOf(row, where) })
    }
  })
  return list
}

function rowsOf(entry: Record<string, unknown>, where: string, surface: readonly SurfaceRow[]): NotTested[] {
  const { operation } = entry
  if (typeof operation !== 'string') throw new NotTestedError(`${where} lacks "operation"`)
  const kind = kindOf(entry, where)
  const reason = reasonOf(entry, where)
  const wanted = entry.versions === undefined ? undefined : versionsOf(entry.versions, where)
  return texts(entry[kind], `${where}: "${kind}"`).flatMap((name) => {
    const row = surface.find((candidate) => candidate.operation === operation && candidate.kind === kind && candidate.name === name)
    if (row === undefined) throw new NotTestedError(`${where}: ${kind} "${name}" of ${operation} is not documented`)
    const stray = wanted?.find((version) => !row.versions.includes(version))
    if (stray !== undefined) throw new NotTestedError(`${where}: ${kind} "${name}" of ${operation} is not documented at ${stray}`)
    return [row, ...below(row, surface)].map(({ name: each, versions }) => ({ operation, kind, name: each, versions: versions.filter((version) => wanted?.includes(version) ?? true), reason }))
  })
}

function kindOf(entry: Record<string, unknown>, where: string): SurfaceKind {
  const kinds = surfaceKinds.filter((kind) => kind !== 'operation' && entry[kind] !== undefined)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) throw new NotTestedError(`${where} needs one of status, query, header, body, response`)
  return kind
}

/** A field of an answer stands for all that lies below it. */
function below({ operation, kind, name }: SurfaceRow, surface: readonly SurfaceRow[]): SurfaceRow[] {
  if (kind !== 'response') return []
  return surface.filter((row) => row.operation === operation && row.kind === kind && (row.name.startsWith(`${name}.`) || row.name.startsWith(`${name}[`)))
}

function fields(entry: unknown, where: string, known: readonly string[]): Record<string, unknown> {
  if (!isRecord(entry)) throw new NotTestedError(`${where} is no mapping`)
  const unknown = Object.keys(entry).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new NotTestedError(`${where} has an unknown member "${unknown}"`)
  return entry
}

function reasonOf(entry: Record<string, unknown>, where: string): string {
  if (typeof entry.reason !== 'string' || entry.reason.trim() === '') throw new NotTestedError(`${where} lacks a "reason"`)
  return entry.reason.trim()
}

function versionsOf(versions: unknown, where: string): ApiVersion[] {
  if (typeof versions !== 'string') throw new NotTestedError(`${where}: "versions" must be a text in quotes ('1.18..1.23')`)
  try {
    return selectVersions(versions)
  } catch (error) {
    throw new NotTestedError(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function texts(value: unknown, where: string): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value]
  if (all.length === 0) throw new NotTestedError(`${where} is empty`)
  return all.map((each) => {
    if (typeof each === 'number') return String(each)
    if (typeof each !== 'string' || each === '') throw new NotTestedError(`${where} must be a text or a list of texts`)
    return each
  })
}
