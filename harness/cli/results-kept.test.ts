import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { Results } from '../../reports/results.ts'
import { plimsoll } from './spawn.ts'
import { foreign, test } from './test-fixtures.ts'

const resultsIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results
const isRoot = process.getuid?.() === 0

describe('what a run has found out', { timeout: 300_000, concurrent: true }, () => {
  test('outlives its being killed: "plimsoll report" makes a report of it', async ({ expect, daemon, folder }) => {
    const { host, seen } = await daemon({ script: ({ path, version }) => (path === '/_ping' && version === '1.25' ? 'hang' : undefined) })
    const journal = join(folder, 'results.ndjson')
    const killed = await plimsoll(['run', '--host', host, '--api', '1.24,1.25', '--only', 'ping-ok', '--out', folder], {
      onStart: (child) =>
        void seen(/v1\.25\/_ping/)
          .then(() => expect.poll(() => readFileSync(journal, 'utf8'), { timeout: 60_000 }).toContain('"verdict":"pass"'))
          .then(() => child.kill('SIGKILL')),
    })
    expect(killed.exitCode).toBeNull()
    expect(existsSync(join(folder, 'results.json'))).toBe(false)

    const { exitCode, stdout } = await plimsoll(['report', folder])
    expect(stdout).toContain('Fake 0.1: undecided')
    expect(exitCode).toBe(2)
    expect(resultsIn(folder)).toMatchObject({ verdict: 'undecided', run: { interrupted: true } })
    expect(resultsIn(folder).outcomes.find(({ id }) => id === 'ping-ok')).toMatchObject({ version: '1.24', verdict: 'pass' })
    expect(resultsIn(folder).outcomes.filter(({ version }) => version !== '1.24')).toEqual([])
    expect(existsSync(join(folder, 'index.html'))).toBe(true)
    expect(existsSync(journal)).toBe(false)
  })

  test('is not lost with a daemon that goes away: what could not be judged is blocked', async ({ expect, daemon, folder }) => {
    const started = await daemon({
      script({ path, version }) {
        if (path !== '/_ping' || version !== '1.25') return undefined
        return (socket) => {
          socket.destroy()
          void started.close()
        }
      },
    })
    const { exitCode, stdout } = await plimsoll(['run', '--host', started.host, '--api', '1.25', '--only', 'ping-ok', '--out', folder])
    expect(resultsIn(folder).outcomes.find(({ id }) => id === 'ping-ok')).toMatchObject({ verdict: 'blocked', reason: expect.stringContaining('the daemon went away') as unknown })
    expect(stdout).toContain('could not be looked for')
    expect(exitCode).toBe(1)
  })

  test('blames a daemon that breaks a connection and goes on', async ({ expect, daemon, folder }) => {
    const { host, objects } = await daemon({ script: ({ path, version }) => (path === '/_ping' && version === '1.25' ? (socket) => void socket.destroy() : undefined) })
    const { exitCode } = await plimsoll(['run', '--host', host, '--api', '1.25', '--only', 'ping-ok', '--out', folder])
    expect(resultsIn(folder).outcomes.find(({ id }) => id === 'ping-ok')).toMatchObject({ verdict: 'fail', failure: { difference: expect.stringContaining('the connection broke') as unknown } })
    expect(exitCode).toBe(1)
    expect(objects()).toEqual(foreign)
  })

  test.skipIf(!isRoot)('is told even where the disk is full', async ({ expect, daemon, folder }) => {
    const { host, objects } = await daemon()
    const small = join(folder, 'small')
    mkdirSync(small)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'plimsoll-test', small])
    try {
      const { exitCode, stdout, stderr } = await plimsoll(['run', '--host', host, '--api', '1.25', '--only', 'ping-ok', '--out', small])
      expect(stdout).toContain('Fake 0.1: conformant')
      expect(stderr).toMatch(/--out: the report can't be written to .*ENOSPC/)
      expect(stderr).not.toContain('the harness itself failed')
      expect(exitCode).toBe(2)
      expect(readdirSync(small)).toContain('results.ndjson')
      expect(objects()).toEqual(foreign)
    } finally {
      execFileSync('umount', [small])
    }
  })
})
