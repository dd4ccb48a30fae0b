import type { FaultKind } from '../harness/faults/fault.ts'
import type { ApiVersion } from '../harness/versions.ts'
import type { Proved, Results } from './results.ts'

/**
 * What came of one fault.
 * - `noticed`: a case that passes on the healthy daemon fails on the wrong one.
 * - `survived`: the daemon was wrong, and every case that was tried passed, or was blocked.
 * - `not-exercised`: no case makes a request at which the fault would show.
 * - `unobservable`: it can't be seen from outside; the list beside the faults says why.
 */
export type FaultResult = 'noticed' | 'survived' | 'not-exercised' | 'unobservable'

/** All results, in the order in which reports name them. */
export const faultResults = ['noticed', 'survived', 'not-exercised', 'unobservable'] as const satisfies readonly FaultResult[]

/** Who noticed a fault. */
export type Notice = {
  readonly case: string
  readonly version: ApiVersion
  /** By what the case asserts, or by the shape of an answer that it received. */
  readonly through: 'case' | 'shape'
  /** The operations that the failure is charged to: the case's own, or that of the answer whose shape was wrong. */
  readonly charged: readonly string[]
  /** Whether the operation that is wrong is among them. */
  readonly rightly: boolean
  /** What the failure says, cut to a line. */
  readonly difference: string
}

/** One fault, and what came of it. */
export type ProvedFault = {
  readonly id: string
  readonly kind: FaultKind
  readonly operation: string
  readonly area: string
  readonly sentence: string
  readonly versions: readonly ApiVersion[]
  readonly result: FaultResult
  readonly noticed?: Notice
  /** For `unobservable`: why. */
  readonly reason?: string
  /** Cases that were tried. */
  readonly tried: number
  /** Those of them that were blocked, which accuses nobody. */
  readonly blocked: number
  /** Requests at which the daemon was wrong; some of them. */
  readonly altered: readonly string[]
}

/** What a proof found: the content of `proof.json`. Its JSON Schema is `reports/proof.schema.json`. */
export type Proof = {
  readonly format: 'plimsoll-proof/1'
  readonly suite: Results['suite']
  readonly run: {
    /** ISO 8601. */
    readonly startedAt: string
    readonly durationMs: number
    readonly interrupted: boolean
    readonly arguments: readonly string[]
    /** Where not all faults were tried: how many were drawn, by which seed, of how many. */
    readonly sample?: { readonly size: number; readonly seed: number; readonly of: number }
  }
  readonly daemon: Results['daemon']
  readonly versions: readonly ApiVersion[]
  readonly faults: readonly ProvedFault[]
  /** Where the suite broke under a daemon that was wrong: a defect of the suite. */
  readonly broken: readonly { readonly fault: string; readonly case: string; readonly version: ApiVersion; readonly reason: string }[]
}

/** A row of the score: faults of one kind or of one area. */
export type Score = Readonly<Record<FaultResult, number>> & {
  readonly name: string
  /** Noticed, of those at which the daemon was wrong when a case looked; undefined where there are none. */
  readonly share: number | undefined
  /** Those of all that can be seen from outside; undefined where there are none. */
  readonly exercised: number | undefined
}

/** Counts faults. */
export function scoreOf(name: string, faults: readonly Pick<ProvedFault, 'result'>[]): Score {
  const counts = Object.fromEntries(faultResults.map((result) => [result, faults.filter((fault) => fault.result === result).length])) as Record<FaultResult, number>
  const tried = counts.noticed + counts.survived
  const observable = tried + counts['not-exercised']
  return { name, ...counts, share: tried === 0 ? undefined : counts.noticed / tried, exercised: observable === 0 ? undefined : tried / observable }
}

/** The score by one member of the faults, in the order in which its values are first met. */
export function scoresBy(member: 'kind' | 'area' | 'operation', faults: readonly ProvedFault[]): Score[] {
  return [...Map.groupBy(faults, (fault) => fault[member])].map(([name, members]) => scoreOf(name, members))
}

/** A share for people, rounded down: 100.0 % is said of all only. */
export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
}

/** The share of what was tried that was noticed, for people. */
export function noticedPercent({ noticed, tried }: Proved['crafted']): string {
  return percent(tried === 0 ? undefined : noticed / tried)
}
