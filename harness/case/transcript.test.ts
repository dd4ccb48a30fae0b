import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordBody } from '../wire/exchange.ts'
import { exchange } from './sample-requirement.ts'
import { trimTranscript, unionLength, waitedMs } from './transcript.ts'

describe('trimTranscript', () => {
  const long = recordBody(Buffer.alloc(5000, 'a'))
  const whole = exchange({ requestBody: long, responseBody: long, chunks: Array.from({ length: 20 }, () => ({ ...long, from: 'daemon' as const, atMs: 1 })) })

  test.each(['fail', 'blocked', 'known', 'stale', 'fault', 'not-applicable', 'withheld'] as const)('leaves what came of %s whole', (verdict) => {
    expect(trimTranscript([whole], verdict)).toEqual([whole])
  })

  test('cuts what passed, and still says how long it was', () => {
    const [cut] = trimTranscript([whole], 'pass')
    expect(cut?.requestBody).toEqual({ base64: Buffer.alloc(450, 'a').toString('base64'), size: 5000 })
    expect(cut?.responseBody?.size).toBe(5000)
    expect(cut?.chunks).toHaveLength(8)
    expect(cut?.chunks?.[0]).toMatchObject({ from: 'daemon', atMs: 1, size: 5000 })
    expect(trimTranscript(Array.from({ length: 50 }, () => whole), 'pass')).toHaveLength(30)
  })

  test('keeps short bodies and what is not there', () => {
    const short = exchange({ responseBody: recordBody(Buffer.from('OK')) })
    expect(trimTranscript([short], 'pass')).toEqual([short])
  })
})

describe('unionLength', () => {
  test.each([
    [[], 0],
    [[[0, 10]], 10],
    [[[0, 10], [5, 15]], 15],
    [[[5, 15], [0, 10]], 15],
    [[[0, 10], [20, 30]], 20],
    [[[0, 30], [10, 20]], 30],
    [[[0, 10], [10, 20]], 20],
    [[[5, 5]], 0],
  ] as [[number, number][], number][])('%j: %i', (intervals, length) => {
    expect(unionLength(intervals)).toBe(length)
  })

  test('counts each moment once', () => {
    const interval = fc.tuple(fc.nat(50), fc.nat(20)).map(([from, length]) => [from, from + length] as const)
    fc.assert(
      fc.property(fc.array(interval), (intervals) => {
        const moments = Array.from({ length: 80 }, (_, moment) => moment).filter((moment) => intervals.some(([from, to]) => from <= moment && moment < to))
        expect(unionLength(intervals)).toBe(moments.length)
      }),
    )
  })

  test('waitedMs takes the exchanges for intervals', () => {
    expect(waitedMs([exchange({ atMs: 0, durationMs: 10 }), exchange({ atMs: 5, durationMs: 10 })])).toBe(15)
  })
})
