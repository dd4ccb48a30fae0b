import { Command, Option } from 'commander'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { tabulate } from '../../reports/tally.ts'
import { summarize } from '../../reports/terminal.ts'
import type { Results } from '../../reports/results.ts'
import { writeReports, type WrittenReports } from '../../reports/write.ts'
import { journalPath, openJournal } from '../run/journal.ts'
import { judgeDaemon, type Judged, type SuiteRecord } from '../run/judge.ts'
import { readCatalogue, type Catalogued } from '../case/runner.ts'
import type { Selection } from '../case/settings.ts'
import { newRunId } from '../case/run-id.ts'
import { startDaemon, type StartedDaemon } from '../daemon/start.ts'
import { namedRegistry, passwordVariable, userVariable } from '../daemon/named-registry.ts'
import { resolveTarget, type Target } from '../daemon/target.ts'
import { documentedVersions, type ApiVersion } from '../versions.ts'
import { WireError } from '../wire/errors.ts'
import { printable } from '../wire/sanitize.ts'
import { holdCommands, tellGithub } from './github.ts'
import { readJudged } from './daemons-judged.ts'
import { CouldNotRun, exitCodeOf, exitCodes } from './exit.ts'
import { interruptible } from './interruptible.ts'
import { createProgress } from './progress.ts'
import { readProved } from './proved.ts'
import { knownFailingsFor, secondsArgument, versionsArgument, workersArgument } from './run-options.ts'
import { addSelectionOptions, selectionOf, type SelectionOptions } from './selection-options.ts'
import { addTargetOptions, targetRequest, type TargetOptions } from './target-options.ts'

/** The options of a run, as commander gives them. */
export type RunOptions = TargetOptions &
  SelectionOptions & {
    readonly api: ApiVersion[]
    readonly disposable?: true
    readonly really?: true
    readonly knownFailing?: string
    readonly guest?: string
    readonly registry?: string
    readonly answerWithin?: number
    readonly out: string
    readonly bail?: true
    readonly workers: number
    readonly quick?: true
    readonly start?: string
  }

/** `plimsoll run`: judges a daemon and leaves a report. */
export function runCommand(suiteVersion: string): Command {
  return addSelectionOptions(addJudgingOptions(new Command('run')))
    .description('judge a daemon: run every case at every version that it offers, and leave a report')
    .addOption(new Option('--api <versions>', 'API versions: 1.24,1.25 or 1.20..1.25 or all').argParser(versionsArgument).default([...documentedVersions], 'all'))
    .option('--bail', 'stop at the first failure')
    .option('--quick', 'each case at its first and its last version only')
    .action(async (options: RunOptions) => {
      process.exitCode = (await run(options, suiteVersion)).exitCode
    })
}

/** Adds the options that say which daemon is judged, and how, to a command; none of them keeps a part of the suite out. */
export function addJudgingOptions(command: Command): Command {
  return addCommonOptions(addTargetOptions(command).option('--start <image>', 'start the daemon to be judged in a container of this image, such as docker:dind, and remove it afterwards'))
    .option('--known-failing <file>', 'list of known failings ("none" for no list; else the one that comes with the suite for this daemon)')
    .option('--out <dir>', 'folder for the report', 'plimsoll-report')
}

/** Adds the options that say how a daemon is judged, whichever it is. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--disposable', 'also run what reaches beyond what the suite makes (prune, daemon-wide state): for daemons that nobody needs')
    .option('--really', 'with --disposable: also where the daemon holds what this suite did not make')
    .option('--guest <image>', 'an image on the daemon that holds the guest program, instead of loading it')
    .option('--registry <host:port>', `a registry that the daemon reaches, for cases that push to a real one (its user: ${userVariable}, ${passwordVariable})`)
    .option('--answer-within <seconds>', 'the most that any answer of the daemon may take (each request has its own limit otherwise, 30 seconds mostly)', secondsArgument)
    .option('--workers <n>', 'worker threads', workersArgument, Math.max(2, Math.min(4, availableParallelism())))
}

/** How a run ended; `left` is what it left, and absent where it was interrupted before anything was judged. */
export type Ended = { readonly exitCode: number; readonly left?: { readonly results: Results; readonly written: WrittenReports } }

/**
 * Judges a daemon, writes the report, and says all of that on the terminal.
 * @throws what `report` in plimsoll.ts tells people of, where nothing can be judged
 */
export async function run(options: RunOptions, suiteVersion: string): Promise<Ended> {
  if (options.start !== undefined && (options.host !== undefined || options.context !== undefined)) {
    throw new CouldNotRun('--start judges a daemon of its own: leave --host and --context out (DOCKER_HOST says where it is started)')
  }
  const stop = interruptible()
  try {
    if (options.start !== undefined) return await judgeImage(options.start, options, await prepare(options, suiteVersion), stop.signal)
    // The target first: a folder for the report is made only where there is something to judge.
    return await judgeTarget(resolveTarget(targetRequest(options, process.env)), options, await prepare(options, suiteVersion), stop.signal)
  } finally {
    stop.done()
  }
}

/**
 * Judges a daemon that it starts in a container of an image, and removes that, however it ended.
 * @throws TargetError where it can't be started or removed; the rest is as for `run`
 */
