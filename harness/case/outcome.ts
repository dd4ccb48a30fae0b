import type { ApiVersion, Span } from '../versions.ts'
import type { Exchange } from '../wire/exchange.ts'

/** The parts of the API that the suites are sorted by. */
export type Area = 'system' | 'containers' | 'exec' | 'images' | 'build' | 'registry' | 'volumes' | 'networks' | 'swarm' | 'nodes' | 'services' | 'tasks' | 'secrets' | 'plugins'

/** As RFC 2119 has them, and only where the source uses such words. */
export type Level = 'must' | 'should' | 'may'

/**
 * Where a requirement comes from: a numbered change, a numbered general statement, or
 * `operation`: the reference page's entry of the operation itself.
 */
export type Source = 'operation' | `change ${number}.${number}/${number}` | `general/${number}`

/**
 * What came of one case at one version.
 * - `pass`, `fail`: the daemon conforms, or does not.
 * - `blocked`: the case could not be staged, so nothing was judged. Red.
 * - `not-applicable`: the daemon declares that it lacks an optional capability, or the platform differs.
 * - `withheld`: running it could harm what others keep on this daemon (`--disposable` lifts that).
 * - `known`: fails, or could not be staged, just as its entry among the known failings says.
 * - `stale`: an entry says that it fails, and it passed. Red: the list is out of date.
 * - `fault`: the harness itself broke. Says nothing about the daemon.
 */
export type Verdict = 'pass' | 'fail' | 'blocked' | 'not-applicable' | 'withheld' | 'known' | 'stale' | 'fault'

/** The verdicts that make a run nonconformant. */
export const redVerdicts: readonly Verdict[] = ['fail', 'blocked', 'stale']

/** Whether an outcome is bad news: red, or a fault of the suite. */
export function isBad({ verdict }: Pick<Outcome, 'verdict'>): boolean {
  return redVerdicts.includes(verdict) || verdict === 'fault'
}

/** One requirement: what a daemon must do, since when, and who says so. */
export type Requirement = Span & {
  readonly id: string
  readonly title: string
  readonly level: Level
  readonly area: Area
  /** As in the schemas: `POST /containers/{id}/start`. */
  readonly operation: string
  readonly sources: readonly Source[]
  /** Names of the capabilities that it needs, see `harness/daemon/capabilities.ts`. */
  readonly needs: readonly string[]
  /** Runs while nothing else does: it watches or changes state of the whole daemon. */
  readonly alone: boolean
  /** It shares a swarm that the suite makes; absent where it needs none. */
  readonly inSwarm?: true
  /** Reaches beyond what the suite made; withheld without `--disposable`. */
  readonly disposable: boolean
  /** How it reaches beyond. */
  readonly harm?: string
  /** Runs at the first and the last of a run's versions only: it is heavy, and none of its span changes what it asks for. */
  readonly versions?: 'ends'
  /** Where the documents and the daemons that they describe disagree: how, and who shows it. */
  readonly reality?: string
}

/** Why a case did not pass, in the four parts a reader needs. */
export type Failure = {
  /** What was documented. */
  readonly documented: string
  /** What was sent: method and path. */
  readonly sent?: string
  /** What came back: status and body, cut to a line or a few. */
  readonly received?: string
  /** Where exactly the two differ. */
  readonly difference: string
}

/** One case at one version. */
export type Outcome = {
  readonly id: string
  readonly version: ApiVersion
  readonly verdict: Verdict
  /** For every verdict but `pass`: why. */
  readonly reason?: string
  /** For `known`: the link of its entry. */
  readonly link?: string
  /** For `known`: the case could not be staged, so nothing was judged. */
  readonly unstaged?: true
  readonly failure?: Failure
  readonly startedAt: number
  readonly durationMs: number
  /** Milliseconds of `durationMs` in which some request of the case was waiting for the daemon. */
  readonly waitedMs: number
  readonly transcript: readonly Exchange[]
}
