import { readFileSync } from 'node:fs'
import { CouldNotRun } from '../../harness/cli/exit.ts'
import { printable } from '../../harness/wire/sanitize.ts'
import { columns } from '../../reports/columns.ts'
import type { Results } from '../../reports/results.ts'
import type { Section } from './section.ts'

const slowest = 10

/**
 * Reads the results of a run.
 * @throws CouldNotRun where there are none
 */
export function readResultsFile(path: string): Results {
  try {
    const results = JSON.parse(readFileSync(path, 'utf8')) as Partial<Results>
    if (results.format !== 'plimsoll-results/1') throw new CouldNotRun(`${path} is no results file of a run (format ${printable(String(results.format), 40)})`)
    return results as Results
  } catch (error) {
    if (error instanceof CouldNotRun) throw error
    throw new CouldNotRun(`no results: ${error instanceof Error ? error.message : String(error)}. Run \`plimsoll run\` first, name a file with --results, or a daemon with --host`, { cause: error })
  }
}

/** What the time of a run is made of: the daemon's share, and the cases that took longest. No target is set for it. */
export function benchRun({ run, outcomes, daemon }: Results): Section {
  const seconds = (ms: number) => (ms / 1000).toFixed(2)
  const cases = outcomes.filter(({ durationMs }) => durationMs > 0).sort((one, other) => other.durationMs - one.durationMs)
  return {
    lines: [
      `${printable(daemon.product, 40)} ${printable(daemon.version, 40)}, run ${run.id} of ${run.startedAt}, ${cases.length} cases on ${run.workers} workers`,
      ...columns([
        ['', 's', 'share'],
        ['whole run', seconds(run.durationMs), '100 %'],
        ['waiting for the daemon', seconds(run.waitedMs), share(run.waitedMs, run.durationMs)],
        ['everything else', seconds(run.durationMs - run.waitedMs), share(run.durationMs - run.waitedMs, run.durationMs)],
      ]),
      '',
      ...columns([
        ['slowest cases', 'API', 's', 'waiting'],
        ...cases.slice(0, slowest).map(({ id, version, durationMs, waitedMs }) => [id, version, seconds(durationMs), share(waitedMs, durationMs)]),
      ]),
    ],
    missed: [],
  }
}

function share(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((part / whole) * 100)} %` : '-'
}
