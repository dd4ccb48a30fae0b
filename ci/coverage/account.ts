import type { Requirement } from '../../harness/case/outcome.ts'
import { compareVersions, type ApiVersion } from '../../harness/versions.ts'
import type { Described } from './described.ts'
import type { Measurement, Seen } from './measurement.ts'
import type { NotTestedList } from './not-tested.ts'
import { documentedPlace, isPlace, readPlace, type Place } from './places.ts'
import type { SurfaceKind, SurfaceRow } from './surface.ts'

/** How much must be seen of what has no reason in the list of what is not tested; a kind without a target is told and not judged. */
export const targets: Readonly<Partial<Record<SurfaceKind, number>>> = { operation: 1, status: 0.95, query: 0.95, body: 0.9 }

/** How much was seen of one kind at one version, and how much of what was not has its reason. */
export type Count = { readonly seen: number; readonly excused: number; readonly documented: number }

type Counting = { -readonly [member in keyof Count]: Count[member] }

/** Something documented that did not cross the wire. */
export type Missing = { readonly operation: string; readonly kind: SurfaceKind; readonly name: string; readonly versions: readonly ApiVersion[] }

/** A misprint that counts as seen, because what it stands for was. */
export type Misread = Missing & { readonly readAs: string; readonly reason: string }

/** A numbered statement with what stands for it. */
export type StatementAccount = { readonly id: string; readonly text: string; readonly cases: readonly string[]; readonly reason?: string; readonly elsewhere?: string }

/** What a measurement comes to. */
export type Account = {
  readonly counts: Readonly<Record<SurfaceKind, Readonly<Record<string, Count>>>>
  readonly missing: readonly (Missing & { readonly reason?: string })[]
  /** How many answer fields stand in a schema. */
  readonly described: Readonly<Record<string, Count>>
  /** Answer fields that stand in none. */
  readonly undescribed: readonly (Missing & { readonly reason?: string })[]
  /** Misprints that were read as what they stand for, and so seen. */
  readonly readAs: readonly Misread[]
  /** Entries of the list of what is not tested that are no longer true. */
  readonly stale: readonly string[]
  readonly statements: readonly StatementAccount[]
  /** Why the measurement does not do; empty where it does. */
  readonly shortfalls: readonly string[]
}

/**
 * Holds what crossed the wire against what is documented.
 * @param statements the numbered statements, by their id
 * @param requirements all cases
 * @param described which answer fields stand in a schema
 */
export function account(parts: {
  readonly measurement: Measurement
  readonly surface: readonly SurfaceRow[]
  readonly notTested: NotTestedList
  readonly statements: ReadonlyMap<string, string>
  readonly requirements: readonly Requirement[]
  readonly described: Described
}): Account {
  const { measurement, notTested } = parts
  const rows = parts.surface.filter(({ area, kind, name }) => measurement.areas.includes(area) && !(kind === 'status' && name === '500'))
  const counts: Record<string, Record<string, Counting>> = {}
  const missing: (Missing & { reason?: string })[] = []
  const stale: string[] = []
  const readAs: Misread[] = []

  for (const row of rows) {
    const unseen: ApiVersion[] = []
    const misread: ApiVersion[] = []
    const misprint = notTested.misprints.find((each) => sameThing(each, row))
    for (const version of row.versions.filter((each) => measurement.versions.includes(each))) {
      const count = ((counts[row.kind] ??= {})[version] ??= { seen: 0, excused: 0, documented: 0 })
      count.documented += 1
      const reason = reasonFor(row, version, notTested)
      const asPrinted = isSeen(row, row.name, version, measurement)
      const asMeant = misprint?.versions.includes(version) === true && isSeen(row, misprint.readAs, version, measurement)
      if (asPrinted || asMeant) {
        count.seen += 1
        if (!asPrinted) misread.push(version)
        if (reason !== undefined) stale.push(`${row.operation} ${row.kind} ${row.name} at ${version}: it is seen after all`)
      } else if (reason === undefined) unseen.push(version)
      else {
        count.excused += 1
        addMissing(missing, row, version, reason)
      }
    }
    if (misprint !== undefined && misread.length > 0) {
      readAs.push({ operation: row.operation, kind: row.kind, name: row.name, versions: misread, readAs: misprint.readAs, reason: misprint.reason })
    }
    if (unseen.length > 0) missing.push({ operation: row.operation, kind: row.kind, name: row.name, versions: unseen })
  }

  const { described, undescribed } = accountSchemas(rows, parts)
  const statements = accountStatements(parts)
  for (const { id, cases, reason } of statements) if (cases.length > 0 && reason !== undefined) stale.push(`statement ${id}: a case names it after all (${cases[0]})`)
  return {
    counts: counts as Account['counts'], missing, described, undescribed, readAs, stale, statements,
    shortfalls: shortfalls(counts, missing, undescribed, stale, statements),
  }
}

