import { printable } from '../../harness/wire/sanitize.ts'
import { percent, targets, total, type Account } from './account.ts'
import type { Measurement } from './measurement.ts'
import { surfaceKinds } from './surface.ts'

const titles = { operation: 'operations', status: 'statuses but 500', query: 'query parameters', header: 'headers', body: 'request fields', response: 'fields filled' } as const

/** The account of a measurement, for people: a table, what is missing, the cases of each numbered statement, what is not tested and why. */
export function printAccount(measurement: Measurement, found: Account): string {
  const { versions } = measurement
  const lines = [`${printable(measurement.daemon, 200)}: ${measurement.exchanges} exchanges, areas ${measurement.areas.join(', ')}`, '']
  lines.push(`  ${''.padEnd(18)}${versions.map((version) => `v${version}`.padStart(10)).join('')}${'all'.padStart(10)}  wanted`)
  for (const kind of surfaceKinds) {
    const counts = found.counts[kind]
    if (counts === undefined) continue
    const cells = versions.map((version) => (counts[version] === undefined ? '-' : `${counts[version].seen}/${counts[version].documented}`).padStart(10))
    const target = targets[kind]
    lines.push(`  ${titles[kind].padEnd(18)}${cells.join('')}${percent(total(counts)).padStart(10)}  ${target === undefined ? '-' : `${target * 100} %`}`)
  }

  const schemas = versions.map((version) => (found.described[version] === undefined ? '-' : `${found.described[version].seen}/${found.described[version].documented}`).padStart(10))
  if (Object.keys(found.described).length > 0) lines.push(`  ${'fields in schemas'.padEnd(18)}${schemas.join('')}${percent(total(found.described)).padStart(10)}  -`)

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
