import { expect, test } from 'vitest'
import { operationOf, readSurface } from './surface.ts'

const operations = ['GET /images/json', 'GET /images/{}/json', 'GET /images/{}/get', 'POST /images/{}/push', 'DELETE /plugins/{}', 'GET /containers/{}/json', 'GET /plugins/privileges', 'GET /plugins/{}', 'GET /plugins/{}/json']

test.each([
  ['GET', '/images/json', 'GET /images/json'],
  ['GET', '/images/127.0.0.1:5000/team/web/json', 'GET /images/{}/json'],
  ['POST', '/images/127.0.0.1:5000/team/web/push', 'POST /images/{}/push'],
  ['DELETE', '/plugins/127.0.0.1:5000/team/web:v1', 'DELETE /plugins/{}'],
  ['GET', '/plugins/127.0.0.1:5000/team/web:v1/json', 'GET /plugins/{}/json'],
  ['GET', '/plugins/privileges', 'GET /plugins/privileges'],
  ['GET', '/containers/a/json', 'GET /containers/{}/json'],
  ['GET', '/containers/a/b/json', undefined],
  ['GET', '/containers//json', undefined],
  ['PUT', '/images/json', undefined],
])('%s %s belongs to %s', (method, path, operation) => {
  expect(operationOf(operations, method, path)).toBe(operation)
})

test('disk usage has one list of containers', () => {
  const names = readSurface().filter(({ operation }) => operation === 'GET /system/df').map(({ name }) => name)
  expect(names).toContain('Containers[].SizeRw')
  expect(names.filter((name) => name.includes('[][]'))).toEqual([])
})

test('names of a sample with dots in them stand for any name, and are one field', () => {
  const names = readSurface().filter(({ operation, kind }) => operation === 'GET /containers/json' && kind === 'response').map(({ name }) => name)
  expect(names.filter((name) => name.startsWith('[].Labels'))).toEqual(['[].Labels', '[].Labels.*'])
  const info = readSurface().filter(({ operation, kind }) => operation === 'GET /info' && kind === 'response').map(({ name }) => name)
  expect(info).toContain('RegistryConfig.IndexConfigs.*.Mirrors')
})
