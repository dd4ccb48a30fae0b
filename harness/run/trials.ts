import { renewBystanders } from '../case/prepare.ts'
import { runTrials, type Catalogued, type SuiteFault } from '../case/runner.ts'
import type { CaseMeta } from '../case/conformance.ts'
import type { Phase, Trial } from '../case/settings.ts'
import type { ApiVersion } from '../versions.ts'
import type { ReadyDaemon } from './ready.ts'
import { withSharedSwarm } from './shared-swarm.ts'

/** What trials are run with. */
export type Trying = {
  readonly ready: ReadyDaemon
  readonly catalogue: readonly Catalogued[]
  readonly versions: readonly [ApiVersion, ...ApiVersion[]]
  readonly workers: number
  readonly signal: AbortSignal
  /** Told what a reader should know of the daemon. */
  readonly onSay: (line: string) => void
}

/**
 * Runs trials, by the ids of their cases: those that share a swarm in one that is made for them, all others before.
 * @returns what went wrong with the suite itself
 */
export async function tryAll({ ready, onSay, ...run }: Trying, trials: Readonly<Record<string, readonly Trial[]>>, onCase: (meta: CaseMeta) => void): Promise<SuiteFault[]> {
  const inPhases = async (phases: readonly Phase[], swarmFailure?: string) => {
    // What was tried before may have pruned.
    const bystanders = await renewBystanders(ready.control, ready.settings.runId, ready.settings.guestImage)
    return await runTrials({ ...run, phases, settings: { ...ready.settings, bystanders, ...(swarmFailure !== undefined && { swarmFailure }) }, trials, onCase })
  }
  const faults = await inPhases(['together', 'alone'])
  const shared = run.catalogue.some(({ requirement }) => requirement.inSwarm && trials[requirement.id] !== undefined)
  if (!shared || run.signal.aborted) return faults
  return [...faults, ...(await withSharedSwarm(ready, onSay, (failure) => inPhases(['swarm', 'swarm-alone'], failure)))]
}
