import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import type { Measurement } from './coverage/measurement.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-coverage-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function coverage(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [fileURLToPath(new URL('coverage.ts', import.meta.url)), ...options], { encoding: 'utf8', cwd: folder })
}

function measured(more: Partial<Measurement>): string {
  const path = join(folder, 'measured.json')
  const measurement: Measurement = { format: 'plimsoll-coverage/1', daemon: 'Docker 1.0 \u001b[31m', areas: ['system'], versions: ['1.24'], exchanges: 1, operations: {}, undocumented: [], puzzles: [], ...more }
  writeFileSync(path, JSON.stringify(measurement))
  return path
}

describe('npm run coverage', () => {
  test('says what is possible', () => {
    const { status, stdout } = coverage('--help')
    expect(status).toBe(0)
    for (const option of ['--host', '--api', '--area', '--from', '--json', 'Exit codes']) expect(stdout).toContain(option)
  })

  test('prints an earlier measurement, and ends with 1 where something is short', () => {
    const { status, stdout } = coverage('--from', measured({ operations: { 'GET /_ping': { '1.24': { statuses: ['200'], query: [], header: [], body: [], response: [] } } } }))
    expect(status).toBe(1)
    expect(stdout).toContain('1/5')
    expect(stdout).toContain('GET /info  status 200  1.24')
    expect(stdout).toContain('short: operation: 20.0 % seen of what has no reason, and 100 % wanted')
    expect(stdout).not.toContain('\u001b')
  })

  test('gives it as JSON', () => {
    const { stdout } = coverage('--from', measured({}), '--json')
    expect((JSON.parse(stdout) as { counts: { operation: unknown } }).counts.operation).toEqual({ '1.24': { seen: 0, excused: 0, documented: 5 } })
  })

  test.each([
    [['--from', 'no-such-file'], 'no-such-file is no measurement'],
    [['--from', measured({ format: 'other' as never })], 'it has another format'],
    [['--host', `unix://${folder}/nobody.sock`, '--area', 'system'], 'the suite could not be run (exit code 2)'],
    [['--host', 'gopher://x'], 'gopher'],
  ])('ends with 2 and says why: %j', (options, message) => {
    // The file of the second row has been written over by now.
    if (options[1]?.endsWith('measured.json')) measured({ format: 'other' as never })
    const { status, stderr } = coverage(...options)
    expect(stderr).toContain(message)
    expect(status).toBe(2)
  })
})
