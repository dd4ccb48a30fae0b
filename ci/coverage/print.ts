import { printable } from '../../harness/wire/sanitize.ts'
import { percent, targets, total, withoutReason, type Account, type Count } from './account.ts'
import type { Measurement } from './measurement.ts'
import { surfaceKinds } from './surface.ts'

const titles = { operation: 'operations', status: 'statuses but 500', query: 'query parameters', header: 'headers', body: 'request fields', response: 'fields filled' } as const

/** The account of a measurement, for people: a table, what is missing, the cases of each numbered statement, what is not tested and why. */
export function printAccount(measurement: Measurement, found: Account): string {
  const { versions } = measurement
  const lines = [`${printable(measurement.daemon, 200)}: ${measurement.exchanges} exchanges, areas ${measurement.areas.join(', ')}`, '']
  lines.push(tableRow('', versions.map((version) => `v${version}`), ['all', 'reasoned', 'the rest', 'wanted']))
  const counted = (title: string, counts: Readonly<Record<string, Count>>, target?: number) => {
    const all = total(counts)
    const cells = versions.map((version) => (counts[version] === undefined ? '-' : `${counts[version].seen}/${counts[version].documented}`))
    return tableRow(title, cells, [percent(all), String(all.excused), percent(withoutReason(all)), target === undefined ? '-' : `${target * 100} %`])
  }
  for (const kind of surfaceKinds) {
    const counts = found.counts[kind]
    if (counts === undefined) continue
    lines.push(counted(titles[kind], counts, targets[kind]))
  }
  if (Object.keys(found.described).length > 0) lines.push(counted('fields in schemas', found.described))
  lines.push(
    '',
    '  all: seen of what is documented    reasoned: not seen, and reports/not-tested.yaml says why',
    '  the rest: seen of what has no reason there, of which so much is wanted',
  )

  lines.push('', 'Missing, and in no list:')
  const unexplained = found.missing.filter(({ reason }) => reason === undefined)
  for (const { operation, kind, name, versions: at } of unexplained) lines.push(`  ${operation}  ${kind} ${name}  ${spans(at)}`)
  if (unexplained.length === 0) lines.push('  nothing')

  lines.push('', 'Answer fields that stand in no schema:')
  const loose = found.undescribed.filter(({ reason }) => reason === undefined)
  for (const { operation, name, versions: at } of loose) lines.push(`  ${operation}  ${name}  ${spans(at)}`)
  if (loose.length === 0) lines.push('  none')

  lines.push('', 'Not tested:')
  const byReason = Map.groupBy(found.missing.filter(({ reason }) => reason !== undefined), ({ reason }) => reason)
  for (const [reason, all] of byReason) {
    lines.push(`  ${reason}`)
    for (const { operation, kind, name, versions: at } of all) lines.push(`    ${operation}  ${kind} ${name}  ${spans(at)}`)
  }
  for (const { id, reason, text } of found.statements) if (reason !== undefined) lines.push(`  ${reason}`, `    ${id}  ${text}`)
  if (found.stale.length > 0) lines.push('', 'No longer true in reports/not-tested.yaml:', ...found.stale.map((each) => `  ${each}`))

  if (found.readAs.length > 0) lines.push('', 'Misprints, counted as seen where what they stand for was:')
  for (const { operation, kind, name, versions: at, readAs, reason } of found.readAs) lines.push(`  ${operation}  ${kind} ${name} read as ${readAs}  ${spans(at)}`, `    ${reason}`)

  lines.push('', 'Cases by numbered statement:')
  for (const { id, cases, reason, elsewhere } of found.statements) {
    lines.push(`  ${id}  ${cases.length > 0 ? cases.join(', ') : reason !== undefined ? 'not tested' : elsewhere !== undefined ? `another area: ${elsewhere}` : 'NEITHER CASE NOR REASON'}`)
  }

  if (measurement.undocumented.length > 0) lines.push('', 'Requests that no page documents:', ...measurement.undocumented.map((each) => `  ${printable(each, 200)}`))
  if (measurement.puzzles.length > 0) lines.push('', 'Not understood, and not counted:', ...measurement.puzzles.map((each) => `  ${printable(each, 300)}`))
  lines.push('', ...(found.shortfalls.length === 0 ? ['All targets are met, and all that is missing has its reason.'] : found.shortfalls.map((each) => `short: ${each}`)))
  return lines.join('\n')
}

function tableRow(title: string, cells: readonly string[], sums: readonly string[]): string {
  return `  ${title.padEnd(18)}${[...cells, ...sums].map((cell) => cell.padStart(10)).join('')}`
}

/** Versions in one word: `1.18-1.21,1.24`. */
function spans(versions: readonly string[]): string {
  const numbers = versions.map((version) => Number(version.split('.')[1]))
  const runs: [number, number][] = []
  for (const number of numbers) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else runs.push([number, number])
  }
  return runs.map(([first, last]) => (first === last ? `1.${first}` : `1.${first}-1.${last}`)).join(',')
}
