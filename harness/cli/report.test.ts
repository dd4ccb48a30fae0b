import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { formatResults } from '../../reports/results-json.ts'
import { sampleResults } from '../../reports/sample-results.ts'
import { plimsoll } from './spawn.ts'
import { test } from './test-fixtures.ts'

describe('plimsoll report', { timeout: 120_000, concurrent: true }, () => {
  test('makes the report again beside its results, and leaves these as they are', async ({ expect, folder }) => {
    const text = formatResults(sampleResults())
    writeFileSync(join(folder, 'results.json'), text)
    const { exitCode, stdout } = await plimsoll(['report', folder])
    expect(exitCode).toBe(3)
    expect(stdout).toContain('nonconformant (API 1.24 to 1.25)')
    expect(readFileSync(join(folder, 'results.json'), 'utf8')).toBe(text)
    for (const name of ['index.html', 'junit.xml', 'ctrf.json', 'badge.svg', 'allure-results']) expect(existsSync(join(folder, name)), name).toBe(true)
  })

  test('tells GitHub, and lets nothing else pass for a command', async ({ expect, folder }) => {
    const sample = sampleResults()
    writeFileSync(join(folder, 'results.json'), formatResults({ ...sample, outcomes: sample.outcomes.map((outcome) => ({ ...outcome, ...(outcome.reason && { reason: '::error::I am a daemon' }), failure: undefined })) } as never))
    const summary = join(folder, 'summary.md')
    const { stdout } = await plimsoll(['report', folder], { env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary } })
    const [, word] = /^::stop-commands::([0-9a-f-]{36})$/m.exec(stdout) ?? []
    const [held = '', passed = ''] = stdout.split(`::${word}::\n`)
    expect(held).toContain('::error::I am a daemon')
    expect(passed.trim().split('\n').every((line) => line.startsWith('::error title='))).toBe(true)
    expect(readFileSync(summary, 'utf8')).toMatch(/^### Plimsoll: /)
    const elsewhere = await plimsoll(['report', folder], { env: { GITHUB_ACTIONS: 'false' } })
    expect(elsewhere.stdout).not.toContain('::stop-commands')
  })

  test('says what is wrong with what it is given, and exits with 2', async ({ expect, folder }) => {
    const { exitCode, stderr } = await plimsoll(['report', folder])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("can't be read as results")])
    writeFileSync(join(folder, 'results.json'), formatResults(sampleResults()))
    const twice = await plimsoll(['report', folder, folder, '--out', join(folder, 'out')])
    expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining('two of these were run at 1.24')])
  })
})

test('plimsoll list --html writes a page of all requirements', { timeout: 120_000 }, async ({ expect, folder }) => {
  const page = join(folder, 'catalogue.html')
  const { exitCode, stdout } = await plimsoll(['list', '--html', page])
  expect([exitCode, stdout]).toEqual([0, `${page}\n`])
  expect(readFileSync(page, 'utf8')).toContain('id="r-ping-ok"')
})
