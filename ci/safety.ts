#!/usr/bin/env node
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { wholeNumberArgument } from '../harness/cli/run-options.ts'
import { createClient } from '../harness/wire/http.ts'
import { keepForeignObjects } from './safety/foreign-objects.ts'
import { interruptRuns } from './safety/rounds.ts'

/*
 * `npm run safety -- --host unix:///… --rounds 50`: fills a private daemon with what somebody could keep there, interrupts runs at random
 * moments, and compares everything that the daemon lists. Exits with 1 where anything is not as it was.
 */

type Options = { readonly host: string; readonly rounds: number; readonly seed: number; readonly only?: string; readonly filled?: true }

const command = new Command('safety')
  .description('interrupt runs at random moments on a daemon that holds what others need, and compare it with what it was')
  .requiredOption('--host <unix://path>', 'a private daemon')
  .option('--rounds <n>', 'runs', wholeNumberArgument(0), 50)
  .option('--seed <n>', 'the same seed interrupts at the same moments', wholeNumberArgument(0), Math.floor(Math.random() * 2 ** 31))
  .option('--only <ids>', 'cases that run; all otherwise')
  .option('--filled', 'the daemon holds what it is to hold already')
  .action(async ({ host, rounds, seed, only, filled }: Options) => {
    console.log(`seed ${seed}`)
    const client = createClient({ kind: 'socket', path: host.replace(/^unix:\/\//, '') })
    const out = mkdtempSync(join(tmpdir(), 'plimsoll-safety-'))
    try {
      if (filled !== true) await keepForeignObjects(client)
      const all = await interruptRuns({
        host, client, rounds, seed, out, withinMs: 60_000, options: only === undefined ? [] : ['--only', only],
        onRound({ number, signal, afterMs, wrong }) {
          console.log(`${wrong.length === 0 ? 'ok    ' : 'FAILED'} round ${number}: ${signal} after ${afterMs} ms`)
          for (const line of wrong) console.log(`       ${line}`)
        },
      })
      process.exitCode = all.some(({ wrong }) => wrong.length > 0) ? 1 : 0
    } finally {
      rmSync(out, { recursive: true, force: true })
      await client.close()
    }
  })

await command.parseAsync()
