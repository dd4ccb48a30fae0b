import { describe, expect, test } from 'vitest'
import { formatCtrf } from './ctrf.ts'
import { sampleResults } from './sample-results.ts'

type Ctrf = { reportFormat: string; results: { summary: Record<string, number>; tests: Record<string, unknown>[]; environment: Record<string, string> } }

describe('formatCtrf', () => {
  const text = formatCtrf(sampleResults())
  const report = JSON.parse(text) as Ctrf

  test('counts what it holds', () => {
    expect(report.reportFormat).toBe('CTRF')
    expect(report.results.summary).toMatchObject({ tests: 6, passed: 1, failed: 2, skipped: 2, pending: 0, other: 1 })
    expect(report.results.tests).toHaveLength(6)
  })

  test('has a suite per version, area and operation, and ids that stay', () => {
    const [first] = report.results.tests
    expect(first).toMatchObject({ suite: ['v1.24', 'containers', 'POST /containers/{id}/start'], status: 'passed', rawStatus: 'pass', tags: ['v1.24', 'containers', 'must'] })
    const ids = report.results.tests.map(({ id }) => id)
    expect(new Set(ids).size).toBe(6)
    expect((JSON.parse(formatCtrf(sampleResults())) as Ctrf).results.tests.map(({ id }) => id)).toEqual(ids)
  })

  test('says why, and shows what a daemon sent as text', () => {
    expect(report.results.tests[1]).toMatchObject({ status: 'failed', message: expect.stringMatching(/^expected 204, not 500 /) as unknown, trace: expect.stringContaining('documented:') as unknown })
    for (const value of [...Object.values(report.results.environment), ...report.results.tests.flatMap(({ message, trace }) => [message, trace])]) {
      expect(String(value)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\ud800]/)
    }
  })
})
