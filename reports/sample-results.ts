import type { Outcome, Requirement } from '../harness/case/outcome.ts'
import { recordBody, type Exchange } from '../harness/wire/exchange.ts'
import { encodeFrame } from '../harness/wire/frames.ts'
import type { Results } from './results.ts'
import { countVerdicts, overallVerdict } from './tally.ts'

/** What a hostile daemon may put wherever it has a say: markup, ends of elements, terminal control, reversed text, NUL. */
export const hostile = '</script></style><script>alert(1)</script><img src=x onerror=alert(2)>"\'&]]>--><!--\u001b[31m\u009b2J\u0000\u202egnp\u200b\ufffe\ud800'

/** Bytes that are no UTF-8, with markup among them. */
export const hostileBytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x1b]), Buffer.from(hostile)])

/** Results for tests of the reports: every optional member is there once, and the daemon is hostile wherever it can be. */
export function sampleResults(): Results {
  const requirements: Requirement[] = [
    requirement({ id: 'container-start-created', operation: 'POST /containers/{id}/start', title: 'must start a container that was created' }),
    requirement({
      id: 'container-create-auto-remove', operation: 'POST /containers/create', title: 'must take AutoRemove', level: 'should', since: '1.25',
      sources: ['operation', 'change 1.25/04'], needs: ['linux', 'memory-limit'], alone: true, disposable: true, reality: 'Daemons of the time did otherwise.',
    }),
    requirement({ id: 'container-create-old', operation: 'POST /containers/create', title: 'may do as of old', level: 'may', removedIn: '1.25', sources: ['general/01'] }),
    requirement({ id: 'ping', area: 'system', operation: 'GET /_ping', title: 'must answer' }),
  ]
  const outcomes: Outcome[] = [
    outcome({ id: 'container-start-created', version: '1.24', transcript: [plainExchange('1.24')] }),
    outcome({ id: 'container-start-created', version: '1.25', verdict: 'fail', ...failed('1.25'), transcript: [plainExchange('1.25'), hijackedExchange(), silentExchange()] }),
    outcome({ id: 'container-create-auto-remove', version: '1.25', verdict: 'known', ...failed('1.25'), link: 'https://example.org/issues/1', transcript: [plainExchange('1.25')] }),
    outcome({ id: 'container-create-old', version: '1.24', verdict: 'blocked', reason: `could not be staged: ${hostile}`, transcript: [plainExchange('1.24')] }),
    outcome({ id: 'ping', version: '1.24', verdict: 'not-applicable', reason: `the daemon says ${hostile}` }),
    outcome({ id: 'ping', version: '1.25', verdict: 'fault', reason: 'the suite itself broke: Error: no\n    at somewhere' }),
  ]
  const counts = countVerdicts(outcomes)
  return {
    format: 'plimsoll-results/1',
    suite: { name: 'plimsoll', version: '0.1.0' },
    run: {
      id: 'abcdef-0123', startedAt: '2026-01-02T03:04:05.678Z', durationMs: 1234, waitedMs: 1000, workers: 2,
      disposable: true, interrupted: true, arguments: ['run', '--only', `'${hostile}`],
    },
    daemon: { endpoint: 'unix:///var/run/docker.sock', product: `Docker${hostile}`, version: hostile, os: hostile, arch: hostile, kernel: hostile },
    versions: {
      evidence: { pingHeader: hostile, apiVersion: hostile, minApiVersion: hostile, probed: { '1.23': 0, '1.24': 200, '1.25': 200 } },
      offered: ['1.24', '1.25'],
      run: ['1.24', '1.25'],
    },
    capabilities: { linux: { present: true, reason: hostile }, windows: { present: false, reason: hostile } },
    requirements,
    outcomes,
    verdict: overallVerdict(counts, true),
    counts,
  }
}

function requirement(own: Partial<Requirement> & Pick<Requirement, 'id' | 'operation' | 'title'>): Requirement {
  return { level: 'must', area: 'containers', sources: ['operation'], needs: [], alone: false, disposable: false, ...own }
}

function outcome(own: Partial<Outcome> & Pick<Outcome, 'id' | 'version'>): Outcome {
  return { verdict: 'pass', startedAt: 1_767_323_045_000, durationMs: 120, waitedMs: 100, transcript: [], ...own }
}

function failed(version: string): Pick<Outcome, 'reason' | 'failure'> {
  return {
    reason: `expected 204, not 500 ${hostile}`,
    failure: { documented: 'it answers 204', sent: `POST /v${version}/containers/${hostile}/start`, received: `500: ${hostile}`, difference: `status 500\n${hostile}` },
  }
}

function plainExchange(version: string): Exchange {
  return {
    method: 'POST',
    path: `/v${version}/containers/create?name=it's`,
    requestHeaders: [['Host', 'localhost'], ['Content-Type', 'application/json']],
    requestBody: recordBody(Buffer.from('{"Image":"guest"}')),
    status: 500,
    reason: hostile,
    responseHeaders: [['Server', hostile], [hostile, 'value']],
    responseBody: recordBody(Buffer.from(JSON.stringify({ message: hostile, padding: 'x'.repeat(200) }))),
    atMs: 0,
    durationMs: 12,
  }
}

function hijackedExchange(): Exchange {
  const frame = encodeFrame('stdout', hostileBytes)
  const chunk = (from: 'client' | 'daemon', bytes: Uint8Array, atMs: number) => ({ from, atMs, ...recordBody(bytes) })
  return {
    method: 'POST',
    path: '/v1.25/containers/x/attach?stream=1',
    requestHeaders: [['Connection', 'Upgrade'], ['Upgrade', 'tcp']],
    status: 101,
    reason: 'UPGRADED',
    responseHeaders: [],
    responseBody: recordBody(hostileBytes),
    chunks: [chunk('client', Buffer.from('in'), 1), chunk('daemon', frame.subarray(0, 20), 2), chunk('daemon', frame.subarray(20), 3), chunk('daemon', encodeFrame('stderr', hostileBytes), 4)],
    atMs: 5,
    durationMs: 10,
  }
}

function silentExchange(): Exchange {
  return { method: 'GET', path: '/v1.25/events', requestHeaders: [], error: `no answer in time ${hostile}`, atMs: 3, durationMs: 30_000 }
}
