import { describe, expect, test } from 'vitest'
import type { ApiVersion } from '../harness/versions.ts'
import { mergeResults, NoMerge } from './merge.ts'
import type { Results } from './results.ts'
import { sampleResults } from './sample-results.ts'
import { countVerdicts } from './tally.ts'

function at(version: ApiVersion, startedAt = '2026-01-02T03:04:05.678Z'): Results {
  const sample = sampleResults()
  const outcomes = sample.outcomes.filter((outcome) => outcome.version === version)
  const requirements = sample.requirements.filter(({ id }) => outcomes.some((outcome) => outcome.id === id))
  return { ...sample, run: { ...sample.run, startedAt, narrowed: [`--api ${version}`] }, requirements, outcomes, counts: countVerdicts(outcomes), versions: { ...sample.versions, offered: [version], run: [version] } }
}

describe('mergeResults', () => {
  test('of jobs for a version each is what one run would have been', () => {
    const merged = mergeResults([at('1.25', '2026-01-02T03:04:15.678Z'), at('1.24')])
    const whole = sampleResults()
    expect(merged.versions.run).toEqual(['1.24', '1.25'])
    expect(merged.counts).toEqual(whole.counts)
    expect(merged.verdict).toBe(whole.verdict)
    expect(new Set(merged.requirements.map(({ id }) => id))).toEqual(new Set(whole.requirements.map(({ id }) => id)))
    expect(merged.run).toMatchObject({ startedAt: '2026-01-02T03:04:05.678Z', durationMs: 11_234, narrowed: ['--api 1.25', '--api 1.24'] })
  })

  test('of one is itself', () => {
    expect(mergeResults([at('1.25')])).toEqual(at('1.25'))
  })

  test.each<[string, Results[], RegExp]>([
    ['the same version twice', [at('1.25'), at('1.25')], /two of these were run at 1\.25/],
    ['two daemons', [at('1.24'), { ...at('1.25'), daemon: { ...at('1.25').daemon, product: 'Other' } }], /not of one daemon/],
    ['two suites', [at('1.24'), { ...at('1.25'), suite: { name: 'plimsoll', version: '9.9.9' } }], /not of one suite/],
    ['nothing', [], /nothing to put together/],
  ])('refuses %s', (_, parts, complaint) => {
    expect(() => mergeResults(parts)).toThrow(complaint)
    expect(() => mergeResults(parts)).toThrow(NoMerge)
  })
})
