import { describe, expect, test } from 'vitest'
import { NotTestedError, parseNotTested, readNotTested } from './not-tested.ts'
import { readSurface, type SurfaceRow } from './surface.ts'

const surface: SurfaceRow[] = [{ operation: 'GET /info', area: 'system', kind: 'status', name: '418', versions: ['1.24', '1.25'] }]
const parse = (content: unknown) => parseNotTested(content, surface, new Set(['1.24/01']))
const entry = { operation: 'GET /info', status: 418, reason: 'no teapot' }

describe('the list of what is not tested', () => {
  test('that comes with the suite is in order, and every entry has its reason', () => {
    const { misprints, rows, statements } = readNotTested(readSurface())
    for (const { reason } of [...misprints, ...rows, ...statements]) expect(reason.length).toBeGreaterThan(20)
  })

  test('gives one row per name, at all documented versions or at those it says', () => {
    expect(parse({ 'not-tested': [entry, { ...entry, versions: '1.25' }, { statement: ['1.24/01'], reason: 'hardware' }] })).toEqual({
      misprints: [],
      rows: [
        { operation: 'GET /info', kind: 'status', name: '418', versions: ['1.24', '1.25'], reason: 'no teapot' },
        { operation: 'GET /info', kind: 'status', name: '418', versions: ['1.25'], reason: 'no teapot' },
      ],
      statements: [{ id: '1.24/01', reason: 'hardware' }],
    })
    expect(parse({ misprints: [{ ...entry, 'read-as': '200' }] }).misprints).toMatchObject([{ name: '418', readAs: '200' }])
  })

  test('takes a field of an answer for all that lies below it, at the versions that have that', () => {
    const field = (name: string, versions: SurfaceRow['versions'] = ['1.24', '1.25']): SurfaceRow => ({ operation: 'GET /info', area: 'system', kind: 'response', name, versions })
    const fields = [field('Plugins'), field('Plugins.Network', ['1.25']), field('Plugins[].Name'), field('PluginsToo'), field('Old')]
    const list = parseNotTested(
      { 'not-tested': [{ operation: 'GET /info', response: 'Plugins', versions: '1.25', reason: 'none' }], misprints: [{ operation: 'GET /info', response: 'Plugins', 'read-as': 'Drivers', reason: 'a slip' }] }, fields, new Set(),
    )
    expect(list.rows.map(({ name, versions }) => [name, versions])).toEqual([['Plugins', ['1.25']], ['Plugins.Network', ['1.25']], ['Plugins[].Name', ['1.25']]])
    expect(list.misprints.map(({ readAs }) => readAs)).toEqual(['Drivers', 'Drivers.Network', 'Drivers[].Name'])
    const two = parseNotTested({ misprints: [{ operation: 'GET /info', response: ['PluginsToo', 'Plugins'], 'read-as': 'Drivers', reason: 'slips' }] }, fields, new Set())
    expect(two.misprints.map(({ readAs }) => readAs)).toEqual(['Drivers', 'Drivers', 'Drivers.Network', 'Drivers[].Name'])
  })

  test.each([
    [[], 'no mapping'],
    [{ other: [] }, 'unknown member "other"'],
    [{ misprints: {} }, 'must be lists'],
    [{ 'not-tested': ['text'] }, 'not-tested 1 is no mapping'],
    [{ 'not-tested': [{ ...entry, why: 'x' }] }, 'not-tested 1 has an unknown member "why"'],
    [{ 'not-tested': [{ ...entry, operation: undefined }] }, 'not-tested 1 lacks "operation"'],
    [{ 'not-tested': [{ ...entry, reason: ' ' }] }, 'not-tested 1 lacks a "reason"'],
    [{ 'not-tested': [{ ...entry, query: 'x' }] }, 'needs one of status, query'],
    [{ 'not-tested': [{ ...entry, status: [] }] }, '"status" is empty'],
    [{ 'not-tested': [{ ...entry, status: 404 }] }, 'status "404" of GET /info is not documented'],
    [{ 'not-tested': [{ ...entry, versions: '1.23' }] }, 'is not documented at 1.23'],
    [{ 'not-tested': [{ ...entry, versions: 1.24 }] }, 'must be a text in quotes'],
    [{ 'not-tested': [{ ...entry, versions: 'x' }] }, 'is not an API version'],
    [{ 'not-tested': [{ statement: '9.99/01', reason: 'x' }] }, 'no statement "9.99/01"'],
    [{ misprints: [entry] }, 'misprint 1 lacks "read-as"'],
  ])('says what is wrong: %j', (content, message) => {
    expect(() => parse(content)).toThrow(NotTestedError)
    expect(() => parse(content)).toThrow(message)
  })
})
