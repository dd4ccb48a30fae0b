import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sampleResults } from './sample-results.ts'
import { writeReports } from './write.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-report-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('writeReports', () => {
  test('writes all parts of a report, into a folder that it makes', () => {
    const written = writeReports(sampleResults(), join(folder, 'a', 'b'))
    expect(readdirSync(join(folder, 'a', 'b')).sort()).toEqual(['allure-results', 'badge.json', 'badge.svg', 'ctrf.json', 'index.html', 'junit.xml', 'results.json'])
    for (const path of Object.values(written)) expect(existsSync(path)).toBe(true)
    expect((JSON.parse(readFileSync(written.results, 'utf8')) as { format: string }).format).toBe('plimsoll-results/1')
  })

  test('replaces an earlier report whole, and leaves what else is there', () => {
    writeFileSync(join(folder, 'notes.txt'), 'mine')
    mkdirSync(join(folder, 'allure-results'))
    writeFileSync(join(folder, 'allure-results', 'old-result.json'), '{}')
    mkdirSync(join(folder, 'allure-results.part'))
    writeFileSync(join(folder, 'allure-results.part', 'torn'), '')
    writeReports(sampleResults(), folder)
    const { allure } = writeReports(sampleResults(), folder)
    expect(readdirSync(folder).sort()).toEqual(['allure-results', 'badge.json', 'badge.svg', 'ctrf.json', 'index.html', 'junit.xml', 'notes.txt', 'results.json'])
    expect(readdirSync(allure).filter((name) => name.endsWith('-result.json'))).toHaveLength(6)
    expect(readdirSync(allure)).not.toContain('old-result.json')
    expect(readdirSync(allure)).not.toContain('torn')
  })
})
