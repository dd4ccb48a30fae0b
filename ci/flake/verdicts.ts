import type { Outcome, Verdict } from '../../harness/case/outcome.ts'
import { compareVersions, type ApiVersion } from '../../harness/versions.ts'
import { reasonLine } from '../../reports/explain.ts'
import type { Results } from '../../reports/results.ts'
import { isBad } from '../../reports/tally.ts'

/** What a case came to in one round; `absent` where that round has no verdict on it. */
export type Standing = Verdict | 'absent'

/** A verdict of a round, and why it is none of the good ones; the reason is safe to show. */
export type Told = { readonly id: string; readonly version: ApiVersion; readonly verdict: Verdict; readonly reason: string }

/** The verdicts of one round. Rounds are counted from 1. */
export type RoundVerdicts = { readonly round: number; readonly verdicts: readonly Told[] }

/** A case at a version whose verdict is not the same in all rounds. */
export type Changed = {
  readonly id: string
  readonly version: ApiVersion
  /** What most of the rounds have; of two that are as frequent, the better one, so that what is told as odd is what went wrong. */
  readonly usual: Standing
  readonly rounds: readonly { readonly round: number; readonly verdict: Standing; readonly reason: string; readonly odd: boolean }[]
}

/** Of a run's results, what rounds are compared by: they are held in memory for all of them. */
export function verdictsOf({ outcomes }: Pick<Results, 'outcomes'>): Told[] {
  return outcomes.map((outcome: Outcome) => ({ id: outcome.id, version: outcome.version, verdict: outcome.verdict, reason: reasonLine(outcome) }))
}

/** The cases whose verdict changed between rounds, by id and version. */
export function changedVerdicts(rounds: readonly RoundVerdicts[]): Changed[] {
  const tables = rounds.map(({ round, verdicts }) => ({ round, table: new Map(verdicts.map((told) => [keyOf(told), told])) }))
  const cases = new Map(rounds.flatMap(({ verdicts }) => verdicts.map((told) => [keyOf(told), told] as const)))
  const changed = [...cases].flatMap(([key, { id, version }]): Changed[] => {
    const all = tables.map(({ round, table }) => ({ round, verdict: table.get(key)?.verdict ?? ('absent' as const), reason: table.get(key)?.reason ?? '' }))
    const usual = usualOf(all.map(({ verdict }) => verdict))
    return all.every(({ verdict }) => verdict === usual) ? [] : [{ id, version, usual, rounds: all.map((one) => ({ ...one, odd: one.verdict !== usual })) }]
  })
  return changed.sort((one, other) => one.id.localeCompare(other.id) || compareVersions(one.version, other.version))
}

/** The rounds in which some verdict was odd. */
export function oddRounds(changed: readonly Changed[]): number[] {
  return [...new Set(changed.flatMap(({ rounds }) => rounds.filter(({ odd }) => odd).map(({ round }) => round)))].sort((one, other) => one - other)
}

function usualOf(standings: readonly Standing[]): Standing {
  const counted = [...Map.groupBy(standings, (standing) => standing)].map(([standing, all]) => ({ standing, times: all.length }))
  return counted.sort((one, other) => other.times - one.times || rank(other.standing) - rank(one.standing))[0]?.standing ?? 'absent'
}

function rank(standing: Standing): number {
  if (standing === 'absent') return 0
  if (isBad({ verdict: standing })) return 1
  return standing === 'pass' ? 3 : 2
}

function keyOf({ id, version }: Pick<Told, 'id' | 'version'>): string {
  return `${id} ${version}`
}