/** Which answer fields stand in a schema at the versions that document them, and which do not. */
function accountSchemas(rows: readonly SurfaceRow[], { measurement, notTested, described: stands }: Pick<Parameters<typeof account>[0], 'measurement' | 'notTested' | 'described'>) {
  const described: Record<string, Counting> = {}
  const undescribed: (Missing & { reason?: string })[] = []
  for (const row of rows.filter(({ kind }) => kind === 'response')) {
    const misprint = notTested.misprints.find((each) => sameThing(each, row))
    for (const version of row.versions.filter((each) => measurement.versions.includes(each))) {
      const count = (described[version] ??= { seen: 0, excused: 0, documented: 0 })
      count.documented += 1
      const asMeant = misprint?.versions.includes(version) === true && stands(row.operation, misprint.readAs, version)
      if (asMeant || stands(row.operation, row.name, version)) count.seen += 1
      else {
        const reason = reasonFor(row, version, notTested)
        if (reason !== undefined) count.excused += 1
        addMissing(undescribed, row, version, reason)
      }
    }
  }
  return { described, undescribed }
}

function addMissing(missing: (Missing & { reason?: string })[], row: SurfaceRow, version: ApiVersion, reason: string | undefined): void {
  const same = missing.findIndex((each) => each.reason === reason && sameThing(each, row))
  const before = missing[same]
  if (before === undefined) missing.push({ operation: row.operation, kind: row.kind, name: row.name, versions: [version], ...(reason !== undefined && { reason }) })
  else missing[same] = { ...before, versions: [...before.versions, version] }
}

/** Why something documented is not tested at a version; undefined where the list has nothing of it. */
function reasonFor(row: SurfaceRow, version: ApiVersion, { rows }: NotTestedList): string | undefined {
  return rows.find((each) => sameThing(each, row) && each.versions.includes(version))?.reason
}

function sameThing(one: Pick<Missing, 'operation' | 'kind' | 'name'>, other: Pick<Missing, 'operation' | 'kind' | 'name'>): boolean {
  return one.operation === other.operation && one.kind === other.kind && one.name === other.name
}

function isSeen(row: SurfaceRow, name: string, version: ApiVersion, measurement: Measurement): boolean {
  const seen: Seen | undefined = measurement.operations[row.operation]?.[version]
  if (seen === undefined) return false
  switch (row.kind) {
    case 'operation': return seen.statuses.length > 0
    case 'status': return seen.statuses.includes(name)
    case 'query': return seen.query.includes(name)
    case 'header': return seen.header.includes(name.toLowerCase().split(':', 1)[0] ?? '')
    case 'body': return seen.body.some((each) => isBodyPlace(row, name, version, readPlace(each)))
    case 'response': return seen.response.some((each) => isPlace(documentedPlace(name), readPlace(each)))
  }
}

