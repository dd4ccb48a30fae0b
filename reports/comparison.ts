import type { Outcome, Requirement } from '../harness/case/outcome.ts'
import { compareVersions, type ApiVersion } from '../harness/versions.ts'
import type { Results } from './results.ts'
import { isBad } from './tally.ts'

/** One of several results, what it is called beside the others, and where its own report can be opened from the comparison's page. */
export type Compared = { readonly name: string; readonly results: Results; readonly report?: string }

/**
 * How one verdict differs from the first of the comparison:
 * - `worse`: it became red, or a known failing; `better`: the other way round
 * - `lost`: the first judged it, this one could not (not applicable, withheld); `gained`: the other way round
 */
export type Change = 'worse' | 'better' | 'lost' | 'gained'

/** A requirement at a version whose verdicts are not all alike. */
export type Differing = {
  readonly requirement: Requirement
  readonly version: ApiVersion
  /** In the order of what is compared; undefined where one has none. */
  readonly outcomes: readonly (Outcome | undefined)[]
  /** For each but the first: how it differs from the first, if it does. */
  readonly changes: readonly (Change | undefined)[]
}

/** What several results have and have not in common. */
export type Comparison = {
  readonly compared: readonly Compared[]
  /** Versions that all of them were run at, oldest first. */
  readonly versions: readonly ApiVersion[]
  readonly requirements: readonly Requirement[]
  readonly differing: readonly Differing[]
  /** Verdicts that all of them have. */
  readonly common: number
  /** For each: verdicts that it has and not all others, so that nothing can be said of them. */
  readonly only: readonly number[]
  /** Some verdict became red. */
  readonly regression: boolean
}

/**
 * Compares results of several daemons, or of several runs, with the first of them.
 * @param compared two or more
 */
export function compareResults(compared: readonly Compared[]): Comparison {
  const tables = compared.map(({ results }) => new Map(results.outcomes.map((outcome) => [keyOf(outcome), outcome])))
  const requirements = new Map(compared.flatMap(({ results }) => results.requirements.map((requirement) => [requirement.id, requirement] as const)))
  const keys = new Set(tables.flatMap((table) => [...table.keys()]))
  const shared = [...keys].filter((key) => tables.every((table) => table.has(key)))
  const differing = shared.flatMap((key): Differing[] => {
    const outcomes = tables.map((table) => table.get(key))
    const [first, ...others] = outcomes
    const requirement = first && requirements.get(first.id)
    if (first === undefined || requirement === undefined) return []
    const changes = others.map((other) => other && changeOf(first, other))
    return changes.every((change) => change === undefined) ? [] : [{ requirement, version: first.version, outcomes, changes }]
  })
  return {
    compared,
    versions: (compared[0]?.results.versions.run ?? []).filter((version) => compared.every(({ results }) => results.versions.run.includes(version))),
    requirements: [...requirements.values()].sort((one, other) => one.area.localeCompare(other.area) || one.operation.localeCompare(other.operation) || one.id.localeCompare(other.id)),
    differing: differing.sort((one, other) => one.requirement.area.localeCompare(other.requirement.area) || one.requirement.operation.localeCompare(other.requirement.operation) || one.requirement.id.localeCompare(other.requirement.id) || compareVersions(one.version, other.version)),
    common: shared.length,
    only: tables.map((table) => table.size - shared.length),
    regression: differing.some(({ outcomes: [first, ...others] }) => first !== undefined && !isBad(first) && others.some((other) => other !== undefined && isBad(other))),
  }
}

/** Names that tell results apart: the daemon, and where two are alike, when each was judged, or else the file. */
export function nameAll(read: readonly { readonly path: string; readonly results: Results }[]): Compared[] {
  const daemon = ({ results }: (typeof read)[number]) => `${results.daemon.product} ${results.daemon.version}`
  const dated = (one: (typeof read)[number]) => `${daemon(one)}, ${one.results.run.startedAt.slice(0, 16).replace('T', ' ')}`
  const filed = (one: (typeof read)[number]) => `${daemon(one)}, ${one.path}`
  const naming = [daemon, dated].find((name) => new Set(read.map(name)).size === read.length) ?? filed
  return read.map((one) => ({ name: naming(one), results: one.results }))
}

function changeOf(first: Outcome, other: Outcome): Change | undefined {
  const [before, after] = [standing(first), standing(other)]
  if (before === after) return undefined
  if (before === unjudged) return isBad(other) ? 'worse' : 'gained'
  if (after === unjudged) return isBad(first) ? 'better' : 'lost'
  return after < before ? 'worse' : 'better'
}

const unjudged = -1

/** How well a verdict stands: 2 passes, 1 is known to fail, 0 is red. */
function standing(outcome: Outcome): number {
  if (isBad(outcome)) return 0
  return { pass: 2, known: 1 }[outcome.verdict as string] ?? unjudged
}

function keyOf({ id, version }: Outcome): string {
  return `${id} ${version}`
}
