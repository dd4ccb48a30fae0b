import { describe } from 'vitest'
import type { FakeOptions } from '../run/fake-daemon.ts'
import { plimsollRun } from './spawn.ts'
import { foreign, test } from './test-fixtures.ts'

/** From the signal to the end of the process. A request has 30 seconds, a case 60: nobody who interrupts waits for those. */
const patienceMs = 20_000

describe('an interrupted run', { timeout: 300_000, concurrent: true }, () => {
  let hangs = false
  const scripts: [what: string, signal: NodeJS.Signals, pattern: RegExp, left: boolean, options: FakeOptions][] = [
    ['a request of a case hangs', 'SIGINT', /v1\.25\/_ping/, false, { script: ({ path, version }) => (path === '/_ping' && version !== undefined ? 'hang' : undefined) }],
    ['a request of the preparation hangs', 'SIGTERM', /\/info/, false, { script: ({ path }) => (path === '/info' ? 'hang' : undefined) }],
    ['the negotiation hangs', 'SIGINT', /\/version/, false, { script: ({ path }) => (path === '/version' ? 'hang' : undefined) }],
    ['the daemon hangs from then on', 'SIGTERM', /v1\.25\/_ping/, true, { script: ({ path, version }) => ((hangs ||= path === '/_ping' && version !== undefined) ? 'hang' : undefined) }],
  ]
  test.for(scripts)('ends soon where %s', async ([_what, signal, pattern, left, options], { expect, daemon }) => {
    const { host, objects, seen } = await daemon(options)
    let interruptedAt = 0
    const { exitCode, stdout, stderr, results } = await plimsollRun(['--host', host, '--api', '1.25', '--only', 'ping-ok'], {
      onStart: (child) =>
        void seen(pattern).then(() => {
          interruptedAt = performance.now()
          child.kill(signal)
        }),
    })
    expect(performance.now() - interruptedAt).toBeLessThan(patienceMs)
    expect(stderr).toContain('interrupted')
    expect(exitCode).toBe(130)
    // What was cut short accuses nobody.
    expect(results?.outcomes ?? []).toEqual([])
    if (left) expect(stdout).toContain('could not be looked for')
    else expect(objects()).toEqual(foreign)
  })
})
