import { Command } from 'commander'
import { dirname } from 'node:path'
import { mergeResults } from '../../reports/merge.ts'
import { readResults } from '../../reports/read-results.ts'
import { tabulate } from '../../reports/tally.ts'
import { summarize } from '../../reports/terminal.ts'
import { writeReports } from '../../reports/write.ts'
import { exitCodeOf } from './exit.ts'
import { holdCommands, tellGithub } from './github.ts'

/** `plimsoll report`: a report made again from its results, or one report of several jobs. */
export function reportCommand(): Command {
  return new Command('report')
    .description('make a report again from its results; of several, made version by version, make one')
    .argument('<results...>', 'results.json, or the folder that it is in')
    .option('--out <dir>', 'folder for the report (else where the first results are)')
    .action((paths: string[], { out }: { out?: string }) => {
      process.exitCode = report(paths, out)
    })
}

function report(paths: readonly string[], out: string | undefined): number {
  const read = paths.map((path) => readResults(path))
  const results = mergeResults(read.map((one) => one.results))
  const letCommandsPass = holdCommands(process.env)
  const written = writeReports(results, out ?? dirname(read[0]?.path ?? '.'))
  console.log(summarize(results, tabulate(results.requirements, results.outcomes, results.versions.run), process.stdout))
  console.log(`\nreport: ${written.index}`)
  letCommandsPass()
  tellGithub(results, process.env)
  return exitCodeOf({ verdict: results.verdict, faults: results.counts.fault, interrupted: false })
}
