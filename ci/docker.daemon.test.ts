import { describe, expect, test } from 'vitest'
import { certifyDaemon, linesOf } from './judge-daemon.ts'

const host = process.env.PLIMSOLL_TEST_DOCKER

describe.skipIf(host === undefined)('Docker 20.10, the reference daemon', () => {
  test('is certified at all eight versions, with what is known to fail', { timeout: 1_800_000 }, async () => {
    const registry = process.env.PLIMSOLL_TEST_REGISTRY
    const named = registry === undefined ? [] : ['--registry', registry]
    const { exitCode, results, output, verified, pageSize } = await certifyDaemon(host ?? '', process.env.PLIMSOLL_TEST_DOCKER_NETNS, '--disposable', '--really', '--known-failing', 'ci/known-failings/docker-20.10.yaml', ...named)
    expect(linesOf(results, 'fail', 'blocked', 'stale', 'fault', 'withheld')).toEqual([])
    expect(exitCode).toBe(0)
    expect(results.versions.run).toEqual(['1.18', '1.19', '1.20', '1.21', '1.22', '1.23', '1.24', '1.25'])
    expect(results.verdict).toBe('conformant')
    // The registry that it was given was there, and its user let in.
    expect(linesOf(results, 'not-applicable').filter((line) => line.includes('named-registry'))).toEqual([])
    expect(verified.output).toContain('all that it says follows from the results')
    expect(verified.exitCode).toBe(0)
    expect(pageSize).toBeLessThan(3_000_000)
    // Nothing of the run stays behind.
    expect(output).not.toMatch(/could not be removed/)
  })
})
