import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestResult } from 'allure-js-commons'
import { afterAll, describe, expect, test } from 'vitest'
import { writeAllure } from './allure.ts'
import { readDocuments } from './documents.ts'
import { sampleResults } from './sample-results.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-allure-'))
afterAll(() => rmSync(folder, { recursive: true }))

writeAllure(sampleResults(), readDocuments(), folder)
const files = readdirSync(folder)
const tests = files.filter((name) => name.endsWith('-result.json')).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as TestResult)
const testOf = (version: string, id: string) => tests.find(({ fullName }) => fullName?.startsWith(`v${version} `) && fullName.endsWith(` ${id}`))
const label = (result: TestResult | undefined, name: string) => result?.labels.find((candidate) => candidate.name === name)?.value

describe('writeAllure', () => {
  test('has one result per requirement and version, with histories of their own', () => {
    expect(tests).toHaveLength(6)
    expect(new Set(tests.map(({ historyId }) => historyId)).size).toBe(6)
    expect(new Set(tests.map(({ testCaseId }) => testCaseId)).size).toBe(6)
  })

  test('the same requirement and version keep their history from run to run', () => {
    const again = mkdtempSync(join(folder, 'again-'))
    writeAllure(sampleResults(), readDocuments(), again)
    const ids = readdirSync(again).filter((name) => name.endsWith('-result.json')).map((name) => (JSON.parse(readFileSync(join(again, name), 'utf8')) as TestResult).historyId)
    expect(new Set(ids)).toEqual(new Set(tests.map(({ historyId }) => historyId)))
  })

  test('sorts by version, area and operation, and grades by level', () => {
    const result = testOf('1.25', 'container-create-auto-remove')
    expect(['epic', 'feature', 'story', 'severity'].map((name) => label(result, name))).toEqual(['API v1.25', 'containers', 'POST /containers/create', 'normal'])
    expect(label(testOf('1.25', 'container-start-created'), 'severity')).toBe('critical')
    expect(label(testOf('1.24', 'container-create-old'), 'severity')).toBe('minor')
    expect(result?.links.map(({ url }) => url)).toEqual([
      expect.stringContaining('/v1.25/#operation/ContainerCreate'),
      expect.stringContaining('version-history.md#v125-api-changes'),
      'https://example.org/issues/1',
    ])
  })

  test('gives each verdict its status, and its reason', () => {
    expect(tests.map(({ fullName, status }) => `${fullName} ${status}`).sort()).toEqual([
      'v1.24 containers container-create-old broken',
      'v1.24 containers container-start-created passed',
      'v1.24 system ping skipped',
      'v1.25 containers container-create-auto-remove skipped',
      'v1.25 containers container-start-created failed',
      'v1.25 system ping broken',
    ])
    expect(testOf('1.25', 'container-start-created')?.statusDetails.message).toMatch(/^fail: expected 204, not 500 /)
    expect(testOf('1.25', 'container-start-created')?.statusDetails.trace).toContain('documented: it answers 204')
  })

  test('keeps times', () => {
    const { start, stop } = testOf('1.24', 'container-start-created') ?? {}
    expect([start, stop]).toEqual([1_767_323_045_000, 1_767_323_045_120])
  })

  test('attaches the transcript, with what the daemon sent made visible', () => {
    const source = testOf('1.25', 'container-start-created')?.attachments[0]?.source ?? 'missing'
    const transcript = readFileSync(join(folder, source), 'utf8')
    expect(transcript).toContain('> POST /v1.25/containers/x/attach?stream=1')
    expect(transcript).toContain('# frame at byte 0: stdout')
    expect(transcript).toMatch(/^curl .*v1\.25\/containers\/create/m)
    expect(transcript).toContain('# it ended badly: no answer in time')
    expect(transcript.indexOf('/events')).toBeLessThan(transcript.indexOf('/attach'))
  })

  test('no file holds a character that acts on a terminal', () => {
    for (const name of files) expect(readFileSync(join(folder, name), 'utf8'), name).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  })
})
