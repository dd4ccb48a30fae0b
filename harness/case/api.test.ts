import { describe, expect, test } from 'vitest'
import { scriptedClient, type ScriptedAnswer } from '../daemon/scripted-client.ts'
import type { Exchange } from '../wire/exchange.ts'
import { createApi } from './api.ts'
import { Nonconformance } from './errors.ts'

function apiOf(answer: ScriptedAnswer) {
  const client = scriptedClient(() => answer)
  const transcript: Exchange[] = []
  const seen: string[] = []
  const api = createApi({
    client,
    prefix: '1.24',
    recording: { startedAt: 0, record: (exchange) => void transcript.push(exchange) },
    onRequest: () => {},
    onOpen: () => {},
    onAnswer: (method, path) => void seen.push(`${method} ${path}`),
  })
  return { api, client, transcript, seen }
}

describe('createApi', () => {
  test('puts the version before the path, and its exchanges on record', async () => {
    const { api, client, transcript, seen } = apiOf({})
    for (const method of ['get', 'head', 'post', 'put', 'delete'] as const) await api[method]('/x')
    await api.request('PATCH', '/x')
    const lines = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'].map((method) => `${method} /v1.24/x`)
    expect(client.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(lines)
    expect(transcript.map(({ method, path }) => `${method} ${path}`)).toEqual(lines)
    expect(seen[0]).toBe('GET /x')
  })

  test('leaves the version out where that is asked for', async () => {
    const { api, client } = apiOf({})
    await api.unversioned.get('/x', { query: { a: 1 } })
    expect(client.requests[0]?.path).toBe('/x?a=1')
  })

  test('writes queries: JSON for objects and lists, nothing for undefined, all of it escaped', async () => {
    const { api, client } = apiOf({})
    await api.get('/x', { query: { a: 'ä &', b: 0, c: false, d: undefined, e: { f: ['g'] }, h: ['i'], '&': '' } })
    expect(client.requests[0]?.path).toBe('/v1.24/x?a=%C3%A4%20%26&b=0&c=false&e=%7B%22f%22%3A%5B%22g%22%5D%7D&h=%5B%22i%22%5D&%26=')
    await api.get('/x?a=1', { query: { b: 2 } })
    expect(client.requests[1]?.path).toBe('/v1.24/x?a=1&b=2')
  })
})

describe('an answer', () => {
  test('has places, and undefined where there is none', async () => {
    const { api } = apiOf({ body: { State: { Running: true }, Names: ['/a', null], null: null } })
    const answer = await api.get('/x')
    expect(answer.at('State', 'Running')).toBe(true)
    expect(answer.at('Names', 0)).toBe('/a')
    for (const place of [['State', 'Paused', 'x'], ['Names', 1, 'x'], ['Names', 7], ['null', 'x'], ['toString'], ['constructor'], ['State', 'Running', 'x']] as const) expect(answer.at(...place)).toBeUndefined()
    expect(answer.at()).toEqual(answer.json())
    expect(answer.status).toBe(200)
  })

  test.each(['', '<html>', '{"a":'])('blames the daemon where its body is %j', async (body) => {
    const answer = await apiOf({ body }).api.get('/x')
    expect(() => answer.at('a')).toThrow(Nonconformance)
    expect(() => answer.list()).toThrow(/the body of the answer is no JSON/)
  })

  test('blames the daemon where a list was asked for and none came, with the exchange', async () => {
    expect((await apiOf({ body: [1] }).api.get('/x')).list().map((place) => place.at())).toEqual([1])
    for (const body of ['null', '{}', '"x"']) {
      const answer = await apiOf({ body }).api.get('/x')
      expect(() => answer.list()).toThrow(expect.objectContaining({ name: 'Nonconformance', exchange: answer.exchange }))
    }
  })
})
