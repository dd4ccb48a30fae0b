import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { overhear, type Overheard } from './overhear.ts'

/** What is told of bytes that come in pieces: `>` from the client, `<` from the daemon. */
function told(pieces: readonly (readonly ['>' | '<', string | Buffer])[], close = true): { exchanges: Overheard[]; puzzles: string[] } {
  const exchanges: Overheard[] = []
  const puzzles: string[] = []
  const tap = overhear((each) => exchanges.push(each), (what) => puzzles.push(what))
  for (const [from, text] of pieces) (from === '>' ? tap.fromClient : tap.fromDaemon)(Buffer.from(text))
  if (close) tap.closed()
  return { exchanges, puzzles }
}

const get = 'GET /v1.18/info HTTP/1.1\r\nHost: x\r\n\r\n'
const post = 'POST /v1.25/containers/create?name=x HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"Image":"x"}'
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'
const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab\r\n\r\n1\r\nc\r\n0\r\n\r\n'

describe('overhearing', () => {
  test('tells requests and answers in their order, with bodies free of their coding', () => {
    const { exchanges, puzzles } = told([['>', post], ['<', ok], ['>', get], ['<', chunked]])
    expect(puzzles).toEqual([])
    expect(exchanges.map(({ method, path, status }) => [method, path, status])).toEqual([['POST', '/v1.25/containers/create?name=x', 200], ['GET', '/v1.18/info', 200]])
    expect(exchanges[0]?.requestBody.toString()).toBe('{"Image":"x"}')
    expect(exchanges[1]?.responseBody.toString()).toBe('ab\r\nc')
  })

  test('takes a chunked request', () => {
    const { exchanges } = told([['>', 'PUT /v1.20/containers/x/archive?path=/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'], ['<', ok]])
    expect(exchanges).toMatchObject([{ method: 'PUT', status: 200, requestBody: Buffer.from('abc') }])
  })

  test('knows answers without a body, and interim ones', () => {
    const { exchanges, puzzles } = told([
      ['>', 'HEAD /v1.20/a HTTP/1.1\r\n\r\n'], ['<', 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n'],
      ['>', get], ['<', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n'],
      ['>', get], ['<', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ])
    expect(puzzles).toEqual([])
    expect(exchanges.map(({ status }) => status)).toEqual([200, 304, 204])
  })

  test('tells an answer that goes on until the connection closes', () => {
    expect(told([['>', get], ['<', 'HTTP/1.1 200 OK\r\n\r\nsome'], ['<', ' more']]).exchanges).toMatchObject([{ status: 200, responseBody: Buffer.from('some more') }])
  })

  test('tells a stream that is taken over by the content type', () => {
    const { exchanges } = told([['>', 'POST /v1.25/exec/x/start HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}'], ['<', 'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n\x01\0\0\0'], ['>', 'HTTP no more']])
    expect(exchanges).toMatchObject([{ status: 200, hijacked: true, requestBody: Buffer.from('{}') }])
  })

  test('tells a request without an answer', () => {
    expect(told([['>', get]]).exchanges).toMatchObject([{ path: '/v1.18/info' }])
    expect(told([['>', get]]).exchanges[0]).not.toHaveProperty('status')
  })

  test('says once what it does not understand, and hears no more', () => {
    const { exchanges, puzzles } = told([['>', get], ['<', 'SSH-2.0-x\r\n\r\n'], ['<', ok], ['>', get]])
    expect(puzzles).toEqual(['GET /v1.18/info: no status line: "SSH-2.0-x"'])
    expect(exchanges).toHaveLength(1)
  })

  test('tells the same however the bytes are cut', () => {
    const whole = told([['>', post], ['<', chunked], ['>', get], ['<', ok]]).exchanges
    const pieces = (bytes: Buffer, at: readonly number[]) => {
      const cuts = [0, ...at.map((each) => each % bytes.byteLength).sort((one, other) => one - other), bytes.byteLength]
      return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end))
    }
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 8 }), (one, other) => {
        const cut = (from: '>' | '<', text: string, at: number[]) => pieces(Buffer.from(text), at).map((piece) => [from, piece] as const)
        const { exchanges, puzzles } = told([...cut('>', post, one), ...cut('<', chunked, other), ...cut('>', get, other), ...cut('<', ok, one)])
        expect(puzzles).toEqual([])
        expect(exchanges).toEqual(whole)
      }),
    )
  })

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('>' as const, '<' as const), fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)))), (noise) => {
        expect(() => told([['>', get], ...noise])).not.toThrow()
      }),
    )
  })
})
