import { inject, test } from 'vitest'
import { loadCatalogue } from '../schema/load.ts'
import { findOperation, type Operation } from '../schema/operations.ts'
import { createValidator } from '../schema/validate.ts'
import { compareVersions, type ApiVersion, type Span } from '../versions.ts'
import { withDeadline } from '../wire/deadline.ts'
import { DialError } from '../wire/dial.ts'
import { WireError } from '../wire/errors.ts'
import { createClient, type Client } from '../wire/http.ts'
import { blankValues } from '../wire/secrets.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { Capability } from '../daemon/capabilities.ts'
import { createApi, type Api } from './api.ts'
import { guardBystanders } from './bystander-guard.ts'
import { createdBy } from './created.ts'
import { createDaemon, type DaemonFacts } from './daemon.ts'
import { Blocked } from './errors.ts'
import { exhaustedBy } from './exhausted.ts'
import type { Level, Outcome, Requirement, Source } from './outcome.ts'
import { phaseOf, runsTogether, selects, versionsOf } from './selection.ts'
import type { Bystander, CaseSettings, Trial, WorkerSettings } from './settings.ts'
import { watchShapes, type ShapeObservation } from './shape.ts'
import { createStage, type Stage } from './stage.ts'
import { trimTranscript, waitedMs } from './transcript.ts'
import { judge, type Judgement } from './verdict.ts'

/** What is stated of a case beside its title. Ids are kebab-case words and never change. */
export type CaseData = Span & {
  readonly id: string
  /** Left out: the reference page's entry of the operation. */
  readonly source?: Source | readonly Source[]
  /** Capabilities without which the case is not applicable. */
  readonly needs?: readonly Capability[]
  /** It watches or changes state of the whole daemon: nothing else runs at the same time. */
  readonly alone?: true
  /** The daemon is the only node of a swarm that the suite has made, and that such cases share. Needs `--disposable`, and a daemon in no swarm of its own. */
  readonly inSwarm?: true
  /** It reaches beyond what the suite made, and how: only with `--disposable`. */
  readonly disposable?: true | string
  /** How documents and daemons disagree here, and who shows it. */
  readonly reality?: string
  /** For a heavy case: at the first and the last of its versions in a run, not at those between. */
  readonly versions?: 'ends'
  /** For a case that takes its time; 60 seconds otherwise. */
  readonly timeoutMs?: number
}

/** What a case works with. */
export type Fixtures = {
  /** The operations at the case's version. */
  readonly api: Api
  readonly stage: Stage
  /** The image that staged containers run. */
  readonly guest: { readonly image: string }
  readonly daemon: DaemonFacts
  /** Containers that stand ready for the whole run, with a network: to be read, never to be changed. */
  readonly bystanders: { readonly running: Bystander; readonly exited: Bystander }
}

export type CaseBody = (fixtures: Fixtures) => Promise<void>

/** Declares requirements of one operation. The verb is the source's own. */
export type OperationSuite = Readonly<Record<Level, (title: string, data: CaseData, body: CaseBody) => void>>

/** What a case leaves for the command that runs it, in the meta of its vitest task. */
export type CaseMeta = {
  readonly requirement: Requirement
  readonly outcome?: Outcome
  /** The id of the trial that it was. */
  readonly trial?: string
  readonly shapes?: readonly ShapeObservation[]
  /** What the case made and could not remove. */
  readonly leftovers?: readonly string[]
}

declare module 'vitest' {
  interface TaskMeta {
    plimsoll?: CaseMeta
  }
}

const catalogue = loadCatalogue()
const validator = createValidator(catalogue)
const settings = inject('plimsoll')
const clients = settings.mode === 'run' ? createClient(settings.endpoint, { longestMs: settings.answerWithinMs }) : undefined

/**
 * The suite of one operation of the API.
 * @param name method and path as in the schemas: `POST /containers/{id}/start`
 * @throws Error where the schemas have no such operation
 */
export function operation(name: string): OperationSuite {
  const described = findOperation(catalogue.operations, name)
  const declare = (level: Level) => (title: string, data: CaseData, body: CaseBody) => {
    const requirement = requirementOf(described, level, title, data)
    if (settings.mode === 'catalogue') {
      test(requirement.id, { meta: { plimsoll: { requirement } } }, () => {})
    } else {
      register(requirement, data.timeoutMs ?? 60_000, body, settings)
    }
  }
  return { must: declare('must'), should: declare('should'), may: declare('may') }
}

