import { describe, expect, test } from 'vitest'
import { comparisonHtml } from './comparison-html.ts'
import { compareResults } from './comparison.ts'
import { formatMatrix, judgedOf, matrixTable, type MatrixEntry } from './matrix.ts'
import { hostile, sampleResults } from './sample-results.ts'

const entries: MatrixEntry[] = [
  { image: 'docker:28-dind', name: 'docker-28-dind', results: sampleResults() },
  { image: 'docker:none', name: 'docker-none', why: `no daemon could be started: ${hostile}` },
]
const comparison = compareResults(judgedOf(entries).map(({ image, results }) => ({ name: image, results })))
const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/

describe('formatMatrix', () => {
  const text = formatMatrix(entries, comparison)

  test('says of each image what came of it, and where its report is', () => {
    expect(JSON.parse(text)).toMatchObject({
      format: 'plimsoll-matrix/1', comparison: 'index.html', common: 6, differing: 0,
      images: [
        { image: 'docker:28-dind', report: 'docker-28-dind/index.html', results: 'docker-28-dind/results.json', verdict: 'nonconformant', versions: ['1.24', '1.25'], counts: { pass: 1, fail: 1 } },
        { image: 'docker:none', name: 'docker-none', why: `no daemon could be started: ${hostile}` },
      ],
    })
  })

  test('names no comparison where nothing was judged', () => {
    expect(JSON.parse(formatMatrix(entries.slice(1), undefined))).toEqual({ format: 'plimsoll-matrix/1', images: [entries[1]] })
  })

  test('can be printed', () => {
    expect(text).not.toMatch(acting)
  })
})

test('in a terminal each image has a line, and what a daemon says acts on nothing', () => {
  const text = matrixTable(entries)
  expect(text).toMatch(/^image +daemon +API +verdict +pass +known +not-applicable +fail +blocked +fault\ndocker:28-dind +Docker<.*1\.24 to 1\.25 +nonconformant +1 /)
  expect(text).toContain('\ndocker:none could not be judged: no daemon could be started')
  expect(text.split('\n')).toHaveLength(3)
  expect(text).not.toMatch(acting)
  expect(matrixTable(entries.slice(1))).toMatch(/^docker:none could not be judged/)
})

test('the page of the comparison names who could not be judged, as text', () => {
  const page = comparisonHtml(comparison, [{ name: 'docker:none', why: hostile }])
  expect(page).toMatch(/&#10007; docker:none could not be judged: &lt;\/script&gt;/)
  expect(page.match(/<script/g)).toHaveLength(1)
  expect(page).not.toMatch(/<img|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufffe]/)
})
