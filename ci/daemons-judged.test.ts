import { expect, test } from 'vitest'
import { NoResults } from '../reports/read-results.ts'
import { sampleResults } from '../reports/sample-results.ts'
import { judgedDaemon } from './daemons-judged.ts'

const { run, ...rest } = sampleResults()
const whole = { ...rest, run: { ...run, interrupted: false, narrowed: ['--api 1.24,1.25'] } }

test('a whole run is a line, whatever versions it judged', () => {
  expect(judgedDaemon(whole, 'results.json')).toMatchObject({ verdict: whole.verdict, counts: whole.counts, judged: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as unknown })
})

test.each([
  ['was cut short', { interrupted: true }],
  ['left a part of the suite out', { narrowed: ['--area exec'] }],
])('a run that %s is refused', (says, part) => {
  expect(() => judgedDaemon({ ...whole, run: { ...whole.run, ...part } }, 'results.json')).toThrow(NoResults)
  expect(() => judgedDaemon({ ...whole, run: { ...whole.run, ...part } }, 'results.json')).toThrow(says)
})