/** A requirement in full: what the case leaves out comes from its operation. */
function requirementOf(described: Operation, level: Level, title: string, data: CaseData): Requirement {
  const since = data.since ?? described.since
  const removedIn = data.removedIn ?? endOfOperation(described, data)
  return {
    id: data.id,
    title: `${level} ${title}`,
    level,
    area: described.area as Requirement['area'],
    operation: described.operation,
    sources: data.source === undefined ? ['operation'] : typeof data.source === 'string' ? [data.source] : data.source,
    needs: data.inSwarm ? [...new Set<Capability>(['swarm-inactive', ...(data.needs ?? [])])] : (data.needs ?? []),
    alone: data.alone ?? false,
    disposable: data.disposable !== undefined || data.inSwarm === true,
    ...(data.inSwarm && { inSwarm: true, harm: 'it makes the daemon a swarm of its own' }),
    ...(since === undefined ? {} : { since }),
    ...(removedIn === undefined ? {} : { removedIn }),
    ...(typeof data.disposable === 'string' ? { harm: data.disposable } : {}),
    ...(data.versions === undefined ? {} : { versions: data.versions }),
    ...(data.reality === undefined ? {} : { reality: data.reality }),
  }
}

/** A case that starts where its operation ends is about its absence. */
function endOfOperation(described: Operation, data: CaseData): ApiVersion | undefined {
  if (described.removedIn === undefined) return undefined
  if (data.since !== undefined && compareVersions(data.since, described.removedIn) >= 0) return undefined
  return described.removedIn
}

function register(requirement: Requirement, timeoutMs: number, body: CaseBody, run: WorkerSettings): void {
  if (phaseOf(requirement) !== run.phase) return
  if (run.trials !== undefined) {
    for (const trial of run.trials[requirement.id] ?? []) registerOnce(requirement, timeoutMs, body, { ...run, version: trial.version }, trial)
    return
  }
  if (!selects(run.selection, requirement)) return
  for (const version of versionsOf(requirement, run.versions, run.quick)) registerOnce(requirement, timeoutMs, body, { ...run, version })
}

function registerOnce(requirement: Requirement, timeoutMs: number, body: CaseBody, run: CaseSettings, trial?: Trial): void {
  const options = { meta: { plimsoll: { requirement } }, timeout: timeoutMs + 60_000, concurrent: runsTogether(run.phase) }
  const tried = trial === undefined ? {} : { trial: trial.id }
  test(`${trial?.id ?? `v${run.version}`} ${requirement.id}: ${requirement.title}`, options, async ({ task, skip, signal }) => {
    const unmet = whyNotRun(requirement, run)
    if (unmet !== undefined) {
      task.meta.plimsoll = { requirement, outcome: outcomeOf(requirement, run.version, unmet, performance.now(), []), ...tried }
      skip(unmet.reason)
    }
    const client = trial === undefined ? undefined : createClient(trial.endpoint, { longestMs: run.answerWithinMs })
    const { judgement, meta } = await runCase({ requirement, timeoutMs, body, run, signal, tried: client })
    await client?.close()
    task.meta.plimsoll = { ...meta, ...tried }
    if (judgement === undefined) return skip('the run was cut short')
    if (judgement.verdict === 'not-applicable') skip(judgement.reason)
    if (judgement.verdict !== 'pass' && judgement.verdict !== 'known') throw new Error(`${judgement.verdict}: ${meta.outcome?.reason ?? ''}`)
  })
}

function whyNotRun(requirement: Requirement, run: CaseSettings): Judgement | undefined {
  for (const need of requirement.needs) {
    const capability = run.capabilities[need]
    if (capability?.present !== true) return { verdict: 'not-applicable', reason: capability?.reason ?? `nothing is known of the capability ${need}` }
  }
  if (requirement.disposable && !run.disposable) {
    return { verdict: 'withheld', reason: `${requirement.harm ?? 'it reaches beyond what this suite made'}; run it with --disposable on a daemon that nobody needs` }
  }
  if (requirement.inSwarm && run.swarmFailure !== undefined) {
    return judge(requirement, run.version, { thrown: new Blocked(`no swarm could be made for it: ${run.swarmFailure}`), transcript: [], documented: requirement.title }, run.known)
  }
  return undefined
}

/** How long clearing up after a case may take once the run is cut short: what is left then, the run itself looks for at its end. */
const hastyClearingMs = 10_000

/** A case at one version, to be run. */
type Running = {
  readonly requirement: Requirement
  readonly timeoutMs: number
  readonly body: CaseBody
  readonly run: CaseSettings
  /** Cuts the case short. */
  readonly signal: AbortSignal
  /** The daemon that the case is held against, where that is not the run's own: what it leaves is removed past it. */
  readonly tried: Client | undefined
}

