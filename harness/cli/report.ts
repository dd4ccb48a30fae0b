import { Command } from 'commander'
import { rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { mergeResults } from '../../reports/merge.ts'
import { readResults } from '../../reports/read-results.ts'
import type { Results } from '../../reports/results.ts'
import { tabulate } from '../../reports/tally.ts'
import { summarize } from '../../reports/terminal.ts'
import { writeReports } from '../../reports/write.ts'
import { journalPath, readJournal } from '../run/journal.ts'
import { exitCodeOf } from './exit.ts'
import { holdCommands, tellGithub } from './github.ts'

/** `plimsoll report`: a report made again from its results, or one report of several jobs. */
export function reportCommand(): Command {
  return new Command('report')
    .description('make a report again from its results, or from what a killed run had come to; of several, made version by version, make one')
    .argument('<results...>', 'results.json, or the folder that it is in')
    .option('--out <dir>', 'folder for the report (else where the first results are)')
    .action((paths: string[], { out }: { out?: string }) => {
      process.exitCode = report(paths, out)
    })
}

function report(paths: readonly string[], out: string | undefined): number {
  const read = paths.map((path): KilledOrWhole => readKilled(path) ?? readResults(path))
  const results = mergeResults(read.map((one) => one.results))
  const letCommandsPass = holdCommands(process.env)
  const written = writeReports(results, out ?? dirname(read[0]?.path ?? '.'))
  console.log(summarize(results, tabulate(results.requirements, results.outcomes, results.versions.run), process.stdout))
  console.log(`\nreport: ${written.index}`)
  // What is whole now need not be read from the journal again.
  for (const { path, killed } of read) if (killed === true && dirname(path) === dirname(written.results)) rmSync(journalPath(dirname(path)), { force: true })
  letCommandsPass()
  tellGithub(results, process.env)
  return exitCodeOf({ verdict: results.verdict, faults: results.counts.fault, interrupted: false })
}

type KilledOrWhole = { readonly path: string; readonly results: Results; readonly killed?: boolean }

/** What a killed run has left in this folder: a journal is there only while its results are nowhere else. */
function readKilled(path: string): KilledOrWhole | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined
  const results = readJournal(path)
  return results && { path: join(path, 'results.json'), results, killed: true }
}
