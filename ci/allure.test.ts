import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { sampleResults } from '../reports/sample-results.ts'
import { writeReports } from '../reports/write.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const installed = existsSync(join(root, '.cache/allure/version'))

test.skipIf(!installed)('npm run allure makes a report of Allure 3 that tells nobody (skipped where Allure is not installed; ci/test installs it)', { timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-allure-report-'))
  try {
    writeReports(sampleResults(), folder)
    execFileSync(join(root, 'ci/allure'), [folder], { stdio: ['ignore', 'ignore', 'inherit'] })
    const page = readFileSync(join(folder, 'allure-report/index.html'), 'utf8')
    expect(page).not.toContain('googletagmanager')
    const { stats } = JSON.parse(readFileSync(join(folder, 'allure-report/summary.json'), 'utf8')) as { stats: Record<string, number> }
    // The same requirement at two versions is two tests, and each verdict keeps its status.
    expect(stats).toMatchObject({ total: 6, passed: 1, failed: 1, broken: 2, skipped: 2 })
    // What is embedded is base64, file by file.
    const embedded = (path: string) => new RegExp(`d\\("${path}","([^"]*)"`).exec(page)?.[1]
    const environments = Buffer.from(embedded('widgets/environments.json') ?? '', 'base64').toString('utf8')
    expect(environments).toContain('API v1.24')
    expect(environments).toContain('API v1.25')
    expect(existsSync(join(folder, 'allure-history.jsonl'))).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
