#!/usr/bin/env node
import { Command } from 'commander'
import { wholeNumberArgument } from '../harness/cli/run-options.ts'
import { attacks } from './hostile/attacks.ts'
import { withstand, type Stood } from './hostile/campaign.ts'

/*
 * `npm run hostile`: a daemon attacks a whole run in each way there is, at each place. Exits with 1 where the suite does not stand it.
 */

type Options = { readonly match: string; readonly every: number; readonly workers: number }

const command = new Command('hostile')
  .description('let a hostile daemon attack whole runs: each must end in a verdict or a named error, in bounded time and memory')
  .option('--match <text>', 'only attacks whose name holds this', '')
  .option('--every <n>', 'only every nth of them', wholeNumberArgument(1), 1)
  .option('--workers <n>', 'attacks at a time, each on a process of its own', wholeNumberArgument(1), 2)
  .action(async ({ match, every, workers }: Options) => {
    const chosen = attacks().filter(({ name }) => name.includes(match)).filter((_, index) => index % every === 0)
    const stood = await withstand({ attacks: chosen, only: ['ping-*', 'version-*', 'info-*', 'container-list-*', 'container-archive-*', 'container-export-*'], answerWithin: 1, withinMs: 300_000, atOnce: workers, onStood: tell })
    const failed = stood.filter(({ wrong }) => wrong.length > 0).length
    console.log(`${stood.length} of ${chosen.length} attacks tried, ${failed} not stood`)
    process.exitCode = failed > 0 || stood.length < chosen.length ? 1 : 0
  })

await command.parseAsync()

function tell({ attack, ended, ms, peakBytes, wrong }: Stood): void {
  console.log(`${wrong.length === 0 ? 'ok    ' : 'FAILED'} ${String(ms).padStart(6)} ms ${String(Math.round(peakBytes / 1e6)).padStart(4)} MB  ${attack}: ${ended}`)
  for (const each of wrong) console.log(`       ${each.split('\n').slice(0, 6).join('\n       ')}`)
}
