import type { Outcome, Requirement, Verdict } from '../harness/case/outcome.ts'
import type { ApiVersion } from '../harness/versions.ts'
import type { Results } from './results.ts'

/** All verdicts, in the order in which reports name them. */
export const verdicts = ['pass', 'known', 'not-applicable', 'withheld', 'fail', 'blocked', 'stale', 'fault'] as const satisfies readonly Verdict[]

export type Counts = Readonly<Record<Verdict, number>>

/** How many outcomes have which verdict. */
export function countVerdicts(outcomes: readonly Outcome[]): Counts {
  const count = (verdict: Verdict) => outcomes.filter((outcome) => outcome.verdict === verdict).length
  return Object.fromEntries(verdicts.map((verdict) => [verdict, count(verdict)])) as Record<Verdict, number>
}

export { isBad } from '../harness/case/outcome.ts'

/** How many verdicts are red. A fault of the suite is not: it accuses no daemon. */
export function redOf({ fail, blocked, stale }: Counts): number {
  return fail + blocked + stale
}

/** The verdict of a whole run. A fault of the suite leaves it undecided, unless something else is red already. */
export function overallVerdict(counts: Counts, interrupted: boolean): Results['verdict'] {
  if (redOf(counts) > 0) return 'nonconformant'
  if (counts.fault > 0 || interrupted || counts.pass + counts.known === 0) return 'undecided'
  return 'conformant'
}

/** The counts of an area at a version. */
export type Cell = { readonly area: string; readonly version: ApiVersion; readonly counts: Counts }

/** The outcomes counted per area and version, areas in the order in which they are first named. */
export function tabulate(requirements: readonly Requirement[], outcomes: readonly Outcome[], versions: readonly ApiVersion[]): Cell[] {
  const areaOf = new Map(requirements.map((requirement) => [requirement.id, requirement.area]))
  const areas = [...new Set(requirements.map(({ area }) => area))].sort()
  const grouped = Map.groupBy(outcomes, (outcome) => `${areaOf.get(outcome.id)} ${outcome.version}`)
  return areas.flatMap((area) => versions.map((version) => ({ area, version, counts: countVerdicts(grouped.get(`${area} ${version}`) ?? []) })))
}
