import { randomOf } from '../fuzz/random.ts'
import { plimsoll } from '../../harness/cli/spawn.ts'
import { findRemnants } from '../../harness/case/sweep.ts'
import type { Client } from '../../harness/wire/http.ts'
import { differences, takeInventory } from './foreign-objects.ts'

/** One interrupted run: how, and what it left changed. */
export type Round = { readonly number: number; readonly signal: NodeJS.Signals; readonly afterMs: number; readonly wrong: readonly string[] }

/** What rounds need. */
export type Rounds = {
  readonly host: string
  readonly client: Client
  readonly rounds: number
  readonly seed: number
  /** The moment of the interruption lies within so many milliseconds of the run's first word. */
  readonly withinMs: number
  /** A folder for reports. */
  readonly out: string
  readonly options: readonly string[]
  readonly onRound?: (round: Round) => void
}

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGKILL']
/** How often `clean` may have to be called: a daemon goes on with what a process that was killed had asked for. */
const cleanings = 5

/** Interrupts runs at moments that the seed gives, cleans, and compares the daemon with what it was. */
export async function interruptRuns({ host, client, rounds, seed, withinMs, out, options, onRound }: Rounds): Promise<Round[]> {
  const before = await takeInventory(client)
  const all: Round[] = []
  for (let number = 0; number < rounds; number += 1) {
    const random = randomOf(seed, 'safety', number)
    // In turn, so that a few rounds have them all.
    const signal = signals[number % signals.length] ?? 'SIGKILL'
    const afterMs = random.below(withinMs)
    await plimsoll(['run', '--host', host, '--out', out, ...options], {
      onStart: (child) => child.stdout?.once('data', () => setTimeout(() => child.kill(signal), afterMs).unref()),
    })
    const wrong = await cleanUp(host, client)
    wrong.push(...differences(before, await takeInventory(client)))
    const round: Round = { number, signal, afterMs, wrong }
    all.push(round)
    onRound?.(round)
  }
  return all
}

async function cleanUp(host: string, client: Client): Promise<string[]> {
  let said = ''
  for (let turn = 0; turn < cleanings; turn += 1) {
    const { exitCode, stdout, stderr } = await plimsoll(['clean', '--host', host])
    said = stdout + stderr
    if (exitCode === 0 && (await findRemnants(client)).length === 0) return []
  }
  return [`clean leaves something of ours: ${said}`]
}
