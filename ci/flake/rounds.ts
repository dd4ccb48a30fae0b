import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CouldNotRun } from '../../harness/cli/exit.ts'
import { printable } from '../../harness/wire/sanitize.ts'
import { readResults } from '../../reports/read-results.ts'
import type { Results } from '../../reports/results.ts'
import { verdictsOf, type RoundVerdicts } from './verdicts.ts'

/** A run that has ended. */
export type Round = RoundVerdicts & { readonly exitCode: number | null; readonly durationMs: number; readonly verdict: Results['verdict']; readonly counts: Results['counts'] }

/** What rounds need. */
export type Rounds = {
  readonly times: number
  /** Options of `plimsoll run`, as they were given. */
  readonly options: readonly string[]
  /** The folder that the reports of the rounds are made in. */
  readonly out: string
  readonly signal: AbortSignal
  readonly onRound?: (round: Round, all: readonly Round[]) => void
}

/** The folder of a round's report. */
export function roundFolder(out: string, round: number): string {
  return join(out, `round-${round}`)
}

/**
 * Runs the suite several times, one after the other.
 * @returns the rounds that were run to their end: fewer where they were interrupted
 * @throws CouldNotRun where a round left no results
 */
export async function runRounds({ times, options, out, signal, onRound }: Rounds): Promise<Round[]> {
  mkdirSync(out, { recursive: true })
  // An earlier, longer campaign's must not be taken for this one's.
  for (const name of readdirSync(out)) if (/^round-\d+$/.test(name)) rmSync(join(out, name), { recursive: true })
  const all: Round[] = []
  for (let number = 1; number <= times && !signal.aborted; number += 1) {
    const folder = roundFolder(out, number)
    const exitCode = await runOnce(options, folder, signal)
    if (signal.aborted) {
      rmSync(folder, { recursive: true })
      break
    }
    const round = readRound(number, folder, exitCode)
    all.push(round)
    onRound?.(round, all)
  }
  return all
}

/** Removes the reports of rounds of which nothing is told. */
export function keepReports(out: string, rounds: readonly Round[], kept: readonly number[]): void {
  for (const { round } of rounds) if (!kept.includes(round)) rmSync(roundFolder(out, round), { recursive: true, force: true })
}

async function runOnce(options: readonly string[], folder: string, signal: AbortSignal): Promise<number | null> {
  mkdirSync(folder)
  const output = openSync(outputOf(folder), 'w')
  // What ten runs found is no ten annotations.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GITHUB_')))
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../harness/cli/plimsoll.ts', import.meta.url)), 'run', ...options, '--out', folder], {
    env,
    stdio: ['ignore', output, output],
    // In a group of its own: a terminal would send its signal to both, and the run would take ours for the second one.
    detached: true,
  })
  const interrupt = () => void child.kill('SIGINT')
  // Who interrupts twice ends this process at once, and means the run too.
  process.on('exit', interrupt)
  signal.addEventListener('abort', interrupt)
  try {
    return await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  } finally {
    process.off('exit', interrupt)
    signal.removeEventListener('abort', interrupt)
    closeSync(output)
  }
}

function readRound(number: number, folder: string, exitCode: number | null): Round {
  if (!existsSync(join(folder, 'results.json'))) {
    const said = readFileSync(outputOf(folder), 'utf8').trim().split('\n').slice(-12).map((line) => `  ${printable(line, 400)}`)
    throw new CouldNotRun(`round ${number} left no results (${exitCode === null ? 'a signal ended it' : `exit code ${exitCode}`}):\n${said.join('\n')}`)
  }
  const { results } = readResults(folder)
  return { round: number, verdicts: verdictsOf(results), exitCode, durationMs: results.run.durationMs, verdict: results.verdict, counts: results.counts }
}

/** What a run said on its terminal. */
function outputOf(folder: string): string {
  return join(folder, 'output.txt')
}