export async function judgeImage(image: string, options: HowOptions, prepared: Prepared, signal: AbortSignal): Promise<Ended> {
  console.log(`starting ${printable(image, 200)}; no other image is needed: should this process be killed, "plimsoll clean" removes the container`)
  let started: StartedDaemon
  try {
    started = await startDaemon(image, { runId: newRunId(), signal })
  } catch (error) {
    if (!signal.aborted) throw error
    process.stderr.write('interrupted before the first case\n')
    return { exitCode: exitCodes.interrupted }
  }
  try {
    return await judgeTarget(started.target, options, prepared, signal)
  } finally {
    await started.stop()
  }
}

/** Of a run's options, those that say how a daemon is judged. */
export type HowOptions = Omit<RunOptions, keyof TargetOptions | 'start' | 'out'>

/** What a run needs beside its daemon. */
export type Prepared = { readonly catalogue: readonly Catalogued[]; readonly selection: Selection; readonly out: string; readonly suiteVersion: string; readonly record: SuiteRecord }

/** Reads the catalogue, and makes the folder for the report. @throws CouldNotRun where the selection selects nothing, or nothing can be written there */
export async function prepare(options: SelectionOptions & { readonly out: string }, suiteVersion: string): Promise<Prepared> {
  const out = makeFolder(options.out)
  const catalogue = await readCatalogue()
  return { catalogue, selection: selectionOf(options, catalogue), out, suiteVersion, record: { proved: readProved(), daemons: readJudged() } }
}

async function judgeTarget(target: Target, options: HowOptions, { catalogue, selection, out, suiteVersion, record }: Prepared, signal: AbortSignal): Promise<Ended> {
  // Not let pass again where nothing comes of it: what is told then may be a daemon's words too.
  const letCommandsPass = holdCommands(process.env)
  let progress: ReturnType<typeof createProgress> | undefined
  let judged: Judged
  const journal = openJournal(out, (message) => console.error(`plimsoll: ${message}`))
  try {
    judged = await judgeDaemon({
      target,
      catalogue,
      selection,
      selectedShapes: options.only?.filter((pattern) => pattern.endsWith('-shape')) ?? [],
      versions: options.api,
      disposable: options.disposable ?? false,
      really: options.really ?? false,
      quick: options.quick ?? false,
      bail: options.bail ?? false,
      workers: options.workers,
      guest: options.guest,
      registry: options.registry === undefined ? undefined : namedRegistry(options.registry, process.env),
      ...(options.answerWithin !== undefined && { answerWithinMs: options.answerWithin * 1000 }),
      signal,
      suiteVersion,
      record,
      arguments: process.argv.slice(2),
      knownFailings: (product, version) => knownFailingsFor(options.knownFailing, product, version, catalogue),
      onReady: (begun) => journal.begin(begun),
      onMeta: (meta) => journal.add(meta),
      onPlan(planned) {
        progress = createProgress(planned, process.stdout)
      },
      onSay: (line) => (progress === undefined ? console.log(line) : progress.say(line)),
      onCase: (requirement, outcome) => progress?.caseEnded(requirement, outcome),
    })
  } catch (error) {
    if (!signal.aborted) throw error
    // Interrupted while it was being prepared: whatever broke then, nothing was judged and there is nothing to report.
    const expected = error === signal.reason || (error instanceof WireError && error.kind === 'aborted')
    process.stderr.write(`interrupted before the first case${expected ? '' : `: ${printable(error instanceof Error ? error.message : String(error))}`}\n`)
    return { exitCode: exitCodes.interrupted }
  } finally {
    journal.close()
    progress?.finish()
  }

  const { results, faults, leftovers } = judged
  console.log(summarize(results, tabulate(results.requirements, results.outcomes, results.versions.run), process.stdout))
  for (const problem of leftovers) console.error(`left on the daemon: ${problem}`)
  for (const fault of faults) console.error(`the harness itself failed in ${fault.where}:\n${fault.message}`)
  const written = writeOrSay(results, out)
  journal.remove()
  console.log(`\nreport: ${written.index}`)
  letCommandsPass()
  tellGithub(results, process.env)
  return { exitCode: exitCodeOf({ verdict: results.verdict, faults: faults.length + results.counts.fault, interrupted: results.run.interrupted && signal.aborted }), left: { results, written } }
}

/** Writes the report. What was found has been said on the terminal before, and lies in the journal. @throws CouldNotRun */
function writeOrSay(results: Results, out: string): WrittenReports {
  try {
    return writeReports(results, out)
  } catch (error) {
    // What the system refuses has a code; anything else is a fault of ours.
    if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) throw error
    throw new CouldNotRun(
      `--out: the report can't be written to ${out}: ${error.message}. Make room there; "plimsoll report ${out}" then makes it of what ${journalPath(out)} has kept`,
      { cause: error },
    )
  }
}

/** The folder of the report. It is made before anything runs: what a run found must not be lost for want of a place. */
export function makeFolder(named: string): string {
  const path = resolve(named)
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK)
  } catch (error) {
    throw new CouldNotRun(`--out: no report can be written to ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return path
}