/** @returns no judgement where the case was cut short */
async function runCase({ requirement, timeoutMs, body, run, signal, tried }: Running): Promise<{ judgement?: Judgement; meta: CaseMeta }> {
  const control = clients ?? createClient(run.endpoint, { longestMs: run.answerWithinMs })
  const client = tried ?? control
  const startedAt = performance.now()
  const transcript: Exchange[] = []
  const open: { close(): void }[] = []
  const shapes = watchShapes(validator, run.version)
  let adopt: Stage['adopt'] = () => {}
  const api = createApi({
    client,
    prefix: run.version,
    recording: { startedAt, record: (exchange) => void transcript.push(exchange) },
    shapes,
    signal,
    onRequest(method, path) {
      if (signal.aborted) throw cutShort()
      guardBystanders(run.bystanders, method, path)
    },
    onOpen(opened) {
      open.push(opened)
      if (signal.aborted) opened.close()
    },
    onAnswer(method, path, answer) {
      const created = createdBy(method, path, answer)
      if (created !== undefined) adopt(created.kind, created.id)
      const exhausted = exhaustedBy(method, path, answer)
      if (exhausted !== undefined) throw new Blocked(exhausted, { exchange: answer.exchange })
    },
  })
  const { stage, strike } = createStage({ api, control, caseId: requirement.id, runId: run.runId, guestImage: run.guestImage })
  adopt = stage.adopt

  let thrown: unknown
  try {
    const fixtures = { api, stage, guest: { image: run.guestImage }, daemon: createDaemon(control, run), bystanders: run.bystanders }
    await withDeadline(Promise.race([body(fixtures), rejectsOn(signal)]), timeoutMs, 'the case did not come to its end', () => open.forEach((opened) => opened.close()))
  } catch (error) {
    // A case may throw nothing but errors; anything else is a fault, and undefined would look like a pass.
    thrown = error ?? new TypeError('the case threw undefined')
  } finally {
    for (const opened of open) opened.close()
  }
  const endedAt = performance.now()
  if (await wasGone(thrown, client)) thrown = new Blocked(`the daemon went away: ${thrown instanceof Error ? thrown.message : ''}`, { exchange: thrown instanceof WireError ? thrown.exchange : undefined, cause: thrown })
  // A case that had come to its end before has its verdict.
  const cut = thrown !== undefined && signal.aborted
  const leftovers = await Promise.race([strike(), hastyEnd(signal)])
  if (cut) return { meta: { requirement, leftovers } }

  const judgement = judge(requirement, run.version, { thrown, transcript, documented: requirement.title }, run.known)
  const outcome = outcomeOf(requirement, run.version, judgement, startedAt, transcript, endedAt)
  const given = run.registry?.user === undefined ? [] : [run.registry.user.password]
  return { judgement, meta: { requirement, ...blankValues({ outcome, shapes: shapes.observations(), leftovers }, given) } }
}

/** How long a daemon has to show that it is still there. */
const signOfLifeMs = 5_000

/**
 * Whether a case ended because there was no daemon any more: it was stopped, or is being started again. One that breaks a connection and
 * answers the next at once did so itself.
 */
async function wasGone(thrown: unknown, client: Client): Promise<boolean> {
  if (thrown instanceof DialError) return true
  if (!(thrown instanceof WireError) || thrown.kind !== 'connection') return false
  try {
    await client.request('GET', '/_ping', { timeoutMs: signOfLifeMs })
    return false
  } catch (error) {
    return error instanceof DialError
  }
}

function cutShort(): WireError {
  return new WireError('aborted', 'the run was cut short')
}

function rejectsOn(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  const cut = () => reject(cutShort())
  if (signal.aborted) cut()
  else signal.addEventListener('abort', cut, { once: true })
  return promise
}

/** Resolves some time after the run was cut short. */
function hastyEnd(signal: AbortSignal): Promise<string[]> {
  const { promise, resolve } = Promise.withResolvers<string[]>()
  const begin = () => void setTimeout(resolve, hastyClearingMs, []).unref()
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  return promise
}

function outcomeOf(
  requirement: Requirement,
  version: ApiVersion,
  judgement: Judgement,
  startedAt: number,
  transcript: readonly Exchange[],
  endedAt = startedAt,
): Outcome {
  return {
    id: requirement.id,
    version,
    ...judgement,
    startedAt: Math.round(performance.timeOrigin + startedAt),
    durationMs: Math.round(endedAt - startedAt),
    waitedMs: waitedMs(transcript),
    transcript: trimTranscript(transcript, judgement.verdict),
  }
}
