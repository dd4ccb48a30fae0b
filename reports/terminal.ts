import { styleText } from 'node:util'
import type { Outcome } from '../harness/case/outcome.ts'
import { describeRange } from '../harness/versions.ts'
import { printable } from '../harness/wire/sanitize.ts'
import type { Results } from './results.ts'
import { isBad, verdicts, type Cell } from './tally.ts'

/** A stream's colours: whether it is a terminal, and NO_COLOR, decide. */
type Style = (format: Parameters<typeof styleText>[0], text: string) => string

/**
 * The end of a run, for a terminal: a table of areas and versions, the counts, then each failure in three lines.
 * @param cells the table, as `tabulate` gives it
 * @param stream the stream it is meant for, which decides on colours
 */
export function summarize(results: Results, cells: readonly Cell[], stream: NodeJS.WriteStream): string {
  const style: Style = (format, text) => styleText(format, text, { stream })
  const red = results.outcomes.filter(isBad)
  return ['', table(cells, results, style), '', countLine(results, style), ...red.map((outcome) => `\n${threeLines(outcome, style)}`), '', verdictLine(results, style)].join('\n')
}

function table(cells: readonly Cell[], results: Results, style: Style): string {
  const versions = results.versions.run
  const areas = [...new Set(cells.map(({ area }) => area))]
  const width = Math.max(6, ...areas.map((area) => area.length))
  const head = ' '.repeat(width + 2) + versions.map((version) => `v${version}`.padStart(9)).join('')
  const lines = areas.map((area) => {
    const row = versions.map((version) => {
      const counts = cells.find((cell) => cell.area === area && cell.version === version)?.counts
      if (counts === undefined) return ' '.repeat(9)
      const bad = counts.fail + counts.blocked + counts.stale + counts.fault
      const good = counts.pass + counts.known
      return style(bad > 0 ? 'red' : 'green', (bad > 0 ? `${bad}!/${good + bad}` : String(good)).padStart(9))
    })
    return `  ${area.padEnd(width)}${row.join('')}`
  })
  return [head, ...lines].join('\n')
}

function countLine(results: Results, style: Style): string {
  const parts = verdicts.filter((verdict) => results.counts[verdict] > 0).map((verdict) => `${results.counts[verdict]} ${verdict}`)
  const seconds = (results.run.durationMs / 1000).toFixed(1)
  return style('bold', `  ${parts.join(', ') || 'nothing was judged'}`) + ` in ${seconds} s`
}

function threeLines(outcome: Outcome, style: Style): string {
  const { failure } = outcome
  const what = failure === undefined ? printable(outcome.reason ?? '', 400) : `${failure.sent === undefined ? '' : `${printable(failure.sent, 400)}: `}${printable(failure.difference.split('\n', 1)[0] ?? '', 400)}`
  return [
    `  ${style('red', outcome.verdict)} v${outcome.version} ${style('bold', outcome.id)}: ${printable(failure?.documented ?? '', 400)}`,
    `    ${what}`,
    `    plimsoll run --api ${outcome.version} --only ${outcome.id}`,
  ].join('\n')
}

function verdictLine(results: Results, style: Style): string {
  const { product, version } = results.daemon
  const range = `API ${describeRange(results.versions.run)}`
  const format = results.verdict === 'conformant' ? 'green' : results.verdict === 'nonconformant' ? 'red' : 'yellow'
  return `  ${printable(product, 60)} ${printable(version, 60)}: ${style([format, 'bold'], results.verdict)} (${range})`
}
