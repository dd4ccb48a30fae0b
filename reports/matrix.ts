import { describeRange } from '../harness/versions.ts'
import { printable } from '../harness/wire/sanitize.ts'
import { columns } from './columns.ts'
import type { Comparison } from './comparison.ts'
import { printableJson } from './printable-json.ts'
import type { Results } from './results.ts'
import { verdicts } from './tally.ts'

/** An image of a daemon, and what came of it: results, or why there are none. */
export type MatrixEntry = {
  readonly image: string
  /** The folder of its report, in that of the matrix. */
  readonly name: string
} & ({ readonly results: Results } | { readonly why: string })

/** The entries that were judged. */
export function judgedOf(entries: readonly MatrixEntry[]): Extract<MatrixEntry, { results: Results }>[] {
  return entries.filter((entry) => 'results' in entry)
}

/**
 * The summary for programs: `matrix.json`.
 * @param comparison of those that were judged; undefined where none was
 */
export function formatMatrix(entries: readonly MatrixEntry[], comparison: Comparison | undefined): string {
  return printableJson({
    format: 'plimsoll-matrix/1',
    ...(comparison && { comparison: 'index.html', common: comparison.common, differing: comparison.differing.length }),
    images: entries.map((entry) => {
      const { image, name } = entry
      if (!('results' in entry)) return { image, name, why: entry.why }
      const { daemon, versions, verdict, counts, run } = entry.results
      return { image, name, report: `${name}/index.html`, results: `${name}/results.json`, product: daemon.product, version: daemon.version, versions: versions.run, verdict, interrupted: run.interrupted, counts }
    }),
  }, 2)
}

/** The summary for a terminal: a line for each image, whatever its daemon says of itself. */
export function matrixTable(entries: readonly MatrixEntry[]): string {
  const judged = judgedOf(entries)
  const present = verdicts.filter((verdict) => judged.some(({ results }) => results.counts[verdict] > 0))
  const head = ['image', 'daemon', 'API', 'verdict', ...present]
  const rows = judged.map(({ image, results: { daemon, versions, verdict, counts } }) => [
    printable(image, 100), `${printable(daemon.product, 40)} ${printable(daemon.version, 40)}`, describeRange(versions.run), verdict, ...present.map((each) => String(counts[each])),
  ])
  const others = entries.flatMap((entry) => ('why' in entry ? [`${printable(entry.image, 100)} could not be judged: ${printable(entry.why, 600)}`] : []))
  return [...(rows.length > 0 ? columns([head, ...rows], 4) : []), ...others].join('\n')
}