/**
 * Up to 1.24 the pages list members below the objects that they are in, and the table has them without the objects' names: those of HostConfig,
 * and all of a service's.
 */
function isBodyPlace(row: SurfaceRow, name: string, version: ApiVersion, seen: Place): boolean {
  const place = documentedPlace(name)
  if (isPlace(place, seen)) return true
  if (compareVersions(version, '1.25') >= 0) return false
  if (row.operation === 'POST /containers/create') return isPlace(['HostConfig', ...place], seen)
  return row.operation.startsWith('POST /services/') && isPlace(place, seen.slice(-place.length))
}

/** Where the first path that a statement names belongs, where that is not an area that was measured. */
function elsewhereOf(text: string, surface: readonly SurfaceRow[], areas: readonly string[]): string | undefined {
  const path = /`(?:GET|HEAD|POST|PUT|DELETE) (\/[a-z_]+)/.exec(text)?.[1]
  if (path === undefined) return undefined
  const own = surface.some((row) => areas.includes(row.area) && row.operation.split(' ')[1]?.startsWith(path))
  return own ? undefined : path
}

function accountStatements(parts: Pick<Parameters<typeof account>[0], 'statements' | 'requirements' | 'notTested' | 'surface' | 'measurement'>): StatementAccount[] {
  return [...parts.statements].map(([id, text]) => {
    const cases = parts.requirements.filter(({ sources }) => sources.some((source) => source.replace(/^change /, '') === id)).map((requirement) => requirement.id)
    const reason = parts.notTested.statements.find((each) => each.id === id)?.reason
    const elsewhere = elsewhereOf(text, parts.surface, parts.measurement.areas)
    return { id, text, cases, ...(reason !== undefined && { reason }), ...(elsewhere !== undefined && { elsewhere }) }
  })
}

function shortfalls(
  counts: Record<string, Record<string, Count>>,
  missing: readonly (Missing & { reason?: string })[],
  undescribed: readonly (Missing & { reason?: string })[],
  stale: readonly string[],
  statements: readonly StatementAccount[],
): string[] {
  const found: string[] = []
  for (const [kind, target] of Object.entries(targets)) {
    const rest = withoutReason(total(counts[kind]))
    if (rest.seen < rest.documented * target) found.push(`${kind}: ${percent(rest)} seen of what has no reason, and ${target * 100} % wanted`)
  }
  const unexplained = missing.filter(({ reason }) => reason === undefined).length
  if (unexplained > 0) found.push(`${unexplained} missing things are not in reports/not-tested.yaml`)
  const loose = undescribed.filter(({ reason }) => reason === undefined).length
  if (loose > 0) found.push(`${loose} answer fields stand in no schema`)
  if (stale.length > 0) found.push(`${stale.length} entries of reports/not-tested.yaml are no longer true`)
  const open = statements.filter((each) => each.cases.length === 0 && each.reason === undefined && each.elsewhere === undefined)
  if (open.length > 0) found.push(`${open.length} numbered statements have neither a case nor a reason: ${open.map(({ id }) => id).join(', ')}`)
  return found
}

/** All versions together. */
export function total(counts: Readonly<Record<string, Count>> | undefined): Count {
  const none: Count = { seen: 0, excused: 0, documented: 0 }
  return Object.values(counts ?? {}).reduce((sum, { seen, excused, documented }) => ({ seen: sum.seen + seen, excused: sum.excused + excused, documented: sum.documented + documented }), none)
}

/** What a target is about: a count without what has its reason. */
export function withoutReason({ seen, excused, documented }: Count): Count {
  return { seen, excused: 0, documented: documented - excused }
}

/** A count as people read it: `97.3 %`; never 100 where something is missing. */
export function percent({ seen, documented }: Pick<Count, 'seen' | 'documented'>): string {
  return documented === 0 ? 'nothing documented' : `${(Math.floor((seen / documented) * 1000) / 10).toFixed(1)} %`
}
