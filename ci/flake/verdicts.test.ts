import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../harness/case/outcome.ts'
import { sampleResults } from '../../reports/sample-results.ts'
import { changedVerdicts, oddRounds, verdictsOf, type RoundVerdicts, type Standing } from './verdicts.ts'

/** Rounds in which one case has these verdicts; undefined where it has none. */
const roundsOf = (...verdicts: (Verdict | undefined)[]): RoundVerdicts[] =>
  verdicts.map((verdict, index) => ({ round: index + 1, verdicts: [{ id: 'always', version: '1.25', verdict: 'pass', reason: '' }, ...(verdict === undefined ? [] : [{ id: 'ping-ok', version: '1.25', verdict, reason: `why ${index + 1}` } as const])] }))

describe('changedVerdicts', () => {
  test.each<[what: string, verdicts: (Verdict | undefined)[], usual: Standing, odd: number[]]>([
    ['one that fails once', ['pass', 'pass', 'fail', 'pass'], 'pass', [3]],
    ['one that passes once', ['fail', 'pass', 'fail'], 'fail', [2]],
    ['a tie: what went wrong is odd', ['fail', 'pass'], 'pass', [1]],
    ['a tie of what is not judged and a block', ['not-applicable', 'blocked'], 'not-applicable', [2]],
    ['a round without a verdict on it', ['pass', undefined, 'pass'], 'pass', [2]],
    ['a tie with a round without one', [undefined, 'fail'], 'fail', [1]],
    ['red in two ways', ['fail', 'blocked', 'fail'], 'fail', [2]],
    ['a fault of the suite', ['fault', 'pass'], 'pass', [1]],
  ])('finds %s', (_what, verdicts, usual, odd) => {
    const changed = changedVerdicts(roundsOf(...verdicts))
    expect(changed).toMatchObject([{ id: 'ping-ok', version: '1.25', usual }])
    expect(oddRounds(changed)).toEqual(odd)
    expect(changed[0]?.rounds.map(({ verdict }) => verdict)).toEqual(verdicts.map((verdict) => verdict ?? 'absent'))
    expect(changed[0]?.rounds.map(({ reason }) => reason)).toEqual(verdicts.map((verdict, index) => (verdict === undefined ? '' : `why ${index + 1}`)))
  })

  test('finds nothing where every round says the same, though for other reasons', () => {
    expect(changedVerdicts(roundsOf('fail', 'fail', 'fail'))).toEqual([])
    expect(changedVerdicts([])).toEqual([])
  })

  test('takes a case at two versions for two, and tells them oldest first', () => {
    const told = (version: '1.18' | '1.25', verdict: Verdict) => ({ id: 'ping-ok', version, verdict, reason: '' })
    const changed = changedVerdicts([
      { round: 1, verdicts: [told('1.25', 'pass'), told('1.18', 'pass')] },
      { round: 2, verdicts: [told('1.25', 'fail'), told('1.18', 'blocked')] },
    ])
    expect(changed.map(({ version, usual }) => [version, usual])).toEqual([['1.18', 'pass'], ['1.25', 'pass']])
  })
})

test('what is kept of results acts on no terminal', () => {
  const told = verdictsOf(sampleResults())
  expect(told).toHaveLength(sampleResults().outcomes.length)
  expect(told.map(({ reason }) => reason).join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
})
