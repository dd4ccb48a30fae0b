import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Notice, ProvedFault } from '../../reports/proof.ts'
import type { CaseMeta } from '../case/conformance.ts'
import type { Requirement } from '../case/outcome.ts'
import type { Trial } from '../case/settings.ts'
import { shapeOutcomes } from '../case/shape-outcomes.ts'
import { mutationOf } from '../faults/asked.ts'
import type { Fault } from '../faults/fault.ts'
import { startWrongDaemon, type WrongDaemon } from '../faults/proxy.ts'
import { loadCatalogue } from '../schema/load.ts'
import { compareVersions, type ApiVersion } from '../versions.ts'
import { printable } from '../wire/sanitize.ts'
import { violationsOf, type Baseline, type BaselineCase } from './baseline.ts'
import { tryAll, type Trying } from './trials.ts'

/** Where the suite itself broke: a defect of ours, whatever the daemon does. */
export type Broken = { readonly fault: string; readonly case: string; readonly version: ApiVersion; readonly reason: string }

/** What faults are tried with. */
export type Proving = Trying & {
  readonly baseline: Baseline
  readonly faults: readonly Fault[]
  /** Cases that are known to notice a fault, to be tried first. */
  readonly hints: ReadonlyMap<string, { readonly case: string; readonly version: ApiVersion }>
  readonly onFault: (proved: ProvedFault) => void
  readonly onBroken: (broken: Broken) => void
}

/** How many cases of other operations than the wrong one are tried. */
const foreignLimit = 12
/** How many more cases a fault gets in each round, until one notices it. */
const rounds = [1, 2, 5, 12, Infinity]
/** Faults that are tried in one go: each round of them starts the workers once. */
const batchSize = 300

type Candidate = { readonly case: BaselineCase; readonly requirement: Requirement }
type Open = { readonly fault: Fault; readonly candidates: Candidate[]; tried: number; blocked: number; altered: string[]; noticed?: Notice }

/**
 * Makes the daemon wrong in one way after the other, and sends the cases through that could notice.
 * @returns every fault with what came of it
 */
export async function proveFaults(run: Proving): Promise<ProvedFault[]> {
  const proved: ProvedFault[] = []
  const positions = new Map(run.baseline.faults.map((id, index) => [id, index]))
  const exercising = new Map<number, BaselineCase[]>()
  for (const each of run.baseline.cases) {
    if (each.verdict !== 'pass') continue
    for (const index of each.faults) exercising.set(index, [...(exercising.get(index) ?? []), each])
  }
  const requirements = new Map(run.catalogue.map(({ requirement }) => [requirement.id, requirement]))
  const end = (open: Open) => {
    const { fault, tried, blocked, altered, noticed } = open
    const { id, kind, operation, area, sentence, versions } = fault
    const result = noticed !== undefined ? 'noticed' : altered.length > 0 ? 'survived' : 'not-exercised'
    const done: ProvedFault = { id, kind, operation, area, sentence, versions, result, ...(noticed && { noticed }), tried, blocked, altered: altered.slice(0, 5) }
    proved.push(done)
    run.onFault(done)
  }
  for (let begin = 0; begin < run.faults.length; begin += batchSize) {
    let open = run.faults.slice(begin, begin + batchSize).map((fault): Open => ({
      fault,
      candidates: candidatesOf(fault, exercising.get(positions.get(fault.id) ?? -1) ?? [], requirements, run.hints.get(fault.id)),
      tried: 0,
      blocked: 0,
      altered: [],
    }))
    for (const size of rounds) {
      if (run.signal.aborted) break
      const tries = open.map((each) => ({ open: each, candidates: each.candidates.splice(0, size) }))
      run.onSay(`  ${open.length} of ${run.faults.length} faults, ${tries.reduce((sum, { candidates }) => sum + candidates.length, 0)} cases`)
      await tryRound(run, tries)
      open = open.filter((each) => {
        const over = isDecided(each, run.signal.aborted)
        if (over) end(each)
        return !over
      })
      if (open.length === 0) break
    }
    if (run.signal.aborted) break
  }
  return proved
}

/** Whether more tries could change what is known of a fault. Cut short, a round has not tried all that it took. */
export function isDecided({ noticed, candidates }: { readonly noticed?: unknown; readonly candidates: readonly unknown[] }, cutShort: boolean): boolean {
  return noticed !== undefined || (candidates.length === 0 && !cutShort)
}

