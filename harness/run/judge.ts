import type { Results } from '../../reports/results.ts'
import { countVerdicts, overallVerdict } from '../../reports/tally.ts'
import type { CaseMeta } from '../case/conformance.ts'
import type { KnownFailing } from '../case/known-failings.ts'
import { isBad, type Outcome, type Requirement } from '../case/outcome.ts'
import { runSuites, type Catalogued, type SuiteFault } from '../case/runner.ts'
import { selects, versionsOf } from '../case/selection.ts'
import { matchesPattern } from '../pattern.ts'
import type { Phase, Selection } from '../case/settings.ts'
import { shapeOutcomes, type VersionedObservation } from '../case/shape-outcomes.ts'
import { unionLength } from '../case/transcript.ts'
import { loadCatalogue } from '../schema/load.ts'
import type { ApiVersion } from '../versions.ts'
import { describeEndpoint } from '../wire/endpoint.ts'
import { areaKey } from './area-key.ts'
import { catalogueDigest, suiteDigest } from './digests.ts'
import { narrowingOf } from './narrowing.ts'
import { withReadyDaemon, type DaemonWanted, type ReadyDaemon } from './ready.ts'
import { withSharedSwarm } from './shared-swarm.ts'

/** What is on record of the suite itself, for its results to say. */
export type SuiteRecord = Pick<Results['suite'], 'proved' | 'daemons'>

/** What a run is asked to do, and whom it tells how it gets on. */
export type WholeRun = DaemonWanted & {
  readonly catalogue: readonly Catalogued[]
  readonly selection: Selection
  /** Patterns of shape requirements, where these were asked for by name. */
  readonly selectedShapes: readonly string[]
  readonly quick: boolean
  readonly bail: boolean
  readonly workers: number
  readonly suiteVersion: string
  readonly record: SuiteRecord
  readonly arguments: readonly string[]
  /** What results are made of, before the first case: what is needed to put them together should the run be killed. */
  readonly onReady?: (begun: Begun) => void
  /** What a case left, as soon as it has ended. */
  readonly onMeta?: (meta: CaseMeta) => void
  /** How many cases will run per version and area. */
  readonly onPlan: (planned: ReadonlyMap<string, number>) => void
  readonly onCase: (requirement: Requirement, outcome: Outcome) => void
}

/** What came of it. */
export type Judged = {
  readonly results: Results
  /** What went wrong with the suite itself. */
  readonly faults: readonly SuiteFault[]
  /** What the run made and could not remove. */
  readonly leftovers: readonly string[]
}

/**
 * Judges a daemon from the first request to the last: negotiates, finds out what it can do, brings the guest,
 * runs the cases, and leaves the daemon as it was.
 * @throws NoCommonVersion, DialError, WireError, GuestError or Blocked where nothing can be judged; the signal's reason where it was interrupted before the first case
 */
export async function judgeDaemon(wanted: WholeRun): Promise<Judged> {
  const startedAt = new Date()
  const startedMs = performance.now()
  const { ready, metas, faults } = await withReadyDaemon(wanted, async (ready) => {
    const metas: CaseMeta[] = []
    wanted.onReady?.(begunBy(wanted, ready, startedAt))
    wanted.onPlan(plan(wanted, ready.negotiated.offered))
    const runPhases = (phases: readonly Phase[], swarmFailure?: string) =>
      runSuites({
        catalogue: wanted.catalogue,
        versions: ready.negotiated.offered,
        phases,
        workers: wanted.workers,
        bail: wanted.bail,
        signal: wanted.signal,
        settings: { quick: wanted.quick, selection: wanted.selection, ...ready.settings, ...(swarmFailure !== undefined && { swarmFailure }) },
        onCase(meta) {
          metas.push(meta)
          wanted.onMeta?.(meta)
          if (meta.outcome !== undefined) wanted.onCase(meta.requirement, meta.outcome)
        },
      })
    const faults = await runPhases(['together', 'alone'])
    const cut = wanted.signal.aborted || (wanted.bail && metas.some(({ outcome }) => outcome !== undefined && isBad(outcome)))
    if (!cut && sharesSwarm(wanted, ready)) faults.push(...(await withSharedSwarm(ready, wanted.onSay, (failure) => runPhases(['swarm', 'swarm-alone'], failure))))
    return { ready, metas, faults }
  })
  const results = resultsOf(begunBy(wanted, ready, startedAt), metas, { durationMs: Math.round(performance.now() - startedMs), interrupted: wanted.signal.aborted, onShape: wanted.onCase })
  return { results, faults, leftovers: metas.flatMap(({ leftovers = [] }) => leftovers) }
}

