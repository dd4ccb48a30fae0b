import { describe, expect, test } from 'vitest'
import { loadCatalogue } from '../../harness/schema/load.ts'
import type { Catalogue, DocumentedAnswer, MarkedSchema } from '../../harness/schema/operations.ts'
import { describedIn } from './described.ts'

const definitions: Record<string, MarkedSchema> = {
  Port: { type: 'object', properties: { IP: { type: 'string' }, Old: { 'x-removed-in': '1.25' } } },
  Node: { type: 'object', properties: { Next: { $ref: 'Node' }, New: { 'x-since': '1.25', type: 'string' } } },
}

/** An operation with these answers. */
function looking(answers: Record<string, DocumentedAnswer>) {
  const operation = { id: 'thing', operation: 'GET /things/{id}', method: 'GET', path: '/things/{id}', area: 'system', anchor: 'x', operationId: 'X', query: {}, headers: {}, answers }
  const described = describedIn({ operations: [operation], definitions } satisfies Catalogue)
  return (name: string, version: '1.24' | '1.25' = '1.25') => described('GET /things/{}', name, version)
}

describe('fields that stand in a schema', () => {
  test('are those that are named, through references, lists and maps', () => {
    const stands = looking({
      '200': { schema: { type: 'object', properties: { Ports: { type: 'array', items: { $ref: 'Port' } }, Labels: { additionalProperties: { type: 'string' } }, Any: {} }, allOf: [{ properties: { Node: { $ref: 'Node' } } }] } },
    })
    for (const name of ['Ports', 'Ports[].IP', 'Labels', 'Labels.*', 'Labels.colour', 'Any', 'Node', 'Node.Next.Next.New']) expect(stands(name), name).toBe(true)
    for (const name of ['Port', 'Ports.IP', 'Ports[].Port', 'Ports[][].IP', 'Labels.colour.x', 'Any.Below', 'toString', 'Node.Next.IP']) expect(stands(name), name).toBe(false)
  })

  test('stand at the versions that have them', () => {
    const stands = looking({ '200': { schema: { type: 'array', items: { anyOf: [{ $ref: 'Port' }, { $ref: 'Node' }] } } } })
    expect([stands('[].New', '1.24'), stands('[].New', '1.25')]).toEqual([false, true])
    expect([stands('[].Old', '1.24'), stands('[].Old', '1.25')]).toEqual([true, false])
  })

  test('are of answers of success, and of the values of streams', () => {
    expect(looking({ '200': { stream: 'json', item: { $ref: 'Port' } } })('IP')).toBe(true)
    expect(looking({ '404': { schema: { $ref: 'Port' } } })('IP')).toBe(false)
    expect(looking({ '200': { since: '1.25', schema: { $ref: 'Port' } } })('IP', '1.24')).toBe(false)
    expect(looking({ '204': { empty: true } })('IP')).toBe(false)
  })

  test('are found in the schemas that come with the suite', () => {
    const described = describedIn(loadCatalogue())
    expect(described('GET /containers/json', '[].Ports[].PrivatePort', '1.18')).toBe(true)
    expect(described('GET /events', 'timeNano', '1.20')).toBe(false)
  })
})
