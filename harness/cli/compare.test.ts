import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { formatResults } from '../../reports/results-json.ts'
import { sampleResults } from '../../reports/sample-results.ts'
import { plimsoll } from './spawn.ts'
import { test } from './test-fixtures.ts'

describe('plimsoll compare', { timeout: 120_000, concurrent: true }, () => {
  test('exits with 1 on a regression where that is asked for, and with 0 else', async ({ expect, folder }) => {
    const [before, after, page] = [join(folder, 'before.json'), join(folder, 'after.json'), join(folder, 'page.html')]
    const sample = sampleResults()
    writeFileSync(before, formatResults(sample))
    writeFileSync(after, formatResults({ ...sample, outcomes: sample.outcomes.map((outcome) => (outcome.verdict === 'pass' ? { ...outcome, verdict: 'fail', reason: 'it broke' } : outcome)) }))
    const compare = (...args: string[]) => plimsoll(['compare', ...args, '--out', page])

    const told = await compare(before, after)
    expect(told.exitCode).toBe(0)
    expect(told.stdout).toContain('v1.24 container-start-created: pass → fail: it broke')
    expect(readFileSync(page, 'utf8')).toContain('Got worse')

    expect((await compare(before, after, '--fail-on', 'regression')).exitCode).toBe(1)
    expect((await compare(after, before, '--fail-on', 'regression')).exitCode).toBe(0)
    expect((await compare(after, before, '--fail-on', 'difference')).exitCode).toBe(1)
    const markdown = await compare(before, after, '--markdown')
    expect(markdown.stdout).toMatch(/^### Plimsoll/)
    expect(markdown.stdout).toContain('#### Got worse: 1')
  })

  test('says what is wrong with what it is given, and exits with 2', async ({ expect, folder }) => {
    const alone = await plimsoll(['compare', folder])
    expect([alone.exitCode, alone.stderr]).toEqual([2, expect.stringContaining('needs two results at least')])
    const missing = await plimsoll(['compare', folder, folder])
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining("can't be read as results")])
  })
})
