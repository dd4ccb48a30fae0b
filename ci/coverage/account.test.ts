import { describe, expect, test } from 'vitest'
import type { Requirement } from '../../harness/case/outcome.ts'
import { account, percent } from './account.ts'
import { createCounter } from './measurement.ts'
import type { NotTestedList } from './not-tested.ts'
import { printAccount } from './print.ts'
import type { SurfaceRow } from './surface.ts'

const create = 'POST /containers/create'
const start = 'POST /containers/{}/start'
const row = (operation: string, kind: SurfaceRow['kind'], name: string, versions: SurfaceRow['versions'] = ['1.24', '1.25']): SurfaceRow => ({ operation, area: 'containers', kind, name, versions })
const surface = [
  row(create, 'operation', ''), row(create, 'status', '201'), row(create, 'status', '500'), row(create, 'query', 'name'), row(create, 'body', 'Image'),
  row(create, 'body', 'Capdrop', ['1.24']), row(create, 'body', 'HostConfig.Memory', ['1.25']), row(create, 'response', 'Id'), row(start, 'operation', ''),
  row(start, 'status', '204'),
]
const nothing: NotTestedList = { misprints: [], rows: [], statements: [] }
const exchange = { requestHeaders: [], responseHeaders: [], hijacked: false, requestBody: Buffer.alloc(0), responseBody: Buffer.alloc(0) }
const created = (version: string, body: object, path = '/containers/create?name=x') => ({
  ...exchange, method: 'POST', path: `/v${version}${path}`, status: 201, requestBody: Buffer.from(JSON.stringify(body)), responseBody: Buffer.from('{"Id":"a"}'),
})

function accountOf(exchanges: readonly Parameters<ReturnType<typeof createCounter>['add']>[0][], more: Partial<Parameters<typeof account>[0]> = {}) {
  const counter = createCounter([create, start])
  exchanges.forEach(counter.add)
  const measurement = counter.measured({ daemon: 'Docker', areas: ['containers'], versions: ['1.24', '1.25'] })
  return { measurement, found: account({ measurement, surface, notTested: nothing, statements: new Map(), requirements: [], described: () => true, ...more }) }
}

const all = [
  created('1.24', { Image: 'x', HostConfig: { Capdrop: [] } }),
  created('1.25', { Image: 'x', HostConfig: { Memory: 1 } }),
  { ...exchange, method: 'POST', path: '/v1.24/containers/a/start', status: 204 },
  { ...exchange, method: 'POST', path: '/v1.25/containers/a/start', status: 204 },
]