/** The cases that could notice a fault, the most likely first: those of its operation, those named after it, those that are quick. */
function candidatesOf(fault: Fault, all: readonly BaselineCase[], requirements: ReadonlyMap<string, Requirement>, hint: { case: string; version: ApiVersion } | undefined): Candidate[] {
  const firsts = [...Map.groupBy(all, ({ id }) => id).values()].flatMap((versions) => {
    const hinted = versions.find((each) => each.id === hint?.case && each.version === hint.version)
    const first = hinted ?? versions.toSorted((one, other) => compareVersions(one.version, other.version))[0]
    const requirement = first && requirements.get(first.id)
    return first === undefined || requirement === undefined ? [] : [{ case: first, requirement }]
  })
  const rank = ({ case: { id, durationMs }, requirement }: Candidate): number => {
    const words = fault.words.map((word) => wordIn(id, word)).reduce((sum, points) => sum + points, 0)
    return (id === hint?.case ? -1e9 : 0) + (requirement.operation === fault.operation ? 0 : 1e7) - words * 1e5 + durationMs
  }
  const sorted = firsts.toSorted((one, other) => rank(one) - rank(other))
  const own = sorted.filter(({ requirement }) => requirement.operation === fault.operation)
  const foreign = sorted.filter(({ requirement }) => requirement.operation !== fault.operation)
  return [...own, ...foreign.slice(0, foreignLimit)]
}

/** How well a case's id names a word: as one of its own words, or as a part of it. */
function wordIn(id: string, word: string): number {
  const wanted = word.toLowerCase()
  if (id.split('-').includes(wanted)) return 2
  return id.replaceAll('-', '').includes(wanted.replaceAll('-', '')) ? 1 : 0
}

async function tryRound(run: Proving, tries: readonly { readonly open: Open; readonly candidates: readonly Candidate[] }[]): Promise<void> {
  const { operations } = loadCatalogue()
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-prove-'))
  const trials: Record<string, Trial[]> = {}
  const daemons = new Map<string, { daemon: WrongDaemon; open: Open; candidate: Candidate }>()
  const closing: Promise<void>[] = []
  try {
    for (const { open, candidates } of tries) {
      for (const candidate of candidates) {
        const id = `${daemons.size}`
        const daemon = await startWrongDaemon(run.ready.settings.endpoint, join(folder, `${id}.sock`), mutationOf(open.fault, operations))
        daemons.set(id, { daemon, open, candidate })
        ;(trials[candidate.case.id] ??= []).push({ id, version: candidate.case.version, endpoint: daemon.endpoint })
      }
    }
    const broken = await tryAll(run, trials, (meta) => {
      const tried = daemons.get(meta.trial ?? '')
      if (tried === undefined) return
      closing.push(tried.daemon.close())
      judgeTrial(run, tried, meta)
    })
    for (const { where, message } of broken) run.onBroken({ fault: '', case: where, version: run.versions[0], reason: message })
  } finally {
    await Promise.all([...closing, ...[...daemons.values()].map(({ daemon }) => daemon.close())])
    rmSync(folder, { recursive: true, force: true })
  }
}

function judgeTrial(run: Proving, { daemon, open, candidate }: { daemon: WrongDaemon; open: Open; candidate: Candidate }, meta: CaseMeta): void {
  const { fault } = open
  const { outcome } = meta
  if (outcome === undefined) return
  const { version } = outcome
  open.tried += 1
  for (const problem of daemon.problems) run.onBroken({ fault: fault.id, case: outcome.id, version, reason: `the proxy: ${problem}` })
  if (outcome.verdict === 'fault') run.onBroken({ fault: fault.id, case: outcome.id, version, reason: outcome.reason ?? '' })
  // A failure of a case that the fault did not reach says nothing of the fault.
  if (daemon.altered.length === 0) return
  open.altered = [...new Set([...open.altered, ...daemon.altered])]
  if (outcome.verdict === 'blocked') open.blocked += 1

  const shapes = wrongShapes(run, candidate.case, meta)
  const charged = [...(outcome.verdict === 'fail' ? [meta.requirement.operation] : []), ...shapes.map(({ requirement }) => requirement.operation)]
  if (charged.length === 0) return
  const rightly = charged.includes(fault.operation)
  if (open.noticed !== undefined && (open.noticed.rightly || !rightly)) return
  const difference = outcome.verdict === 'fail' ? (outcome.failure?.difference ?? outcome.reason ?? '') : (shapes[0]?.outcome.reason ?? '')
  open.noticed = { case: outcome.id, version, through: outcome.verdict === 'fail' ? 'case' : 'shape', charged: [...new Set(charged)], rightly, difference: printable(difference.split('\n', 1)[0] ?? '', 300) }
}

/** The shapes that are violated on the wrong daemon and not on the healthy one. */
function wrongShapes(run: Proving, healthy: BaselineCase, meta: CaseMeta) {
  if (meta.outcome === undefined) return []
  const { version } = meta.outcome
  const before = new Set(healthy.violations)
  const added = (meta.shapes ?? []).map((shape) => ({ ...shape, version, violations: shape.violations.filter((violation) => violationsOf({ ...meta, shapes: [{ ...shape, violations: [violation] }] }).some((text) => !before.has(text))) }))
  return shapeOutcomes(loadCatalogue().operations, added.filter(({ violations }) => violations.length > 0), run.ready.settings.known).filter(({ outcome }) => outcome.verdict === 'fail')
}
