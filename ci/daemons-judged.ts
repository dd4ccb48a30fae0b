import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { daemonsJudged, judgedColumns, readJudged } from '../harness/cli/daemons-judged.ts'
import { exitCodes } from '../harness/cli/exit.ts'
import { describeRange } from '../harness/versions.ts'
import { NoResults, readResults } from '../reports/read-results.ts'
import type { JudgedDaemon, Results } from '../reports/results.ts'
import { verdicts } from '../reports/tally.ts'

/** The line of one run. @throws NoResults where it was cut short, or left out more than versions */
export function judgedDaemon({ run, daemon, versions, verdict, counts }: Results, path: string): JudgedDaemon {
  const narrowed = run.narrowed?.filter((option) => !option.startsWith('--api ')) ?? []
  if (run.interrupted) throw new NoResults(`${path} is of a run that was cut short`)
  if (narrowed.length > 0) throw new NoResults(`${path} is of a run that left a part of the suite out: ${narrowed.join(', ')}`)
  return {
    daemon: `${daemon.product} ${daemon.version.replace(/\+.*$/, '')}`,
    versions: describeRange(versions.run),
    judged: run.startedAt.slice(0, 10),
    verdict,
    counts,
  }
}

function format(all: readonly JudgedDaemon[]): string {
  const lines = all.map(({ daemon, versions, judged, verdict, counts }) => [daemon, versions, judged, verdict, ...verdicts.map((name) => counts[name])].join('\t'))
  return `# What whole runs found on each daemon of ci/daemons, by the lists of known failings. Written by ci/daemons-judged.ts: ${judgedColumns.join(', ')}\n${lines.join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const command = new Command('daemons-judged')
    .description('Keeps what whole runs found on daemons in the list that the README and every report show.')
    .argument('<results...>', 'a results.json, or the folder of a report')
    .option('--into <file>', 'the list', daemonsJudged)
    .action((paths: string[], { into }: { into: string }) => {
      const all = new Map((existsSync(into) ? readJudged(into) : []).map((each) => [each.daemon, each]))
      for (const path of paths) {
        const judged = judgedDaemon(readResults(path).results, path)
        all.set(judged.daemon, judged)
      }
      writeFileSync(into, format([...all.values()].toSorted((one, other) => one.daemon.localeCompare(other.daemon, 'en', { numeric: true }))))
      process.exitCode = exitCodes.conformant
    })
  await command.parseAsync()
}
