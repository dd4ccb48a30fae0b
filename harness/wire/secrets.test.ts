import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordBody, recordLimit, type Exchange } from './exchange.ts'
import { blank, blankSecrets, blankValues } from './secrets.ts'

const base: Exchange = { method: 'POST', path: '/auth', requestHeaders: [], atMs: 0, durationMs: 0 }
const textOf = (record: { base64: string } | undefined) => Buffer.from(record?.base64 ?? '', 'base64').toString('latin1')
const blankedBody = (text: string) => blankSecrets({ ...base, requestBody: recordBody(Buffer.from(text, 'latin1')) }).requestBody

describe('headers', () => {
  test.each(['Authorization', 'x-registry-auth', 'X-Registry-Config', 'Proxy-Authorization', 'Cookie', 'SET-COOKIE'])('%s is blanked in both directions', (name) => {
    const exchange = blankSecrets({ ...base, requestHeaders: [['Host', 'x'], [name, 'hush']], responseHeaders: [[name, 'hush'], ['Server', 'y']] })
    expect(exchange.requestHeaders).toEqual([['Host', 'x'], [name, blank]])
    expect(exchange.responseHeaders).toEqual([[name, blank], ['Server', 'y']])
  })
})

describe('bodies', () => {
  test.each([
    ['{"username":"u","password":"hush","email":"e"}', `{"username":"u","password":"${blank}","email":"e"}`],
    ['{"Password" : "hush\\"hush"}', `{"Password" : "${blank}"}`],
    ['[{"auth":"hush"}]', `[{"auth":"${blank}"}]`],
    [' \n{"IdentityToken":"hush"}', ` \n{"IdentityToken":"${blank}"}`],
    ['{"JoinToken":"hush"}', `{"JoinToken":"${blank}"}`],
    ['{"JoinTokens":{"Worker":"SWMTKN-1-hush-hush","Manager":"SWMTKN-1-hush"}}', `{"JoinTokens":{"Worker":"${blank}","Manager":"${blank}"}}`],
    ['{"UnlockKey":"SWMKEY-1-hush"}', `{"UnlockKey":"${blank}"}`],
    ['{"password":"hush', `{"password":"${blank}"`],
    ['{"a":1}\n{"token":"hush"}\n', `{"a":1}\n{"token":"${blank}"}\n`],
  ])('%s', (text, blanked) => {
    expect(textOf(blankedBody(text))).toBe(blanked)
  })

  test('a record of a whole body stays one, a record of a part stays a part', () => {
    for (const secret of ['x', 'a long secret of many characters']) {
      const record = blankedBody(JSON.stringify({ password: secret }))
      expect(textOf(record)).toHaveLength(record?.size ?? -1)
    }
    const record = blankedBody(JSON.stringify({ password: 'hush', more: 'x'.repeat(2 * recordLimit) }))
    expect(textOf(record).length).toBeLessThan(record?.size ?? -1)
  })

  test('what is no JSON stays as it is, and so does JSON without secrets', () => {
    for (const text of ['password=hush', '{"passwords":1}', '\u0000\u00ff{"password":"x"}', '']) expect(textOf(blankedBody(text))).toBe(text)
  })

  test('a secret does not outlive blanking, wherever it stands', () => {
    fc.assert(fc.property(fc.constantFrom('password', 'Auth', 'IDENTITYTOKEN', 'registrytoken', 'Secret', 'token', 'JoinToken', 'UnlockKey'), fc.string({ minLength: 1 }), fc.jsonValue(), (name, tail, other) => {
      const text = JSON.stringify({ other, inner: [{ [name]: `hush-hush${tail}` }] })
      const blanked = textOf(blankSecrets({ ...base, responseBody: recordBody(Buffer.from(text)) }).responseBody)
      expect(blanked).not.toContain('hush-hush')
      expect(blanked).toContain(blank)
    }))
  })
})

test('pieces that crossed a connection are blanked where they are JSON, and keep their place', () => {
  const chunk = (text: string) => ({ from: 'daemon' as const, atMs: 7, ...recordBody(Buffer.from(text)) })
  const { chunks } = blankSecrets({ ...base, chunks: [chunk('{"password":"hush"}'), chunk('raw "password":"shown"')] })
  expect(chunks?.map(textOf)).toEqual([`{"password":"${blank}"}`, 'raw "password":"shown"'])
  expect(chunks?.[0]).toMatchObject({ from: 'daemon', atMs: 7 })
})

test('an exchange that never came to an answer keeps its form', () => {
  expect(blankSecrets({ ...base, error: 'reset' })).toEqual({ ...base, error: 'reset' })
})

describe('values', () => {
  const secret = 'hüsh "hush"/+~'

  test('stand nowhere any more, however they were written', () => {
    const written = [secret, JSON.stringify({ a: secret }), encodeURIComponent(secret), ...['', 'x', 'xy', 'xyz'].flatMap((before) => [Buffer.from(`${before}${secret}after`).toString('base64'), Buffer.from(`${before}${secret}`).toString('base64url')])]
    const kept = JSON.stringify(blankValues({ lines: written, body: { base64: Buffer.from(written.join(' ')).toString('base64'), size: 3 } }, [secret]))
    const body = Buffer.from((JSON.parse(kept) as { body: { base64: string } }).body.base64, 'base64').toString()
    for (const text of [kept, body]) {
      expect(text).toContain(blank)
      expect(text).not.toContain('hush')
      expect(text).not.toContain(encodeURIComponent('hüsh'))
      for (const token of text.match(/[\w+/-]{12,}/g) ?? []) expect(Buffer.from(token, 'base64').toString()).not.toContain('hush')
    }
  })

  test('leave the words of the suite alone, where a password is one of them', () => {
    const outcome = { id: 'secret-inspect', verdict: 'fail', failure: { difference: 'answered secret' }, transcript: [{ chunks: [{ from: 'daemon', base64: '' }] }] }
    expect(blankValues(outcome, ['secret', 'daemon', 'fail', 'transcript'])).toEqual({ ...outcome, failure: { difference: `answered ${blank}` } })
  })

  test('leave everything else as it is', () => {
    const data = { a: [1, null, true, 'text'], base64: 'aGFybWxlc3M=', nested: { b: undefined } }
    expect(blankValues(data, ['other secret'])).toEqual(data)
    expect(blankValues(data, [])).toBe(data)
  })
})
