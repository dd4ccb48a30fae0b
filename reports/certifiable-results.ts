// Test support: results of a run that suffices for a certificate.
import type { Outcome, Verdict } from '../harness/case/outcome.ts'
import { sampleResults } from './sample-results.ts'
import type { Results } from './results.ts'
import { countVerdicts, overallVerdict } from './tally.ts'

/** A requirement's id, its area and operation, and its verdict at 1.24 and at 1.25. */
export type Row = readonly [id: string, area: 'containers' | 'system' | 'swarm' | 'build', operation: string, ...verdicts: Verdict[]]

/** What a daemon without swarm, with one known failing, leaves. */
export const usualRows: readonly Row[] = [
  ['container-start-created', 'containers', 'POST /containers/{id}/start', 'pass', 'pass'],
  ['ping-ok', 'system', 'GET /_ping', 'known', 'pass'],
  ['events-start', 'system', 'GET /events', 'pass', 'pass'],
  ['swarm-init', 'swarm', 'POST /swarm/init', 'not-applicable', 'not-applicable'],
]

/** Results of a whole run with these verdicts. */
export function certifiableResults(rows: readonly Row[] = usualRows): Results {
  const sample = sampleResults()
  const requirements = rows.map(([id, area, operation]) => ({ id, area, operation, title: 'must', level: 'must' as const, sources: ['operation' as const], needs: [], alone: false, disposable: false }))
  const outcomes = rows.flatMap(([id, , , ...verdicts]) =>
    verdicts.map((verdict, index): Outcome => ({ id, version: index === 0 ? '1.24' : '1.25', verdict, ...(verdict !== 'pass' && { reason: `it is ${verdict}` }), ...(verdict === 'known' && { link: 'https://example.org/1' }), startedAt: 0, durationMs: 1, waitedMs: 1, transcript: [] })),
  )
  const counts = countVerdicts(outcomes)
  return {
    ...sample,
    suite: { ...sample.suite, digest: 'a'.repeat(64), catalogue: 'b'.repeat(64) },
    run: { ...sample.run, interrupted: false, narrowed: [], arguments: ['certify'] },
    daemon: { ...sample.daemon, product: 'Docker', version: '20.10.24', commit: '297e128' },
    requirements,
    outcomes,
    counts,
    verdict: overallVerdict(counts, false),
  }
}
