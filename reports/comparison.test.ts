import { describe, expect, test } from 'vitest'
import type { Outcome, Verdict } from '../harness/case/outcome.ts'
import { comparisonHtml } from './comparison-html.ts'
import { comparisonMarkdown } from './comparison-markdown.ts'
import { summarizeComparison } from './comparison-terminal.ts'
import { compareResults, nameAll } from './comparison.ts'
import type { Results } from './results.ts'
import { hostile, sampleResults } from './sample-results.ts'

/** The sample with one verdict for a requirement at a version. */
function withVerdict(id: string, version: string, verdict: Verdict): Results {
  const sample = sampleResults()
  const change = (outcome: Outcome) => (outcome.id === id && outcome.version === version ? { ...outcome, verdict, reason: `now ${verdict} ${hostile}` } : outcome)
  return { ...sample, outcomes: sample.outcomes.map(change) }
}

const compare = (...results: Results[]) => compareResults(results.map((each, index) => ({ name: `daemon ${index + 1}`, results: each })))

describe('compareResults', () => {
  test.each<[Verdict, Verdict, string | undefined, boolean]>([
    ['pass', 'fail', 'worse', true],
    ['pass', 'known', 'worse', false],
    ['known', 'blocked', 'worse', true],
    ['not-applicable', 'fail', 'worse', true],
    ['fail', 'pass', 'better', false],
    ['stale', 'pass', 'better', false],
    ['fail', 'not-applicable', 'better', false],
    ['pass', 'not-applicable', 'lost', false],
    ['known', 'withheld', 'lost', false],
    ['withheld', 'pass', 'gained', false],
    ['fail', 'blocked', undefined, false],
    ['not-applicable', 'withheld', undefined, false],
  ])('from %s to %s is %s', (before, after, change, regression) => {
    const found = compare(withVerdict('container-start-created', '1.24', before), withVerdict('container-start-created', '1.24', after))
    expect(found.differing.map(({ requirement, version, changes }) => [requirement.id, version, ...changes])).toEqual(change === undefined ? [] : [['container-start-created', '1.24', change]])
    expect(found.regression).toBe(regression)
  })

  test('says nothing of what not all have', () => {
    const sample = sampleResults()
    const less = { ...sample, outcomes: sample.outcomes.filter(({ version }) => version === '1.25'), versions: { ...sample.versions, run: ['1.25'] as const } }
    const found = compare(sample, less)
    expect(found.versions).toEqual(['1.25'])
    expect([found.common, found.only, found.differing]).toEqual([3, [3, 0], []])
  })

  test('holds each against the first', () => {
    const found = compare(sampleResults(), withVerdict('ping', '1.25', 'pass'), withVerdict('container-start-created', '1.24', 'fail'))
    expect(found.differing.map(({ requirement, changes }) => [requirement.id, ...changes])).toEqual([['container-start-created', undefined, 'worse'], ['ping', 'better', undefined]])
  })
})

test('names tell daemons apart, then runs, then files', () => {
  const named = (...results: Results[]) => nameAll(results.map((each, index) => ({ path: `${index}.json`, results: each }))).map(({ name }) => name)
  const [one, other] = [sampleResults(), sampleResults()]
  const plain = { ...one, daemon: { ...one.daemon, product: 'A', version: '1' } }
  expect(named(plain, { ...other, daemon: { ...one.daemon, product: 'B', version: '2' } })).toEqual(['A 1', 'B 2'])
  expect(named(plain, { ...plain, run: { ...plain.run, startedAt: '2026-02-02T00:00:00Z' } })).toEqual(['A 1, 2026-01-02 03:04', 'A 1, 2026-02-02 00:00'])
  expect(named(plain, plain)).toEqual(['A 1, 0.json', 'A 1, 1.json'])
})

const differing = compareResults(nameAll([{ path: 'a', results: sampleResults() }, { path: 'b', results: withVerdict('container-start-created', '1.24', 'fail') }]))

describe('comparisonMarkdown', () => {
  const text = comparisonMarkdown(differing)

  test('says what got worse, and why', () => {
    expect(text).toContain('**✗ Something got red that was not.**')
    expect(text).toContain('#### Got worse: 1')
    expect(text).toMatch(/- <code>container-start-created<\/code> at 1\.24: pass → \*\*fail\*\*: <code>now fail /)
  })

  test('lets nothing that a daemon sent be more than text', () => {
    const outside = text.replace(/<code>[^<]*<\/code>/g, 'x').replace(/^#+ /gm, '')
    expect(outside).not.toMatch(/[<&@#`]|alert|\[31m/)
    for (const [, inside] of text.matchAll(/<code>([^<]*)<\/code>/g)) expect(inside).toMatch(/^(?:[\p{L}\p{N} ,…\-/.%?=+;'"]|&#\d+;)*$/u)
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    // A table stays the table that it is.
    expect(new Set(text.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').length)).size).toBe(1)
  })
})

test('the page of a comparison runs nothing, and shows what a daemon sent as text', () => {
  const page = comparisonHtml({ ...differing, compared: differing.compared.map((each) => ({ ...each, report: './a%20b/index.html' })) })
  expect(page).toContain('<a href="./a%20b/index.html#r-container-start-created-v1.24">evidence</a>')
  expect(page.match(/<script/g)).toHaveLength(1)
  expect(page).not.toMatch(/<[^>]+ (src|style|on\w+|srcset|action)=|<img/)
  expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufffe\uffff]/)
  expect(page).toContain('id="worse-container-start-created"')
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target)
})

test('in a terminal each verdict that got worse has a line that acts on nothing', () => {
  const text = summarizeComparison(differing, process.stdout)
  expect(text).toMatch(/v1\.24 container-start-created: pass → fail: now fail/)
  expect(text.replace(/\u001b\[\d+m/g, '')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
})
