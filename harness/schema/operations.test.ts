import { describe, expect, test } from 'vitest'
import { loadCatalogue } from './load.ts'
import { findOperation, matchOperation } from './operations.ts'

const { operations } = loadCatalogue()
const match = (method: string, path: string) => matchOperation(operations, method, path)?.operation

describe('matchOperation', () => {
  test.each([
    ['GET', '/containers/json', 'GET /containers/json'],
    ['GET', '/containers/json/json', 'GET /containers/{id}/json'],
    ['POST', '/containers/create', 'POST /containers/create'],
    ['POST', '/containers/prune', 'POST /containers/prune'],
    ['DELETE', '/containers/create', 'DELETE /containers/{id}'],
    ['POST', '/containers/abc/start', 'POST /containers/{id}/start'],
    ['GET', '/containers/abc/attach/ws', 'GET /containers/{id}/attach/ws'],
    ['HEAD', '/containers/abc/archive', 'HEAD /containers/{id}/archive'],
    ['GET', '/images/registry.example:5000/team/web:1/json', 'GET /images/{name}/json'],
    ['DELETE', '/images/team/web', 'DELETE /images/{name}'],
    ['GET', '/images/json', 'GET /images/json'],
    ['GET', '/plugins/team/sampler:1/json', 'GET /plugins/{name}/json'],
    ['GET', '/plugins/team/sampler:1', 'GET /plugins/{name}'],
    ['GET', '/containers/a/b/json', undefined],
    ['GET', '/images//json', undefined],
  ])('%s %s is %s', (method, path, operation) => {
    expect(match(method, path)).toBe(operation)
  })

  test.each([
    ['GET', '/containers/'],
    ['GET', '/containers//json'],
    ['PUT', '/containers/json'],
    ['get', '/containers/json'],
    ['GET', '/containers/json/'],
    ['GET', '/v1.24/containers/json'],
    ['GET', ''],
  ])('%s %s is none', (method, path) => {
    expect(match(method, path)).toBeUndefined()
  })

  test.each(operations.map(({ method, path, operation }) => ({ method, path, operation })))('$operation is found by its own path', ({ method, path, operation }) => {
    expect(match(method, path.replace(/\{[^}]*\}/g, 'x'))).toBe(operation)
  })

  test('a literal segment wins over a variable, whichever comes first', () => {
    const [variable, literal] = [findOperation(operations, 'GET /containers/{id}/json'), { ...findOperation(operations, 'GET /containers/json'), path: '/containers/all/json', operation: 'literal' }]
    for (const order of [[variable, literal], [literal, variable]]) expect(matchOperation(order, 'GET', '/containers/all/json')?.operation).toBe('literal')
  })
})

describe('findOperation', () => {
  test('takes any name in the braces', () => {
    expect(findOperation(operations, 'POST /containers/{}/start').id).toBe('container-start')
    expect(findOperation(operations, 'POST /containers/{name}/start').id).toBe('container-start')
  })

  test('throws where there is none', () => {
    expect(() => findOperation(operations, 'POST /kettle')).toThrow('the schemas have no operation "POST /kettle"')
  })
})
