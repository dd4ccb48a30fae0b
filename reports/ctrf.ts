import { createHash } from 'node:crypto'
import type { Verdict } from '../harness/case/outcome.ts'
import { visible } from './visible.ts'
import { explain, reasonLine } from './explain.ts'
import type { Results } from './results.ts'

/** What CTRF calls each verdict. What says nothing about the daemon is `other`. */
const statuses = {
  pass: 'passed',
  fail: 'failed',
  stale: 'failed',
  blocked: 'failed',
  fault: 'other',
  known: 'skipped',
  'not-applicable': 'skipped',
  withheld: 'skipped',
} as const satisfies Record<Verdict, 'passed' | 'failed' | 'skipped' | 'other'>

/** A run in the Common Test Report Format, https://github.com/ctrf-io/ctrf/blob/main/schema/ctrf.schema.json: one JSON text. */
export function formatCtrf(results: Results): string {
  const { suite, run, daemon } = results
  const requirements = new Map(results.requirements.map((requirement) => [requirement.id, requirement]))
  const start = Date.parse(run.startedAt)
  const tests = results.outcomes.map((outcome) => {
    const { id, version, verdict } = outcome
    const requirement = requirements.get(id)
    const api = `v${version}`
    return {
      id: uuidOf(`plimsoll ${id} ${api}`),
      name: `${id}: ${requirement?.operation} ${requirement?.title}`,
      status: statuses[verdict],
      rawStatus: verdict,
      duration: Math.round(outcome.durationMs),
      ...(outcome.startedAt > 0 && { start: Math.round(outcome.startedAt), stop: Math.round(outcome.startedAt + outcome.durationMs) }),
      suite: [api, requirement?.area ?? '', requirement?.operation ?? ''],
      type: 'conformance',
      tags: [api, requirement?.area ?? '', requirement?.level ?? ''],
      parameters: { api },
      ...(verdict !== 'pass' && { message: reasonLine(outcome).slice(0, 1000), trace: explain(outcome).slice(0, 8000) }),
    }
  })
  const count = (status: string) => tests.filter((test) => test.status === status).length
  return `${JSON.stringify({
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    reportId: uuidOf(`plimsoll ${run.id}`),
    timestamp: run.startedAt,
    generatedBy: suite.name,
    results: {
      tool: { name: suite.name, version: suite.version },
      summary: {
        tests: tests.length, passed: count('passed'), failed: count('failed'), skipped: count('skipped'), pending: 0, other: count('other'),
        start, stop: start + Math.round(run.durationMs),
      },
      tests,
      environment: { appName: visible(daemon.product), appVersion: visible(daemon.version), osPlatform: visible(daemon.os) },
    },
  })}\n`
}

/** A UUID that is the same for the same name (version 5 in its form). */
function uuidOf(name: string): string {
  const hash = createHash('sha1').update(name).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
