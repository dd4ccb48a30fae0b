import { fileURLToPath } from 'node:url'
import type { JudgedDaemon, Results } from '../../reports/results.ts'
import { verdicts } from '../../reports/tally.ts'
import { CouldNotRun } from './exit.ts'
import { readTabbedList, tabbedLines } from './tabbed-list.ts'

/** What whole runs found on the daemons of `ci/daemons`: the list that comes with the suite. Written by `ci/daemons-judged.ts`. */
export const daemonsJudged = fileURLToPath(new URL('../../ci/daemons-judged.tsv', import.meta.url))

/** The columns of such a list, with tabs between them. */
export const judgedColumns = ['daemon', 'versions', 'judged', 'verdict', ...verdicts] as const

/** Reads what whole runs found. @throws CouldNotRun naming the line that is none */
export function readJudged(path: string = daemonsJudged): JudgedDaemon[] {
  return tabbedLines(readTabbedList(path, 'the list of daemons that were judged')).map(({ fields, number }) => {
    const [daemon = '', versions = '', judged = '', verdict = '', ...numbers] = fields
    if (fields.length !== judgedColumns.length || !isVerdict(verdict) || !numbers.every((number) => /^\d+$/.test(number))) {
      throw new CouldNotRun(`${path}, line ${number}: a daemon that was judged has ${judgedColumns.join(', ')}, with tabs between them`)
    }
    return { daemon, versions, judged, verdict, counts: Object.fromEntries(verdicts.map((name, index) => [name, Number(numbers[index])])) as Results['counts'] }
  })
}

function isVerdict(text: string): text is Results['verdict'] {
  return text === 'conformant' || text === 'nonconformant' || text === 'undecided'
}
