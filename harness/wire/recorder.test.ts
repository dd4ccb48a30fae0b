import { describe, expect, test } from 'vitest'
import { recordLimit, type Exchange } from './exchange.ts'
import { beginExchange } from './recorder.ts'
import { blank } from './secrets.ts'

function begin(request: Partial<Parameters<typeof beginExchange>[1]> = {}) {
  const recorded: Exchange[] = []
  const recorder = beginExchange({ startedAt: performance.now(), record: (exchange) => recorded.push(exchange) }, { method: 'GET', path: '/info', headers: [], ...request })
  return { recorder, recorded }
}

describe('beginExchange', () => {
  test('records once, whatever is said after the end', () => {
    const { recorder, recorded } = begin()
    recorder.answered(200, 'OK', [['Server', 'x']])
    recorder.answerBody(Buffer.from('abc'))
    const finished = recorder.finish()
    recorder.chunk('daemon', Buffer.from('late'))
    expect(recorder.finish('late')).toBe(finished)
    expect(recorded).toEqual([finished])
    expect(finished).toMatchObject({ method: 'GET', path: '/info', status: 200, reason: 'OK', responseHeaders: [['Server', 'x']], responseBody: { size: 3 } })
    expect(finished).not.toHaveProperty('error')
    expect(finished).not.toHaveProperty('chunks')
  })

  test('an exchange without an answer has its error and no status', () => {
    const { recorder } = begin()
    const finished = recorder.finish('no answer')
    expect(finished.error).toBe('no answer')
    expect(finished).not.toHaveProperty('status')
  })

  test('secrets are blanked before anybody gets the record', () => {
    const { recorder, recorded } = begin({ headers: [['X-Registry-Auth', 'hush']], body: Buffer.from('{"password":"hush"}') })
    recorder.chunk('daemon', Buffer.from('{"token":"hush"}'))
    recorder.answerBody(Buffer.from('{"IdentityToken":"hush"}'))
    const finished = recorder.finish()
    for (const exchange of [finished, ...recorded]) {
      expect(JSON.stringify(exchange.requestHeaders)).toContain(blank)
      const bodies = [exchange.requestBody, exchange.responseBody, exchange.chunks?.[0]].map((record) => Buffer.from(record?.base64 ?? '', 'base64').toString())
      for (const body of bodies) expect(body).toMatch(new RegExp(`^\\{"\\w+":"${blank}"\\}$`))
    }
  })

  test('of an endless stream it keeps the beginning, and every size', () => {
    const { recorder } = begin()
    for (let sent = 0; sent < 300; sent += 1) recorder.chunk(sent % 2 === 0 ? 'daemon' : 'client', new Uint8Array(1000))
    const { chunks = [] } = recorder.finish()
    expect(chunks).toHaveLength(256)
    expect(chunks.every(({ size }) => size === 1000)).toBe(true)
    expect(chunks.reduce((sum, { base64 }) => sum + Buffer.from(base64, 'base64').byteLength, 0)).toBe(2 * recordLimit)
  })

  test('the size of a body is that of all of it', () => {
    const { recorder } = begin()
    recorder.answerBody(new Uint8Array(10), 1_000_000)
    expect(recorder.finish().responseBody?.size).toBe(1_000_000)
  })
})