describe('the account of a measurement', () => {
  test('is good where all that is documented crossed the wire', () => {
    const { found, measurement } = accountOf(all)
    expect(found.shortfalls).toEqual([])
    expect(found.missing).toEqual([])
    expect(found.counts.status).toEqual({ '1.24': { seen: 2, excused: 0, documented: 2 }, '1.25': { seen: 2, excused: 0, documented: 2 } })
    expect(found.described).toEqual({ '1.24': { seen: 1, excused: 0, documented: 1 }, '1.25': { seen: 1, excused: 0, documented: 1 } })
    expect(found.counts.response).toEqual({ '1.24': { seen: 1, excused: 0, documented: 1 }, '1.25': { seen: 1, excused: 0, documented: 1 } })
    expect(printAccount(measurement, found)).toContain('All targets are met')
  })

  test('names what did not, by its versions', () => {
    const { found } = accountOf(all.slice(0, 3))
    expect(found.missing).toEqual([
      { operation: start, kind: 'operation', name: '', versions: ['1.25'] },
      { operation: start, kind: 'status', name: '204', versions: ['1.25'] },
    ])
    expect(found.shortfalls).toEqual(expect.arrayContaining([expect.stringContaining('operation: 75.0 % seen of what has no reason'), expect.stringContaining('status: 75.0 % seen of what has no reason'), '2 missing things are not in reports/not-tested.yaml']))
  })

  test('keeps versions apart, and does not count what has none or one that no page documents', () => {
    const { found, measurement } = accountOf([created('1.23', { Image: 'x' }), created('1.41', {}), { ...exchange, method: 'POST', path: '/containers/create?name=x', status: 201 }])
    expect(found.counts.operation).toEqual({ '1.24': { seen: 0, excused: 0, documented: 2 }, '1.25': { seen: 0, excused: 0, documented: 2 } })
    expect(measurement.exchanges).toBe(3)
  })

  test('looks for the members of HostConfig below it up to 1.24, and not from 1.25 on', () => {
    const later = { surface: [row(create, 'body', 'Memory')] }
    const at = (body: object) => accountOf([created('1.24', body), created('1.25', body)], later).found.missing.map(({ versions }) => versions)
    expect(at({ HostConfig: { Memory: 1 } })).toEqual([['1.25']])
    expect(at({ Memory: 1 })).toEqual([])
  })

  test('looks for the members of a service wherever they are up to 1.24, and not from 1.25 on', () => {
    const make = 'POST /services/create'
    const counter = createCounter([make])
    for (const version of ['1.24', '1.25']) counter.add({ ...created(version, { TaskTemplate: { ContainerSpec: { Args: ['a'] } } }), path: `/v${version}/services/create` })
    const measurement = counter.measured({ daemon: 'Docker', areas: ['containers'], versions: ['1.24', '1.25'] })
    const { missing } = account({ measurement, surface: [row(make, 'body', 'Args'), row(make, 'body', 'Env')], notTested: nothing, statements: new Map(), requirements: [], described: () => true })
    expect(missing.map(({ name, versions }) => [name, versions])).toEqual([['Args', ['1.25']], ['Env', ['1.24', '1.25']]])
  })

  test('misses an answer field that is only ever null, and one that stands in no schema', () => {
    const empty = { ...all[0], responseBody: Buffer.from('{"Id":null}') } as (typeof all)[number]
    const fields = { surface: surface.filter(({ kind }) => kind === 'response') }
    const { found, measurement } = accountOf([empty, all[1]] as typeof all, { ...fields, described: (_operation, _name, version) => version === '1.25' })
    expect(found.missing).toEqual([{ operation: create, kind: 'response', name: 'Id', versions: ['1.24'] }])
    expect(found.undescribed).toEqual([{ operation: create, kind: 'response', name: 'Id', versions: ['1.24'] }])
    expect(found.shortfalls).toEqual(expect.arrayContaining(['1 missing things are not in reports/not-tested.yaml', '1 answer fields stand in no schema']))
    expect(printAccount(measurement, found)).toContain(`Answer fields that stand in no schema:\n  ${create}  Id  1.24\n`)
  })

  test('takes a reason for an answer field that is not filled, and reads a misprint of one', () => {
    const empty = { ...all[0], responseBody: Buffer.from('{"Identity":"a"}') } as (typeof all)[number]
    const fields = { surface: [row(create, 'response', 'Id', ['1.24'])], described: (_operation: string, name: string) => name === 'Identity' }
    const reason = 'no daemon sends it'
    const excused = accountOf([empty], { ...fields, notTested: { ...nothing, rows: [{ operation: create, kind: 'response', name: 'Id', versions: ['1.24'], reason }] } }).found
    expect([excused.missing, excused.undescribed]).toMatchObject([[{ reason }], [{ reason }]])
    expect(excused.shortfalls.filter((each) => each.includes('missing') || each.includes('schema'))).toEqual([])
    const misread = accountOf([empty], { ...fields, notTested: { ...nothing, misprints: [{ operation: create, kind: 'response', name: 'Id', versions: ['1.24'], readAs: 'Identity', reason }] } }).found
    expect([misread.missing, misread.undescribed]).toEqual([[], []])
  })

  test('reads a misprint as what it is', () => {
    const exchanges = [created('1.24', { Image: 'x', HostConfig: { CapDrop: [] } }), ...all.slice(1)]
    expect(accountOf(exchanges).found.missing).toEqual([{ operation: create, kind: 'body', name: 'Capdrop', versions: ['1.24'] }])
    const misprint = { operation: create, kind: 'body', name: 'Capdrop', versions: ['1.24'], readAs: 'CapDrop', reason: 'a slip' } as const
    const { found, measurement } = accountOf(exchanges, { notTested: { ...nothing, misprints: [misprint] } })
    expect(found.missing).toEqual([])
    expect(printAccount(measurement, found)).toContain(`${create}  body Capdrop read as CapDrop  1.24\n    a slip`)
    // Sent as it is printed, it is seen as it is printed.
    expect(accountOf(all, { notTested: { ...nothing, misprints: [misprint] } }).found.readAs).toEqual([])
  })

  test('takes a reason for what is missing, counts it as missing all the same, and wants its share of the rest', () => {
    const excuse = { operation: start, kind: 'status', name: '204', versions: ['1.24', '1.25'], reason: 'it can not be' } as const
    const { found, measurement } = accountOf(all.slice(0, 2), { surface: surface.filter(({ kind }) => kind === 'status'), notTested: { ...nothing, rows: [excuse] } })
    expect(found.missing).toEqual([{ operation: start, kind: 'status', name: '204', versions: ['1.24', '1.25'], reason: 'it can not be' }])
    expect(found.counts.status).toEqual({ '1.24': { seen: 1, excused: 1, documented: 2 }, '1.25': { seen: 1, excused: 1, documented: 2 } })
    expect(found.shortfalls).toEqual([])
    expect(printAccount(measurement, found)).toMatch(/statuses but 500 +1\/2 +1\/2 +50\.0 % +2 +100\.0 % +95 %\n/)
    expect(printAccount(measurement, found)).toContain('it can not be\n    POST /containers/{}/start  status 204  1.24-1.25')
  })

  test('finds an entry stale whose thing is seen after all', () => {
    const excuse = { operation: start, kind: 'status', name: '204', versions: ['1.24', '1.25'], reason: 'it can not be' } as const
    const { found } = accountOf(all.slice(0, 3), { notTested: { ...nothing, rows: [excuse] } })
    expect(found.stale).toEqual([`${start} status 204 at 1.24: it is seen after all`])
    expect(found.shortfalls).toContain('1 entries of reports/not-tested.yaml are no longer true')
  })

  test('holds the numbered statements against cases and list', () => {
    const requirement = { id: 'a-case', sources: ['change 1.24/01'] } as unknown as Requirement
    const statements = new Map([['1.24/01', 'named'], ['1.24/02', 'excused'], ['1.24/03', '`GET /volumes` lists'], ['1.24/04', '`POST /containers/create` takes']])
    const { found } = accountOf(all, { requirements: [requirement], statements, notTested: { ...nothing, statements: [{ id: '1.24/02', reason: 'hardware' }, { id: '1.24/01', reason: 'no' }] } })
    expect(found.statements).toMatchObject([{ cases: ['a-case'] }, { reason: 'hardware' }, { elsewhere: '/volumes' }, { id: '1.24/04', cases: [] }])
    expect(found.shortfalls).toContain('1 numbered statements have neither a case nor a reason: 1.24/04')
    expect(found.stale).toEqual(['statement 1.24/01: a case names it after all (a-case)'])
  })

  test('counts a stream of JSON values, and leaves other bodies alone', () => {
    const streamed = { ...all[0], responseBody: Buffer.from('{"Id":"a"}\n{"Other":1}\n{"cut') } as (typeof all)[number]
    expect(accountOf([streamed]).measurement.operations[create]?.['1.24']?.response).toEqual(['/Id', '/Other'])
    expect(accountOf([{ ...streamed, responseBody: Buffer.from([0, 1, 2]) }]).measurement.operations[create]?.['1.24']?.response).toEqual([])
  })
})

test('a share is never rounded up to all', () => {
  expect(percent({ seen: 9_999, documented: 10_000 })).toBe('99.9 %')
  expect(percent({ seen: 1, documented: 1 })).toBe('100.0 %')
  expect(percent({ seen: 0, documented: 0 })).toBe('nothing documented')
})
