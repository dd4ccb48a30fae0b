#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { CouldNotRun, exitCodes } from '../harness/cli/exit.ts'
import { interruptible } from '../harness/cli/interruptible.ts'
import { printable } from '../harness/wire/sanitize.ts'
import { NoResults } from '../reports/read-results.ts'
import { loadCores, slowDisk } from './flake/pressure.ts'
import { printChanged, roundLine } from './flake/print.ts'
import { keepReports, roundFolder, runRounds, type Round } from './flake/rounds.ts'
import { changedVerdicts, oddRounds } from './flake/verdicts.ts'

/*
 * `npm run flake -- --times 10 --host unix:///…`: runs the suite again and again, on a busy machine if that is asked for, and tells every
 * verdict that was not the same each time.
 */

type Options = { readonly times: number; readonly load?: true; readonly slowIo?: string | true; readonly json?: true; readonly out: string }

const command: Command = new Command('flake')
  .description('run the suite again and again, and tell every verdict that changes between the runs')
  .usage('[options] [options of plimsoll run]')
  .option('--times <n>', 'runs, two or more', timesArgument, 10)
  .option('--load', 'keep every core busy beside the runs: a thread that spins for each')
  .option('--slow-io [folder]', `keep a disk busy beside the runs: writes and fsyncs in this folder (else ${tmpdir()}), which should be on the disk of the daemon`)
  .option('--out <dir>', 'folder for the reports of rounds in which a verdict was odd, each in a folder of its own', 'plimsoll-flake')
  .option('--json', 'print what was found as JSON')
  .allowUnknownOption()
  .allowExcessArguments()
  .addHelpText('after', `
Every option of "plimsoll run" may follow and is handed on: --host, --api, --area, --only, --disposable, --known-failing, …
How the rounds get on is told on stderr.

Exit codes:
  0    no verdict changed
  1    some did
  2    could not run
  130  interrupted; what had changed by then is told

Examples:
  npm run flake -- --times 10 --host unix:///run/private/docker.sock --disposable
  npm run flake -- --load --slow-io /var/lib/docker --area containers --api 1.25
  npm run -s flake -- --only 'container-attach-*' --times 50 --json | jq -r '.changed[].id'`)
  .exitOverride()
  .showHelpAfterError('(--help says what is possible)')
  .action(async (options: Options) => {
    process.exitCode = await flake(options, command.args)
  })

try {
  await command.parseAsync()
} catch (error) {
  const expected = error instanceof CouldNotRun || error instanceof NoResults
  if (!(error instanceof CommanderError)) console.error(`flake: ${error instanceof Error ? (expected ? error.message : error.stack) : String(error)}`)
  process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : exitCodes.couldNotRun) : expected ? exitCodes.couldNotRun : exitCodes.fault
}

async function flake({ times, load, slowIo, json, out }: Options, passed: readonly string[]): Promise<number> {
  const folder = resolve(out)
  const stop = interruptible()
  const ended: Round[] = []
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  const pressures = [...(slowIo === undefined ? [] : [slowDisk(slowIo === true ? tmpdir() : resolve(slowIo))]), ...(load === true ? [loadCores()] : [])]
  try {
    for (const { what } of pressures) say(what)
    await runRounds({
      times, options: passed, out: folder, signal: stop.signal,
      onRound(round, all) {
        ended.push(round)
        say(roundLine(round, all, times))
      },
    })
  } finally {
    // Also where a round could not be run: the others had been, and may have differed.
    tell(ended, folder, json === true)
    const came = await Promise.allSettled(pressures.map((pressure) => pressure.stop()))
    stop.done()
    for (const each of came) if (each.status === 'fulfilled') say(each.value)
    const broken = came.find((each) => each.status === 'rejected')
    if (broken !== undefined) say(`flake: the machine was not kept busy to the end: ${printable(broken.reason instanceof Error ? broken.reason.message : String(broken.reason))}`)
  }
  if (stop.signal.aborted) return exitCodes.interrupted
  return changedVerdicts(ended).length === 0 ? 0 : 1
}

/** Says what changed, and leaves the reports of the rounds that are told of. */
function tell(rounds: readonly Round[], folder: string, json: boolean): void {
  const changed = changedVerdicts(rounds)
  const odd = oddRounds(changed)
  keepReports(folder, rounds, odd)
  const told = rounds.map(({ round, exitCode, verdict, durationMs, counts }) => ({ round, exitCode, verdict, durationMs, counts, ...(odd.includes(round) && { report: roundFolder(folder, round) }) }))
  if (rounds.length === 0 && !json) return
  console.log(json ? JSON.stringify({ format: 'plimsoll-flake/1', rounds: told, changed }, null, 2) : printChanged(changed, rounds.length, folder))
}

function timesArgument(text: string): number {
  const times = Number(text)
  if (!Number.isSafeInteger(times) || times < 2) throw new InvalidArgumentError('write a whole number, 2 or more: one run can differ from none')
  return times
}
