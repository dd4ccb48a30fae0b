import { describe, expect, test } from 'vitest'
import type { Proof, ProvedFault } from '../../reports/proof.ts'
import type { Fault } from '../faults/fault.ts'
import { CouldNotRun } from './exit.ts'
import { formatExpectations, parseExpectations, regressions } from './expected-proof.ts'

const fault = (id: string, more: Partial<ProvedFault>): ProvedFault => ({
  id, kind: 'crafted', operation: 'GET /_ping', area: 'system', sentence: 'ping lies', versions: ['1.24'], result: 'survived', tried: 1, blocked: 0, altered: ['GET /v1.24/_ping'], ...more,
})
const noticed = { case: 'ping-ok', version: '1.24', through: 'case', charged: ['GET /_ping'], rightly: true, difference: '' } as const
const proof = (...faults: ProvedFault[]): Proof => ({
  format: 'plimsoll-proof/1', suite: { name: 'plimsoll', version: '0' }, run: { startedAt: '', durationMs: 0, interrupted: false, arguments: [] },
  daemon: { endpoint: '', product: '', version: '', os: '', arch: '', kernel: '' }, versions: ['1.24'], faults, broken: [],
})

describe('what an earlier proof found', () => {
  test('is written and read again', () => {
    const text = formatExpectations(proof(fault('b', { result: 'noticed', noticed }), fault('a', {})))
    expect(text).toBe('a\tsurvived\nb\tnoticed\t1.24\tping-ok\n')
    expect([...parseExpectations(`# a word\n${text}`, 'x')]).toEqual([['a', { result: 'survived' }], ['b', { result: 'noticed', version: '1.24', case: 'ping-ok' }]])
  })

  test.each([['a\tmaybe', /line 1: "maybe" is no result/], ['a\tsurvived\nb\tnoticed', /line 2: .*version and the case/], ['b\tnoticed\tv1\tx', /line 1/]])('is refused where a line is none: %s', (text, complaint) => {
    expect(() => parseExpectations(text, 'x')).toThrow(CouldNotRun)
    expect(() => parseExpectations(text, 'x')).toThrow(complaint)
  })

  const drawn = [{ id: 'a' }] as unknown as Fault[]
  const before = parseExpectations('a\tnoticed\t1.24\tping-ok', 'x')
  test.each<[string, Proof, RegExp | undefined]>([
    ['is noticed again', proof(fault('a', { result: 'noticed', noticed })), undefined],
    ['survives', proof(fault('a', {})), /a: ping-ok noticed it at 1.24, and it is survived now \(GET \/v1.24\/_ping\)/],
    ['is not reached by the case any more', proof(fault('a', { result: 'not-exercised', tried: 0, altered: [] })), /not reached/],
    ['is said to be unobservable', proof(fault('a', { result: 'unobservable', altered: [] })), /unobservable/],
    ['was not tried', proof(), /was not tried/],
  ])('is held against a fault that %s', (_, now, complaint) => {
    const found = regressions(before, now, drawn)
    if (complaint === undefined) expect(found).toEqual([])
    else expect(found).toEqual([expect.stringMatching(complaint)])
  })
})
