import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CaseMeta } from '../case/conformance.ts'
import type { Verdict } from '../case/outcome.ts'
import type { SuiteFault } from '../case/runner.ts'
import { versionsOf } from '../case/selection.ts'
import type { Trial } from '../case/settings.ts'
import { readSeen, showsIn } from '../faults/asked.ts'
import type { Fault, Seen } from '../faults/fault.ts'
import { loadCatalogue } from '../schema/load.ts'
import type { ApiVersion } from '../versions.ts'
import type { GoBetween } from '../wire/go-between.ts'
import { overhear } from '../wire/overhear.ts'
import { startRelay } from '../wire/relay.ts'
import { tryAll, type Trying } from './trials.ts'

/** How a case does on the healthy daemon at one version, and which faults would show in what it asks. */
export type BaselineCase = {
  readonly id: string
  readonly version: ApiVersion
  readonly verdict: Verdict
  readonly durationMs: number
  /** Violations of shapes that the healthy daemon shows already. */
  readonly violations: readonly string[]
  /** Positions in the list of faults. */
  readonly faults: readonly number[]
}

/** What the suite does on a healthy daemon. */
export type Baseline = { readonly format: 'plimsoll-baseline/1'; readonly faults: readonly string[]; readonly cases: readonly BaselineCase[] }

/** What a baseline is taken with. */
export type BaselineRun = Trying & {
  readonly wanted: readonly { readonly id: string; readonly versions?: readonly ApiVersion[] }[]
  readonly faults: readonly Fault[]
  readonly quick: boolean
  readonly onCase: (meta: CaseMeta) => void
}

/** Runs cases on the healthy daemon, each through a relay of its own, and listens to what it asks. */
export async function takeBaseline(run: BaselineRun): Promise<{ readonly baseline: Baseline; readonly broken: readonly SuiteFault[] }> {
  const { operations } = loadCatalogue()
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-baseline-'))
  const byOperation = Map.groupBy(run.faults.map((fault, index) => ({ fault, index })), ({ fault }) => fault.operation)
  const trials: Record<string, Trial[]> = {}
  const relays = new Map<string, { relay: GoBetween; shows: Set<number> }>()
  const cases: BaselineCase[] = []
  const requirements = new Map(run.catalogue.map(({ requirement }) => [requirement.id, requirement]))
  try {
    for (const { id, versions } of run.wanted) {
      const requirement = requirements.get(id)
      if (requirement === undefined) continue
      for (const version of versions ?? versionsOf(requirement, run.versions, run.quick)) {
        const shows = new Set<number>()
        const hear = (seen: Seen | undefined) => {
          for (const { fault, index } of byOperation.get(seen?.operation ?? '') ?? []) if (seen !== undefined && !shows.has(index) && showsIn(fault, seen, version)) shows.add(index)
        }
        const trial = `${relays.size}`
        const relay = await startRelay(run.ready.settings.endpoint, join(folder, `${trial}.sock`), () => overhear((overheard) => hear(readSeen(operations, overheard)), () => {}))
        relays.set(trial, { relay, shows })
        ;(trials[id] ??= []).push({ id: trial, version, endpoint: relay.endpoint })
      }
    }
    const closing: Promise<void>[] = []
    const broken = await tryAll(run, trials, (meta) => {
      run.onCase(meta)
      const tried = relays.get(meta.trial ?? '')
      if (tried === undefined || meta.outcome === undefined) return
      const { id, version, verdict, durationMs } = meta.outcome
      // A stream that the case leaves open is heard to its end when its connection is closed.
      closing.push(tried.relay.close().then(() => void cases.push({ id, version, verdict, durationMs, violations: violationsOf(meta), faults: [...tried.shows] })))
    })
    await Promise.all(closing)
    return { baseline: { format: 'plimsoll-baseline/1', faults: run.faults.map(({ id }) => id), cases }, broken }
  } finally {
    await Promise.all([...relays.values()].map(({ relay }) => relay.close()))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The violations of shapes that a case saw, in a form in which two runs have them alike. */
export function violationsOf({ shapes = [] }: CaseMeta): string[] {
  const all = shapes.flatMap(({ operation, violations }) => violations.map(({ pointer, keyword, status }) => `${operation} ${status} ${pointer.replace(/\/(\d+|[0-9a-f]{64})(?=\/|$)/g, '/*')} ${keyword}`))
  return [...new Set(all)]
}
