#!/usr/bin/env node
import { Argument, Command, CommanderError } from 'commander'
import { CouldNotRun } from '../harness/cli/exit.ts'
import { addTargetOptions, targetRequest, type TargetOptions } from '../harness/cli/target-options.ts'
import { resolveTarget, TargetError } from '../harness/daemon/target.ts'
import { GuestError } from '../harness/guest/load.ts'
import { DialError } from '../harness/wire/dial.ts'
import { WireError } from '../harness/wire/errors.ts'
import { printable } from '../harness/wire/sanitize.ts'
import { benchArchive } from './bench/archive.ts'
import { benchDecoder } from './bench/decoder.ts'
import { benchPage } from './bench/page.ts'
import { benchRun, readResultsFile } from './bench/run.ts'
import type { Section } from './bench/section.ts'
import { judgeDaemon } from './judge-daemon.ts'
import type { Results } from '../reports/results.ts'

/*
 * `npm run bench`: how fast the harness is. Sections:
 *   decoder  a multiplexed stream of 1 GiB through our decoder and through docker-modem's; at least 1 GB/s, and not slower than the other
 *   archive  GET archive of a file of 512 MiB, read strictly by us and thrown away by curl; at least 0.8 of curl, in flat memory
 *   page     the first paint of that run's page in Chromium; at most 100 ms
 *   run      what the time of a run is made of: the last report's, or that of a run against --host
 * Exits with 1 where a target is missed, with 2 where something could not be measured.
 */

const sections = ['decoder', 'archive', 'page', 'run'] as const
type SectionName = (typeof sections)[number]
type Options = TargetOptions & { readonly results?: string }

const command = addTargetOptions(new Command('bench'))
  .description('measure the decoder, the reading of archives, the first paint of a page, and what the time of a run is made of')
  .addArgument(new Argument('[sections...]', 'what to measure').choices(sections).default([...sections], 'all'))
  .option('--results <file>', 'results.json of the run to look at (else plimsoll-report/results.json; or, with --host, a new run)')
  .exitOverride()
  .showHelpAfterError('(--help says what is possible)')
  .action(async (names: readonly SectionName[], options: Options) => {
    for (const name of names) {
      console.log(`\n${name}`)
      const { lines, missed } = await measure(name, options)
      for (const line of lines) console.log(`  ${line}`)
      for (const miss of missed) console.log(`  MISSED: ${miss}`)
      if (missed.length > 0) process.exitCode = 1
    }
  })

try {
  await command.parseAsync()
} catch (error) {
  const expected = [CouldNotRun, TargetError, GuestError, DialError, WireError].some((kind) => error instanceof kind)
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (expected) {
    console.error(`bench: ${printable((error as Error).message, 2000)}`)
    process.exitCode = 2
  } else throw error
}

async function measure(name: SectionName, options: Options): Promise<Section> {
  switch (name) {
    case 'decoder': return benchDecoder()
    case 'archive': return benchArchive(resolveTarget(targetRequest(options, process.env)).endpoint)
    case 'page': return benchPage(await resultsOf(options))
    case 'run': return benchRun(await resultsOf(options))
  }
}

async function resultsOf({ results, host }: Options): Promise<Results> {
  return results === undefined && host !== undefined ? (await judgeDaemon(host, undefined)).results : readResultsFile(results ?? 'plimsoll-report/results.json')
}
