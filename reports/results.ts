import type { Outcome, Requirement, Verdict } from '../harness/case/outcome.ts'
import type { CapabilityRecord } from '../harness/daemon/capabilities.ts'
import type { DaemonIdentity, VersionEvidence } from '../harness/daemon/negotiate.ts'
import type { ApiVersion } from '../harness/versions.ts'

/** Everything that a run found: the content of `results.json`. Its JSON Schema is `reports/results.schema.json`. */
export type Results = {
  readonly format: 'plimsoll-results/1'
  readonly suite: {
    readonly name: 'plimsoll'
    readonly version: string
    /** SHA-256 of the suite's files as they are installed, and of the requirements that it has. */
    readonly digest?: string
    readonly catalogue?: string
    /** What it noticed of the faults that it was tried on itself. */
    readonly proved?: Proved
    /** What whole runs of it found on real daemons. */
    readonly daemons?: readonly JudgedDaemon[]
  }
  readonly run: {
    readonly id: string
    /** ISO 8601. */
    readonly startedAt: string
    readonly durationMs: number
    /** Milliseconds of the run in which at least one request was waiting for the daemon. */
    readonly waitedMs: number
    readonly workers: number
    readonly disposable: boolean
    /** True when the run was cut short (`--bail`, a signal). */
    readonly interrupted: boolean
    /** The options that kept a part of the suite out of the run. */
    readonly narrowed?: readonly string[]
    /** The command's arguments, secrets blanked. */
    readonly arguments: readonly string[]
  }
  readonly daemon: DaemonIdentity & { readonly endpoint: string }
  readonly versions: {
    readonly evidence: VersionEvidence
    /** What the daemon offers of what this suite documents, and what was run. */
    readonly offered: readonly ApiVersion[]
    readonly run: readonly ApiVersion[]
  }
  readonly capabilities: Readonly<Record<string, CapabilityRecord>>
  readonly requirements: readonly Requirement[]
  readonly outcomes: readonly Outcome[]
  readonly verdict: 'conformant' | 'nonconformant' | 'undecided'
  readonly counts: Readonly<Record<Verdict, number>>
}

/** How many faults of a daemon the suite noticed, of those at which a case looked: `plimsoll prove` finds out. */
export type Proved = { readonly [kind in 'crafted' | 'systematic']: { readonly noticed: number; readonly tried: number } }

/** What a whole run found on one daemon. */
export type JudgedDaemon = {
  /** Product and version. */
  readonly daemon: string
  /** The API versions that were run, as a reader is told them. */
  readonly versions: string
  /** The day, as YYYY-MM-DD. */
  readonly judged: string
  readonly verdict: Results['verdict']
  readonly counts: Results['counts']
}
