import type { Results } from '../../reports/results.ts'
import { countVerdicts, overallVerdict } from '../../reports/tally.ts'
import type { CaseMeta } from '../case/conformance.ts'
import { Blocked } from '../case/errors.ts'
import type { KnownFailing } from '../case/known-failings.ts'
import type { Outcome, Requirement } from '../case/outcome.ts'
import { prepareBystanders } from '../case/prepare.ts'
import { newRunId } from '../case/run-id.ts'
import { runSuites, type Catalogued, type SuiteFault } from '../case/runner.ts'
import { matchesPattern, selects, versionsOf } from '../case/selection.ts'
import type { Selection } from '../case/settings.ts'
import { shapeOutcomes, type VersionedObservation } from '../case/shape-outcomes.ts'
import { findRemnants, ofDeadRuns, sweep } from '../case/sweep.ts'
import { unionLength } from '../case/transcript.ts'
import { readCapabilities, type Capabilities } from '../daemon/capabilities.ts'
import { jsonObject } from '../daemon/json-object.ts'
import { namePrefix } from '../daemon/marks.ts'
import type { NamedRegistry } from '../daemon/named-registry.ts'
import { negotiate, newest, type Negotiated } from '../daemon/negotiate.ts'
import { probeCapabilities } from '../daemon/probes.ts'
import type { Target } from '../daemon/target.ts'
import { guestDigest, type GuestArch } from '../guest/image.ts'
import { GuestError, loadGuest, requireImage } from '../guest/load.ts'
import { loadCatalogue } from '../schema/load.ts'
import type { ApiVersion } from '../versions.ts'
import { describeEndpoint } from '../wire/endpoint.ts'
import { createClient, type Client } from '../wire/http.ts'
import { printable } from '../wire/sanitize.ts'
import { areaKey } from './area-key.ts'
import { catalogueDigest, suiteDigest } from './digests.ts'
import { narrowingOf } from './narrowing.ts'

/** What a run is asked to do, and whom it tells how it gets on. */
export type WholeRun = {
  readonly target: Target
  readonly catalogue: readonly Catalogued[]
  readonly selection: Selection
  /** Patterns of shape requirements, where these were asked for by name. */
  readonly selectedShapes: readonly string[]
  readonly versions: readonly ApiVersion[]
  readonly disposable: boolean
  readonly quick: boolean
  readonly bail: boolean
  readonly workers: number
  readonly guest: string | undefined
  readonly registry: NamedRegistry | undefined
  readonly signal: AbortSignal
  readonly suiteVersion: string
  readonly arguments: readonly string[]
  readonly knownFailings: (product: string, version: string) => { readonly from: string; readonly entries: readonly KnownFailing[] } | undefined
  /** How many cases will run per version and area. */
  readonly onPlan: (planned: ReadonlyMap<string, number>) => void
  readonly onSay: (line: string) => void
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
  const control = createClient(wanted.target.endpoint)
  const runId = newRunId()
  const startedAt = new Date()
  const startedMs = performance.now()
  try {
    const negotiated = await negotiate(control, wanted.versions)
    const { identity, offered } = negotiated
    wanted.onSay(`${printable(identity.product, 60)} ${printable(identity.version, 60)} at ${describeEndpoint(wanted.target.endpoint)} (${wanted.target.from}), API ${offered.at(0)} to ${offered.at(-1)}`)
    const known = wanted.knownFailings(identity.product, identity.version)
    if (known !== undefined) wanted.onSay(`known failings: ${known.entries.length} of ${known.from}`)
    wanted.signal.throwIfAborted()
    await sweepDeadRuns(control, wanted.onSay)
    const info = await readInfo(control, offered)
    wanted.signal.throwIfAborted()
    let capabilities: Capabilities | undefined
    const metas: CaseMeta[] = []
    let faults: SuiteFault[] = []
    try {
      const guestImage = await bringGuest(control, wanted.guest, runId, identity.arch)
      wanted.signal.throwIfAborted()
      const probes = await probeCapabilities(control, { runId, guestImage, foreignObjects: countObjects(info), registry: wanted.registry })
      capabilities = readCapabilities(info, probes.capabilities)
      wanted.signal.throwIfAborted()
      const bystanders = await prepareBystanders(control, runId, guestImage)
      wanted.signal.throwIfAborted()
      wanted.onPlan(plan(wanted, offered))
      faults = await runSuites({
        catalogue: wanted.catalogue,
        versions: offered,
        workers: wanted.workers,
        bail: wanted.bail,
        signal: wanted.signal,
        settings: {
          quick: wanted.quick,
          selection: wanted.selection,
          endpoint: wanted.target.endpoint,
          runId,
          guestImage,
          bystanders,
          capabilities,
          ...(negotiated.current && { daemonVersion: negotiated.current }),
          ...(probes.suiteAddress && { suiteAddress: probes.suiteAddress }),
          ...(wanted.registry && { registry: wanted.registry }),
          ...(probes.blockDevice && { blockDevice: probes.blockDevice }),
          disposable: wanted.disposable,
          known: known?.entries ?? [],
        },
        onCase(meta) {
          metas.push(meta)
          if (meta.outcome !== undefined) wanted.onCase(meta.requirement, meta.outcome)
        },
      })
    } finally {
      await clearUp(control, runId, wanted.onSay)
    }
    const results = assemble({ wanted, negotiated, capabilities, metas, known: known?.entries ?? [], runId, startedAt, durationMs: Math.round(performance.now() - startedMs) })
    return { results, faults, leftovers: metas.flatMap(({ leftovers = [] }) => leftovers) }
  } finally {
    await control.close()
  }
}

