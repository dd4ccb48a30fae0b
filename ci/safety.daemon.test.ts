import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plimsollRun } from '../harness/cli/spawn.ts'
import { createClient } from '../harness/wire/http.ts'
import { linesOf } from './judge-daemon.ts'
import { differences, keepForeignObjects, takeInventory } from './safety/foreign-objects.ts'
import { interruptRuns } from './safety/rounds.ts'

const host = process.env.PLIMSOLL_TEST_SAFETY

describe.skipIf(host === undefined)('on a daemon that holds what others need', { timeout: 900_000 }, () => {
  const client = createClient({ kind: 'socket', path: (host ?? '').replace(/^unix:\/\//, '') })
  const out = mkdtempSync(join(tmpdir(), 'plimsoll-safety-'))
  beforeAll(() => keepForeignObjects(client), 60_000)
  afterAll(async () => {
    rmSync(out, { recursive: true, force: true })
    await client.close()
  })

  test('runs that are interrupted change nothing of theirs, and leave nothing of ours after "clean"', async () => {
    const rounds = await interruptRuns({ host: host ?? '', client, rounds: 3, seed: 7, withinMs: 12_000, out, options: ['--only', 'container-*,image-*,volume-*,network-*', '--api', '1.24,1.25'] })
    expect(rounds.map(({ signal }) => signal)).toEqual(['SIGINT', 'SIGTERM', 'SIGKILL'])
    expect(rounds.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  })

  test('two runs at once do not disturb each other, nor what is there', async () => {
    const before = await takeInventory(client)
    const run = () => plimsollRun(['--host', host ?? '', '--quick', '--api', '1.24,1.25', '--only', 'ping-*,container-list-*,volume-list-*'])
    const ended = await Promise.all([run(), run()])
    for (const { results, stderr } of ended) {
      if (results === undefined) throw new Error(stderr)
      expect(results.counts.pass).toBeGreaterThan(20)
      expect(linesOf(results, 'fail', 'blocked', 'fault')).toEqual([])
    }
    expect(differences(before, await takeInventory(client))).toEqual([])
  })

  test('--disposable refuses, and names what is there', async () => {
    const { exitCode, stderr } = await plimsollRun(['--host', host ?? '', '--disposable', '--only', 'container-prune-stopped', '--api', '1.25'])
    expect(stderr).toMatch(/holds what this suite did not make: 6 containers \(.*plimsoll-web/)
    expect(exitCode).toBe(2)
  })
})
