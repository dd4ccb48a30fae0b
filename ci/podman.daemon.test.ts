import { describe, expect, test } from 'vitest'
import { judgeDaemon, linesOf } from './judge-daemon.ts'

const host = process.env.PLIMSOLL_TEST_PODMAN

describe.skipIf(host === undefined)('Podman 4.3', () => {
  test('is judged to the end at 1.24 and 1.25, and found to differ', { timeout: 1_800_000 }, async () => {
    const { exitCode, results } = await judgeDaemon(host ?? '', process.env.PLIMSOLL_TEST_PODMAN_NETNS, '--api', '1.24,1.25', '--known-failing', 'none')
    expect(linesOf(results, 'fault')).toEqual([])
    expect(results.run.interrupted).toBe(false)
    expect(results.counts.pass).toBeGreaterThan(100)
    expect(results.verdict).toBe('nonconformant')
    expect(exitCode).toBe(1)
  })
})