/** Whether there are cases that share a swarm. */
function sharesSwarm({ catalogue, selection, quick }: WholeRun, { negotiated }: ReadyDaemon): boolean {
  return catalogue.some(({ requirement }) => requirement.inSwarm && selects(selection, requirement) && versionsOf(requirement, negotiated.offered, quick).length > 0)
}

function plan(wanted: WholeRun, offered: readonly ApiVersion[]): ReadonlyMap<string, number> {
  const keys = wanted.catalogue
    .map(({ requirement }) => requirement)
    .filter((requirement) => selects(wanted.selection, requirement))
    .flatMap((requirement) => versionsOf(requirement, offered, wanted.quick).map((version) => areaKey(version, requirement.area)))
  return new Map([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]))
}

/** All of a run's results that is known before its first case, and what puts the rest together. Plain data. */
export type Begun = Pick<Results, 'format' | 'suite' | 'daemon' | 'versions' | 'capabilities'> & {
  readonly run: Omit<Results['run'], 'durationMs' | 'waitedMs' | 'interrupted'>
  readonly bail: boolean
  readonly selection: Selection
  readonly selectedShapes: readonly string[]
  readonly known: readonly KnownFailing[]
}

function begunBy(wanted: WholeRun, { negotiated, settings }: ReadyDaemon, startedAt: Date): Begun {
  return {
    format: 'plimsoll-results/1',
    suite: { name: 'plimsoll', version: wanted.suiteVersion, digest: suiteDigest(), catalogue: catalogueDigest(wanted.catalogue.map(({ requirement }) => requirement)), ...wanted.record },
    run: {
      id: settings.runId,
      startedAt: startedAt.toISOString(),
      workers: wanted.workers,
      disposable: wanted.disposable,
      narrowed: narrowingOf(wanted),
      arguments: wanted.arguments,
    },
    daemon: { endpoint: describeEndpoint(wanted.target.endpoint), ...negotiated.identity },
    versions: { evidence: negotiated.evidence, offered: negotiated.offered, run: negotiated.offered },
    capabilities: settings.capabilities,
    bail: wanted.bail,
    selection: wanted.selection,
    selectedShapes: wanted.selectedShapes,
    known: settings.known,
  }
}

/** Puts results together from what cases left. @param ended how the run ended; `onShape` is told of the shapes, which are judged last */
export function resultsOf(
  begun: Begun,
  metas: readonly CaseMeta[],
  ended: { readonly durationMs: number; readonly interrupted: boolean; readonly onShape?: (requirement: Requirement, outcome: Outcome) => void },
): Results {
  const { bail, selection, selectedShapes, known, run, ...rest } = begun
  const observations = metas.flatMap(({ outcome, shapes = [] }): VersionedObservation[] => (outcome === undefined ? [] : shapes.map((shape) => ({ ...shape, version: outcome.version }))))
  const shapes = shapeOutcomes(loadCatalogue().operations, observations, known).filter(({ requirement }) => selectsShape(begun, requirement))
  for (const { requirement, outcome } of shapes) ended.onShape?.(requirement, outcome)
  const cases = metas.filter(({ requirement }) => selects(selection, requirement))
  const outcomes = [...cases.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome])), ...shapes.map(({ outcome }) => outcome)]
  const requirements = new Map([...cases, ...shapes].map(({ requirement }) => [requirement.id, requirement]))
  const counts = countVerdicts(outcomes)
  return {
    ...rest,
    run: {
      ...run,
      durationMs: ended.durationMs,
      waitedMs: unionLength(outcomes.flatMap(({ startedAt, transcript }) => transcript.map(({ atMs, durationMs }) => [startedAt + atMs, startedAt + atMs + durationMs] as const))),
      interrupted: ended.interrupted || (bail && counts.fail + counts.blocked + counts.stale > 0),
    },
    requirements: [...requirements.values()].sort((one, other) => one.area.localeCompare(other.area) || one.operation.localeCompare(other.operation) || one.id.localeCompare(other.id)),
    outcomes,
    verdict: overallVerdict(counts, ended.interrupted),
    counts,
  }
}

function selectsShape(wanted: Pick<Begun, 'selection' | 'selectedShapes'>, requirement: Requirement): boolean {
  const { only, ...rest } = wanted.selection
  if (!selects(rest, requirement)) return false
  if (only === undefined) return true
  return wanted.selectedShapes.some((pattern) => matchesPattern(pattern, requirement.id)) || only.some((pattern) => matchesPattern(pattern, requirement.id))
}
