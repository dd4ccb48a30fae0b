import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { NoResults, readResults } from './read-results.ts'
import { formatResults } from './results-json.ts'
import { sampleResults } from './sample-results.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-read-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'results.json')

test('reads what a run wrote, by file or by folder, and takes members that it does not know', () => {
  writeFileSync(path, formatResults({ ...sampleResults(), later: 1 } as never))
  expect(readResults(path).results).toMatchObject(sampleResults())
  expect(readResults(folder).path).toBe(path)
})

test.each<[string, string, RegExp]>([
  ['no JSON', '{', /can't be read as results: .*JSON/],
  ['another format', JSON.stringify({ ...sampleResults(), format: 'plimsoll-results/2' }), /no results of the format plimsoll-results\/1: it\/format/],
  ['a verdict of its own', JSON.stringify(sampleResults()).replace('"verdict":"pass"', '"verdict":"<b>"'), /no results of the format/],
  ['an outcome of nothing', JSON.stringify({ ...sampleResults(), requirements: [] }), /an outcome of "container-start-created" and no such requirement/],
])('refuses %s', (_, text, complaint) => {
  writeFileSync(path, text)
  expect(() => readResults(path)).toThrow(complaint)
  expect(() => readResults(path)).toThrow(NoResults)
})

test('refuses a file that is not there', () => {
  expect(() => readResults(join(folder, 'none.json'))).toThrow(/ENOENT/)
})