async function sweepDeadRuns(control: Client, say: (line: string) => void): Promise<void> {
  const dead = ofDeadRuns(await findRemnants(control))
  if (dead.length === 0) return
  const { removed, failed } = await sweep(control, dead)
  say(`removed ${removed.length} objects that interrupted runs had left`)
  for (const problem of failed) say(`could not remove what an interrupted run had left: ${printable(problem)}`)
}

/** How often what a run made is looked for at its end. */
const clearingRounds = 3

/** Removes what the run made. What can't be removed is said, and thrown by nobody: it must not hide why a run ended. */
async function clearUp(control: Client, runId: string, say: (line: string) => void): Promise<void> {
  try {
    let problems: string[] = []
    // Until nothing is found: a request of a case that was cut short may still be making something while the first list is read.
    for (let round = 0; round < clearingRounds; round += 1) {
      const remnants = (await findRemnants(control)).filter((remnant) => remnant.runId === runId)
      if (remnants.length === 0) return
      problems = (await sweep(control, remnants)).failed
    }
    for (const problem of problems) say(`left on the daemon: ${printable(problem)}`)
  } catch (error) {
    say(`what this run left on the daemon could not be looked for ("plimsoll clean" does it later): ${printable(error instanceof Error ? error.message : String(error))}`)
  }
}

async function readInfo(control: Client, offered: readonly ApiVersion[]): Promise<Readonly<Record<string, unknown>>> {
  // The daemon's own version tells the most; an old one only at a version that it offers.
  for (const prefix of ['', `/v${newest(offered)}`]) {
    const answer = await control.request('GET', `${prefix}/info`)
    const info = answer.status === 200 ? jsonObject(answer) : undefined
    if (info !== undefined) return info
  }
  throw new Blocked('GET /info does not answer 200 with a JSON object: what the daemon can do is not to be found out')
}

/** Containers and images that were there before the run; undefined where the daemon does not count them. */
function countObjects({ Containers: containers, Images: images }: Readonly<Record<string, unknown>>): number | undefined {
  return typeof containers === 'number' && typeof images === 'number' ? containers + images : undefined
}

