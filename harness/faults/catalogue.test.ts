import { describe, expect, test } from 'vitest'
import { loadCatalogue } from '../schema/load.ts'
import { documentedVersions } from '../versions.ts'
import { mutationOf, readSeen, showsIn } from './asked.ts'
import { allFaults, staleUnobservable } from './catalogue.ts'
import type { Alteration, AnswerHead, Fault, RequestHead } from './fault.ts'
import { faultKinds } from './fault.ts'
import { drawSample } from './sample.ts'
import { withoutParameter } from './systematic.ts'

const catalogue = loadCatalogue()
const faults = allFaults(catalogue)
const fault = (id: string): Fault => faults.find((each) => each.id === id) ?? expect.fail(`there is no fault ${id}`)
const get = (path: string): RequestHead => ({ method: 'GET', path, headers: [] })

describe('the faults', () => {
  test('are thousands, each of a kind, with an id of its own, at some versions', () => {
    expect(faults.flatMap(({ versions }) => versions).length).toBeGreaterThan(10_000)
    expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length)
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(faultKinds))
    expect(faults.filter(({ versions }) => versions.length === 0 || versions.some((version) => !documentedVersions.some((known) => known === version)))).toEqual([])
    expect(faults.filter(({ id }) => /[\s\t]/.test(id)).map(({ id }) => id)).toEqual([])
  })

  test('of the crafted kind are 80 at least, and each says what it is', () => {
    const crafted = faults.filter(({ kind }) => kind === 'crafted')
    expect(crafted.length).toBeGreaterThanOrEqual(80)
    expect(crafted.filter(({ sentence }) => sentence.split(' ').length < 2).map(({ id }) => id)).toEqual([])
  })

  test('hold for their operation and their versions alone', () => {
    const mutation = mutationOf(fault('container-logs.ignored-query.since'), catalogue.operations)
    expect(mutation(get('/v1.19/containers/x/logs?since=1'))).toBeDefined()
    expect(mutation(get('/v1.18/containers/x/logs?since=1'))).toBeUndefined()
    expect(mutation(get('/v1.19/containers/x/json?since=1'))).toBeUndefined()
  })

  test('of the list of those that can’t be seen are there', () => {
    expect(staleUnobservable(faults)).toEqual([])
  })
})

describe('each kind changes what it says', () => {
  const head: AnswerHead = { status: 200, reason: 'OK', headers: [['Content-Type', 'application/json'], ['X-Docker-Container-Path-Stat', 'e30=']] }
  const alterationOf = (id: string, request: RequestHead): Alteration => mutationOf(fault(id), catalogue.operations)(request) ?? expect.fail(`${id} leaves the request alone`)
  const answered = (id: string, request: RequestHead, body: unknown, given = head): unknown => {
    const rewriter = alterationOf(id, request).body?.(given)
    return JSON.parse(Buffer.concat([rewriter?.push(Buffer.from(JSON.stringify(body))) ?? new Uint8Array(), rewriter?.end() ?? new Uint8Array()]).toString())
  }

  test('a query parameter', () => {
    expect(alterationOf('container-list.ignored-query.limit', get('/v1.24/containers/json?limit=1&all=1')).request?.(get('/v1.24/containers/json?limit=1&all=1')).path).toBe('/v1.24/containers/json?all=1')
    expect(withoutParameter('/x?a=%20&b&a=2', 'a')).toBe('/x?b')
    expect(withoutParameter('/x?a=1', 'a')).toBe('/x')
  })

  test('a field of the request', () => {
    const change = alterationOf('container-create.ignored-body.HostConfig.Memory', { method: 'POST', path: '/v1.25/containers/create', headers: [] }).requestBody
    expect(JSON.parse(Buffer.from(change?.(Buffer.from('{"Image":"x","HostConfig":{"Memory":1,"Init":true}}')) ?? []).toString())).toEqual({ Image: 'x', HostConfig: { Init: true } })
  })

  test('a header of the request', () => {
    const push: RequestHead = { method: 'POST', path: '/v1.24/images/x/push', headers: [['Host', 'd'], ['x-registry-auth', 'e30=']] }
    expect(alterationOf('image-push.ignored-header.X-Registry-Auth', push).request?.(push).headers).toEqual([['Host', 'd']])
  })

  test('a field of the answer', () => {
    const request = get('/v1.24/containers/x/json')
    const body = { Id: 'x', State: { Running: true } }
    expect(answered('container-inspect.field-missing.State.Running', request, body)).toEqual({ Id: 'x', State: {} })
    expect(answered('container-inspect.field-null.State.Running', request, body)).toEqual({ Id: 'x', State: { Running: null } })
    expect(answered('container-inspect.field-type.State.Running', request, body)).toEqual({ Id: 'x', State: { Running: 'true' } })
    expect(answered('container-inspect.field-missing.error.message', request, { message: 'no' }, { ...head, status: 404 })).toEqual({})
  })

  test('a status, a header, a content type', () => {
    const request = get('/v1.24/containers/x/archive?path=/')
    expect(alterationOf('container-archive-get.other-status.200', request).head?.(head).status).toBe(201)
    expect(alterationOf('container-archive-get.header-missing.200.X-Docker-Container-Path-Stat', request).head?.(head).headers).toEqual([['Content-Type', 'application/json']])
    expect(alterationOf('container-archive-get.content-type.200', request).head?.(head).headers[0]).toEqual(['Content-Type', 'text/html'])
  })

  test('an operation that is unknown, and one that is known too early', () => {
    const request = get('/v1.24/containers/x/archive?path=/')
    expect(alterationOf('container-archive-get.unknown-operation', request).instead?.(Buffer.alloc(0))).toMatchObject({ status: 404 })
    const early = get('/v1.19/containers/x/archive?path=/')
    expect(alterationOf('container-archive-get.known-too-early', early).request?.(early).path).toBe('/v1.20/containers/x/archive?path=/')
  })
})

test('a fault shows in an exchange that has what it changes', () => {
  const seen = readSeen(catalogue.operations, {
    method: 'GET', path: '/v1.24/containers/x/json?size=1', requestHeaders: [], requestBody: Buffer.alloc(0), status: 200, responseHeaders: [['Content-Type', 'application/json']], responseBody: Buffer.from('{"State":{"Running":true}}'), hijacked: false,
  })
  const shows = (id: string) => seen !== undefined && showsIn(fault(id), seen, '1.24')
  expect(shows('container-inspect.ignored-query.size')).toBe(true)
  expect(shows('container-inspect.field-missing.State.Running')).toBe(true)
  expect(shows('container-inspect.field-missing.State.Pid')).toBe(false)
  expect(shows('container-inspect.other-status.404')).toBe(false)
})

test('a sample is drawn alike for the same seed', () => {
  const all = Array.from({ length: 100 }, (_, index) => index)
  expect(drawSample(all, 10, 7)).toEqual(drawSample(all, 10, 7))
  expect(drawSample(all, 10, 7)).not.toEqual(drawSample(all, 10, 8))
  expect(drawSample(all, 10, 7)).toHaveLength(10)
  expect(new Set(drawSample(all, 100, 1)).size).toBe(100)
  expect(drawSample(all, 500, 1)).toEqual(all)
})
