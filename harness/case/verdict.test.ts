import { describe, expect, test } from 'vitest'
import { DialError } from '../wire/dial.ts'
import { WireError } from '../wire/errors.ts'
import { FrameError } from '../wire/frames.ts'
import { HeadError } from '../wire/head.ts'
import { JsonStreamError } from '../wire/json-stream.ts'
import { TarError } from '../wire/tar.ts'
import { Blocked, Nonconformance, NotApplicable } from './errors.ts'
import type { KnownFailing } from './known-failings.ts'
import { exchange, requirement } from './sample-requirement.ts'
import { judge } from './verdict.ts'

const known: KnownFailing = { id: 'thing-start', versions: ['1.24'], because: 'expected status 204, got 500', reason: 'so it is', link: 'https://example.org/1' }
const body = Buffer.from('{"message":"no"}\n')
const last = exchange({ method: 'POST', path: '/v1.24/things/1/start', status: 500, reason: 'Internal Server Error', responseBody: { base64: body.toString('base64'), size: body.byteLength } })

const judged = (thrown: unknown, entries: readonly KnownFailing[] = [], transcript = [exchange(), last]) =>
  judge(requirement(), '1.24', { thrown, transcript, documented: 'must start a thing' }, entries)

/** What vitest's `expect` throws. */
function assertionError(check: () => void): unknown {
  try {
    check()
  } catch (error) {
    return error
  }
  throw new TypeError('the assertion holds')
}

describe('judge', () => {
  test('passes what threw nothing', () => {
    expect(judged(undefined)).toEqual({ verdict: 'pass' })
  })

  test('calls the entry of a pass stale, at its versions alone', () => {
    expect(judged(undefined, [known])).toEqual({ verdict: 'stale', reason: 'it passes, but is listed as known to fail ("so it is"): take the entry off the list' })
    expect(judged(undefined, [{ ...known, versions: ['1.23'] }])).toEqual({ verdict: 'pass' })
    expect(judged(undefined, [{ ...known, id: 'thing-stop' }])).toEqual({ verdict: 'pass' })
  })

  test('lets a race pass, and knows it where it fails', () => {
    const race: KnownFailing = { ...known, sometimes: true }
    expect(judged(undefined, [race])).toEqual({ verdict: 'pass' })
    expect(judged(undefined, [race, known])).toMatchObject({ verdict: 'stale' })
    expect(judged(new Nonconformance('expected status 204, got 500'), [race])).toMatchObject({ verdict: 'known' })
  })

  test('knows what could not be staged by its entry, and calls the rest blocked', () => {
    expect(judged(new Blocked('no thing: expected status 204, got 500'), [known])).toMatchObject({ verdict: 'known', unstaged: true, reason: 'so it is', failure: { difference: 'no thing: expected status 204, got 500' } })
    expect(judged(new Blocked('no thing: expected status 204, got 404'), [known])).toMatchObject({ verdict: 'blocked' })
  })

  test('says what was documented, sent and received, and where the two differ', () => {
    expect(judged(new Nonconformance('expected status 204, got 500'))).toEqual({
      verdict: 'fail',
      reason: 'expected status 204, got 500',
      failure: {
        documented: 'must start a thing',
        difference: 'expected status 204, got 500',
        sent: 'POST /v1.24/things/1/start',
        received: '500 Internal Server Error: {"message":"no"}',
      },
    })
  })

  test('shows the exchange that the error names rather than the last one', () => {
    const named = exchange({ path: '/v1.24/elsewhere', status: 204, reason: 'No Content' })
    expect(judged(new Nonconformance('no', named)).failure).toMatchObject({ sent: 'GET /v1.24/elsewhere', received: '204 No Content' })
    expect(judged(new WireError('deadline', 'no answer', { exchange: named })).failure).toMatchObject({ sent: 'GET /v1.24/elsewhere' })
  })

  test('tells an exchange without an answer', () => {
    const { status: _, reason: __, ...silent } = exchange({ error: 'the connection broke' })
    expect(judged(new Nonconformance('no', silent)).failure?.received).toBe('the connection broke')
    expect(judged(new Nonconformance('no'), [], []).failure).toEqual({ documented: 'must start a thing', difference: 'no' })
  })

  test('takes a failure for known where its entry says so, and only then', () => {
    expect(judged(new Nonconformance('expected status 204, got 500 with no'), [known])).toMatchObject({ verdict: 'known', reason: 'so it is', link: 'https://example.org/1', failure: { difference: 'expected status 204, got 500 with no' } })
    expect(judged(new Nonconformance('expected status 204, got 404'), [known])).toMatchObject({ verdict: 'fail' })
  })

  test('finds the fitting one among several entries', () => {
    const other = { ...known, because: 'got 404', reason: 'other' }
    expect(judged(new Nonconformance('expected status 204, got 500'), [other, known])).toMatchObject({ verdict: 'known', reason: 'so it is' })
  })

  test.each([
    new Nonconformance('differs'),
    new WireError('connection', 'differs'),
    new DialError('differs'),
    new FrameError('truncated', 0, 'differs'),
    new HeadError(0, 'differs'),
    new JsonStreamError('truncated', 0, 'differs'),
    new TarError('differs', { offset: 0 }),
    assertionError(() => expect('differs').toBe('x')),
  ])('blames the daemon for %s', (error) => {
    expect(judged(error)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('differs') as unknown })
  })

  test.each([
    new TypeError('x is undefined'),
    new ReferenceError('x'),
    new RangeError('x'),
    new SyntaxError('x'),
    new Error('x'),
    'x is undefined',
    null,
    { message: 'x' },
  ])('calls %s a fault of ours, never known', (thrown) => {
    const { verdict, reason, failure } = judged(thrown, [{ ...known, because: 'x' }])
    expect(verdict).toBe('fault')
    expect(reason).toMatch(/^the suite itself broke: /)
    expect(failure).toBeUndefined()
  })

  test('blocks what could not be staged', () => {
    expect(judged(new Blocked('expected status 204, got 500', { exchange: last }))).toMatchObject({ verdict: 'blocked', reason: 'expected status 204, got 500', failure: { sent: 'POST /v1.24/things/1/start' } })
  })

  test('gives the reason of what is not applicable, even where it is listed', () => {
    expect(judged(new NotApplicable('no cgroups'), [known])).toEqual({ verdict: 'not-applicable', reason: 'no cgroups' })
  })

  test('shows both sides of a comparison that the message cuts short', () => {
    const error = assertionError(() => expect({ a: [1, 2, { b: 'x'.repeat(50) }] }).toEqual({ a: [] }))
    expect(judged(error).failure?.difference).toMatch(/; expected \{ a: \[\] \}; got \{ a: \[ 1, 2, \{ b: 'x{50}' \} \] \}$/)
    expect(judged(assertionError(() => expect(1).toBe(2))).failure?.difference).not.toContain('; expected')
  })

  test('makes hostile text visible, and cuts it', () => {
    const { reason, failure } = judged(new Nonconformance(`\u001b[2J\u202egnp ${'x'.repeat(5000)}`))
    expect(reason).toMatch(/^\\x1b\[2J\\u202egnp x+…$/)
    expect(reason?.length).toBeLessThan(2100)
    expect(failure?.difference).not.toMatch(/[\u001b\u202e]/)
  })
})
