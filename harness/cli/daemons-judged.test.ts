import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { daemonsJudged, readJudged } from './daemons-judged.ts'
import { CouldNotRun } from './exit.ts'

function listOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-judged-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'list.tsv')
  writeFileSync(path, text)
  return path
}

test('a line is what a whole run found on a daemon', () => {
  expect(readJudged(listOf('# said by hand\nDocker 20.10.24\t1.18 to 1.25\t2026-11-29\tconformant\t6448\t91\t39\t0\t0\t0\t0\t0\n'))).toEqual([
    { daemon: 'Docker 20.10.24', versions: '1.18 to 1.25', judged: '2026-11-29', verdict: 'conformant', counts: { pass: 6448, known: 91, 'not-applicable': 39, withheld: 0, fail: 0, blocked: 0, stale: 0, fault: 0 } },
  ])
})

test.each([
  ['too few fields', 'Docker 20.10.24\t1.18 to 1.25\t2026-11-29\tconformant\t6448\n'],
  ['a verdict that there is not', 'Docker 20.10.24\t1.18 to 1.25\t2026-11-29\tfine\t6448\t91\t39\t0\t0\t0\t0\t0\n'],
  ['a count that is no number', 'Docker 20.10.24\t1.18 to 1.25\t2026-11-29\tconformant\tmany\t91\t39\t0\t0\t0\t0\t0\n'],
])('a line with %s is refused, and named', (_, text) => {
  expect(() => readJudged(listOf(`# said by hand\n${text}`))).toThrow(/list\.tsv, line 2: /)
})

test('refuses a list that is not there', () => {
  expect(() => readJudged('/no/such.tsv')).toThrow(CouldNotRun)
})

test('the list that comes with the suite has the six daemons of ci/daemons', () => {
  const names = readJudged(daemonsJudged).map(({ daemon }) => daemon)
  for (const name of ['Docker 20.10.', 'Docker 26.1.', 'Docker 28.5.', 'Podman 4.3.', 'Podman 5.4.', 'Podman 5.8.']) expect(names).toContainEqual(expect.stringContaining(name))
})
