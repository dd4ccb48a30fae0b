import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'
import type { FakeOptions } from '../../harness/run/fake-daemon.ts'
import { foreign, test } from '../../harness/cli/test-fixtures.ts'

/** Runs `npm run flake` as a person would, its reports in a folder. */
async function flake(out: string, args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['ci/flake.ts', '--out', out, ...args], { cwd: fileURLToPath(new URL('../../', import.meta.url)), stdio: ['ignore', 'pipe', 'pipe'] })
  onStart?.(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (output.stderr += text))
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  return { exitCode, ...output }
}

/** A daemon that answers a ping of v1.25 wrongly in one round; each round loads the guest's image once. */
function wrongIn(wrong: number): FakeOptions {
  let round = 0
  return {
    script({ method, path, version }) {
      if (method === 'POST' && path === '/images/load') round += 1
      return round === wrong && path === '/_ping' && version !== undefined ? { body: 'NO', headers: { 'Content-Type': 'text/plain' } } : undefined
    },
  }
}

const narrow = ['--only', 'ping-ok', '--api', '1.25', '--workers', '1']

describe('npm run flake', { timeout: 240_000 }, () => {
  test('sees the one round that differs, with its reason, and keeps that report alone', async ({ expect, daemon, folder }) => {
    const { host, objects } = await daemon(wrongIn(2))
    const { exitCode, stdout, stderr } = await flake(folder, ['--times', '3', '--host', host, ...narrow, '--load', '--slow-io', folder])
    expect(stderr).toMatch(/slow I\/O: .*\n.*load: \d+ threads that spin/)
    expect(stderr).toMatch(/round 1 of 3: conformant, .*pass in [\d.]+ s\nround 2 of 3: nonconformant, .*1 fail in [\d.]+ s; 1 verdict has changed so far\nround 3 of 3/)
    expect(stderr).toMatch(/synced [1-9]\d* times/)
    expect(stdout).toMatch(/^1 verdict changed in 3 rounds\nv1\.25 ping-ok: pass in 2 of 3\n {2}round 2: fail: .*expected 'NO' to be 'OK'.*\n {4}.*\/round-2\/index\.html#r-ping-ok-v1\.25\n$/)
    expect(exitCode).toBe(1)
    expect(readdirSync(folder)).toEqual(['round-2'])
    expect(existsSync(join(folder, 'round-2', 'results.json'))).toBe(true)
    expect(objects()).toEqual(foreign)
  })

  test('exits with 0 where none differs, and keeps no report; what is on stdout is JSON alone', async ({ expect, daemon, folder }) => {
    const { host } = await daemon()
    const { exitCode, stdout } = await flake(folder, ['--times', '2', '--json', '--host', host, ...narrow])
    expect(JSON.parse(stdout)).toMatchObject({ format: 'plimsoll-flake/1', rounds: [{ round: 1, exitCode: 0, verdict: 'conformant' }, { round: 2 }], changed: [] })
    expect(exitCode).toBe(0)
    expect(readdirSync(folder)).toEqual([])
  })

  test('says what the run says where it can not run, and what is wrong with its own options', async ({ expect, folder }) => {
    const absent = await flake(folder, ['--host', 'unix:///no/such.sock', ...narrow])
    expect(absent.stderr).toMatch(/flake: round 1 left no results \(exit code 2\):\n.*\/no\/such\.sock/)
    expect(absent.exitCode).toBe(2)
    const once = await flake(folder, ['--times', '1'])
    expect([once.exitCode, once.stderr]).toEqual([2, expect.stringContaining('2 or more')])
    const slip = await flake(folder, ['--onyl', 'ping-ok'])
    expect([slip.exitCode, slip.stderr]).toEqual([2, expect.stringContaining("unknown option '--onyl'")])
  })

  test('ends when it is interrupted, and the run that was going on clears up', async ({ expect, daemon, folder }) => {
    const { host, objects, seen } = await daemon({ script: ({ path, version }) => (path === '/_ping' && version !== undefined ? 'hang' : undefined) })
    const { exitCode, stderr } = await flake(folder, ['--host', host, ...narrow, '--load'], (child) => void seen(/v1\.25\/_ping/).then(() => child.kill('SIGINT')))
    expect(stderr).toMatch(/interrupted: clearing up[^]*threads have stopped/)
    expect(exitCode).toBe(130)
    expect(readdirSync(folder)).toEqual([])
    expect(objects()).toEqual(foreign)
  })

  test('has help with examples', async ({ expect, folder }) => {
    const { exitCode, stdout } = await flake(folder, ['--help'])
    expect(stdout).toMatch(/Exit codes:[^]*Examples:[^]*--slow-io/)
    expect(exitCode).toBe(0)
  })
})
