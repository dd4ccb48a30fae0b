import { expect, test } from 'vitest'
import { scriptedAnswer } from '../daemon/scripted-client.ts'
import { createdBy } from './created.ts'

test.each([
  ['POST', '/containers/create?name=x', 201, { Id: 'abc' }, { kind: 'container', id: 'abc' }],
  ['POST', '/networks/create', 201, { Id: 'abc' }, { kind: 'network', id: 'abc' }],
  ['POST', '/volumes/create', 201, { Name: 'abc' }, { kind: 'volume', id: 'abc' }],
  ['POST', '/commit?container=x', 201, { Id: 'sha256:abc' }, { kind: 'image', id: 'sha256:abc' }],
  ['POST', '/containers/create', 200, { Id: 'abc' }, undefined],
  ['POST', '/containers/create', 409, { message: 'taken' }, undefined],
  ['GET', '/containers/create', 201, { Id: 'abc' }, undefined],
  ['POST', '/containers/abc/exec', 201, { Id: 'abc' }, undefined],
  ['POST', '/containers/create', 201, { Id: 7 }, undefined],
  ['POST', '/containers/create', 201, 'null', undefined],
  ['POST', '/containers/create', 201, '<html>', undefined],
  ['POST', '/containers/create', 201, '', undefined],
] as const)('%s %s with %i and %j made %j', (method, path, status, body, made) => {
  expect(createdBy(method, path, scriptedAnswer({ status, body }))).toEqual(made)
})
