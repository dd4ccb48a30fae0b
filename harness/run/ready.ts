import { Blocked } from '../case/errors.ts'
import type { KnownFailing } from '../case/known-failings.ts'
import { prepareBystanders } from '../case/prepare.ts'
import { newRunId } from '../case/run-id.ts'
import type { SuiteRun } from '../case/runner.ts'
import { findForeign, findRemnants, ofDeadRuns, sweep } from '../case/sweep.ts'
import { readCapabilities } from '../daemon/capabilities.ts'
import { jsonObject } from '../daemon/json-object.ts'
import { namePrefix } from '../daemon/marks.ts'
import type { NamedRegistry } from '../daemon/named-registry.ts'
import { negotiate, newest, type Negotiated } from '../daemon/negotiate.ts'
import { probeCapabilities } from '../daemon/probes.ts'
import type { Target } from '../daemon/target.ts'
import { guestDigest, type GuestArch } from '../guest/image.ts'
import { GuestError, loadGuest, requireImage } from '../guest/load.ts'
import { describeRange, type ApiVersion } from '../versions.ts'
import { describeEndpoint } from '../wire/endpoint.ts'
import { createClient, type Client } from '../wire/http.ts'
import { printable } from '../wire/sanitize.ts'

/** Which daemon cases are to be held against, and how. */
export type DaemonWanted = {
  readonly target: Target
  readonly versions: readonly ApiVersion[]
  readonly disposable: boolean
  /** Also where others keep something on the daemon. */
  readonly really: boolean
  readonly guest: string | undefined
  readonly registry: NamedRegistry | undefined
  /** The most that any answer may take; each request has its own limit otherwise. */
  readonly answerWithinMs?: number
  readonly signal: AbortSignal
  readonly knownFailings: (product: string, version: string) => { readonly from: string; readonly entries: readonly KnownFailing[] } | undefined
  readonly onSay: (line: string) => void
}

/** A daemon that cases can be held against. */
export type ReadyDaemon = {
  readonly negotiated: Negotiated
  /** Past the cases, for what concerns the whole daemon. */
  readonly control: Client
  /** What cases are to know of it. */
  readonly settings: Omit<SuiteRun['settings'], 'quick' | 'selection' | 'trials'>
}

/**
 * Makes a daemon ready for cases: negotiates, finds out what it can do, brings the guest and the bystanders. Afterwards it leaves the daemon as
 * it was, however `use` ended.
 * @throws NoCommonVersion, DialError, WireError, GuestError or Blocked where nothing can be judged; the signal's reason where it was interrupted before
 */
export async function withReadyDaemon<T>(wanted: DaemonWanted, use: (ready: ReadyDaemon) => Promise<T>): Promise<T> {
  const longestMs = wanted.answerWithinMs
  const control = createClient(wanted.target.endpoint, { longestMs, signal: wanted.signal })
  const runId = newRunId()
  try {
    const negotiated = await negotiate(control, wanted.versions)
    const { identity, offered } = negotiated
    wanted.onSay(`${printable(identity.product, 60)} ${printable(identity.version, 60)} at ${describeEndpoint(wanted.target.endpoint)} (${wanted.target.from}), API ${describeRange(offered)}`)
    const known = wanted.knownFailings(identity.product, identity.version)
    if (known !== undefined) wanted.onSay(`known failings: ${known.entries.length} of ${known.from}`)
    wanted.signal.throwIfAborted()
    await sweepDeadRuns(control, wanted.onSay)
    const info = await readInfo(control, offered)
    wanted.signal.throwIfAborted()
    if (wanted.disposable && !wanted.really) await refuseForeign(control, info)
    try {
      const guestImage = await bringGuest(control, wanted.guest, runId, identity.arch)
      wanted.signal.throwIfAborted()
      const probes = await probeCapabilities(control, { runId, guestImage, foreignObjects: countObjects(info), registry: wanted.registry })
      const capabilities = readCapabilities(info, probes.capabilities)
      wanted.signal.throwIfAborted()
      const bystanders = await prepareBystanders(control, runId, guestImage)
      wanted.signal.throwIfAborted()
      return await use({
        negotiated,
        control,
        settings: {
          endpoint: wanted.target.endpoint,
          runId,
          guestImage,
          bystanders,
          capabilities,
          ...(negotiated.current && { daemonVersion: negotiated.current }),
          ...(probes.suiteAddress && { suiteAddress: probes.suiteAddress }),
          ...(wanted.registry && { registry: wanted.registry }),
          ...(probes.blockDevice && { blockDevice: probes.blockDevice }),
          ...(longestMs !== undefined && { answerWithinMs: longestMs }),
          disposable: wanted.disposable,
          known: known?.entries ?? [],
        },
      })
    } finally {
      // A client of its own: the run's may have been cut short, and then a person waits.
      const clearing = createClient(wanted.target.endpoint, { longestMs: Math.min(longestMs ?? Infinity, wanted.signal.aborted ? hastyAnswerMs : Infinity) })
      await clearUp(clearing, runId, wanted.onSay)
      await clearing.close()
    }
  } finally {
    await control.close()
  }
}

/** The daemon is said to be disposable, and somebody keeps something on it. The message says what was found, and what to do. */
export class NotDisposable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NotDisposable'
  }
}

/** Names of each kind that a refusal shows. */
const shownNames = 5

async function refuseForeign(control: Client, info: Readonly<Record<string, unknown>>): Promise<void> {
  const found = [...(await findForeign(control))].map(([kind, names]) => {
    const shown = names.slice(0, shownNames).map((name) => printable(name, 80)).join(', ')
    return `${names.length} ${kind}${names.length === 1 ? '' : 's'} (${shown}${names.length > shownNames ? ', …' : ''})`
  })
  const { LocalNodeState: swarm } = (info.Swarm ?? {}) as { LocalNodeState?: unknown }
  if (typeof swarm === 'string' && swarm !== '' && swarm !== 'inactive') found.push(`a swarm (${printable(swarm, 40)})`)
  if (found.length === 0) return
  throw new NotDisposable(
    `--disposable runs cases that prune and change the whole daemon, and this one holds what this suite did not make: ${found.join(', ')}. ` +
      'Leave --disposable out, or name a daemon that nobody needs. If all of that may be lost, add --really',
  )
}

async function sweepDeadRuns(control: Client, say: (line: string) => void): Promise<void> {
  const dead = ofDeadRuns(await findRemnants(control))
  if (dead.length === 0) return
  const { removed, failed } = await sweep(control, dead)
  say(`removed ${removed.length} objects that interrupted runs had left`)
  for (const problem of failed) say(`could not remove what an interrupted run had left: ${printable(problem)}`)
}

/** The most that an answer may take while an interrupted run clears up. */
const hastyAnswerMs = 5_000

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