async function bringGuest(control: Client, named: string | undefined, runId: string, arch: string): Promise<string> {
  if (named !== undefined) {
    await requireImage(control, named, `--guest: the daemon has no image "${printable(named, 200)}"`)
    return named
  }
  if (arch !== 'amd64' && arch !== 'arm64') {
    throw new GuestError(`the guest is built for amd64 and arm64, and the daemon runs on ${printable(arch, 40)}: build it for that and name the image with --guest`)
  }
  const reference = `${namePrefix}${runId}-guest:${await guestDigest(arch satisfies GuestArch)}`
  await loadGuest(control, arch, reference)
  return reference
}

function plan(wanted: WholeRun, offered: readonly ApiVersion[]): ReadonlyMap<string, number> {
  const keys = wanted.catalogue
    .map(({ requirement }) => requirement)
    .filter((requirement) => selects(wanted.selection, requirement))
    .flatMap((requirement) => versionsOf(requirement, offered, wanted.quick).map((version) => areaKey(version, requirement.area)))
  return new Map([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]))
}

function assemble(parts: {
  wanted: WholeRun
  negotiated: Negotiated
  capabilities: Capabilities | undefined
  metas: readonly CaseMeta[]
  known: readonly KnownFailing[]
  runId: string
  startedAt: Date
  durationMs: number
}): Results {
  const { wanted, negotiated, metas } = parts
  const observations = metas.flatMap(({ outcome, shapes = [] }): VersionedObservation[] => (outcome === undefined ? [] : shapes.map((shape) => ({ ...shape, version: outcome.version }))))
  const shapes = shapeOutcomes(loadCatalogue().operations, observations, parts.known).filter(
    ({ requirement }) => selectsShape(wanted, requirement),
  )
  for (const { requirement, outcome } of shapes) wanted.onCase(requirement, outcome)
  const cases = metas.filter(({ requirement }) => selects(wanted.selection, requirement))
  const outcomes = [...cases.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome])), ...shapes.map(({ outcome }) => outcome)]
  const requirements = new Map([...cases, ...shapes].map(({ requirement }) => [requirement.id, requirement]))
  const counts = countVerdicts(outcomes)
  return {
    format: 'plimsoll-results/1',
    suite: { name: 'plimsoll', version: wanted.suiteVersion, digest: suiteDigest(), catalogue: catalogueDigest(wanted.catalogue.map(({ requirement }) => requirement)) },
    run: {
      id: parts.runId,
      startedAt: parts.startedAt.toISOString(),
      durationMs: parts.durationMs,
      waitedMs: unionLength(outcomes.flatMap(({ startedAt, transcript }) => transcript.map(({ atMs, durationMs }) => [startedAt + atMs, startedAt + atMs + durationMs] as const))),
      workers: wanted.workers,
      disposable: wanted.disposable,
      interrupted: wanted.signal.aborted || (wanted.bail && counts.fail + counts.blocked + counts.stale > 0),
      narrowed: narrowingOf(wanted),
      arguments: wanted.arguments,
    },
    daemon: { endpoint: describeEndpoint(wanted.target.endpoint), ...negotiated.identity },
    versions: { evidence: negotiated.evidence, offered: negotiated.offered, run: negotiated.offered },
    capabilities: parts.capabilities ?? {},
    requirements: [...requirements.values()].sort((one, other) => one.area.localeCompare(other.area) || one.operation.localeCompare(other.operation) || one.id.localeCompare(other.id)),
    outcomes,
    verdict: overallVerdict(counts, wanted.signal.aborted),
    counts,
  }
}

function selectsShape(wanted: WholeRun, requirement: Requirement): boolean {
  const { only, ...rest } = wanted.selection
  if (!selects(rest, requirement)) return false
  if (only === undefined) return true
  return wanted.selectedShapes.some((pattern) => matchesPattern(pattern, requirement.id)) || only.some((pattern) => matchesPattern(pattern, requirement.id))
}
