import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changeAt, hasPlace, writePlace } from './json-place.ts'

const value = { State: { Running: true, Error: null }, Ports: { '80/tcp': [{ HostIp: '' }, { HostIp: 'x' }], '90/tcp': null }, List: [1, 2] }

test.each<[place: readonly string[], name: string, changed: unknown]>([
  [['State', 'Running'], 'State.Running', { ...value, State: { Error: null } }],
  [['State'], 'State', { Ports: value.Ports, List: [1, 2] }],
  [['Ports', '*', '[]', 'HostIp'], 'Ports.*[].HostIp', { ...value, Ports: { '80/tcp': [{}, {}], '90/tcp': null } }],
  [['List', '[]'], 'List[]', { ...value, List: [] }],
])('takes out what is at a place: %j', (place, name, changed) => {
  expect(writePlace(place)).toBe(name)
  expect(hasPlace(value, place)).toBe(true)
  expect(changeAt(value, place, () => undefined)).toEqual(changed)
})

test('puts another value in, also for null', () => {
  expect(changeAt(value, ['State', 'Error'], () => 7)).toEqual({ ...value, State: { Running: true, Error: 7 } })
})

test.each([[['Nothing']], [['State', 'Nothing']], [['List', 'x']], [['State', '[]']], [['toString']], [['List', '[]', 'x']]])('leaves the value alone where nothing is: %j', (place) => {
  expect(hasPlace(value, place)).toBe(false)
  expect(changeAt(value, place, () => 7)).toBe(value)
})

test('a value that is changed to itself is the same value', () => {
  fc.assert(fc.property(fc.jsonValue(), (any) => changeAt({ a: [any] }, ['a', '[]'], (same) => same) !== undefined && JSON.stringify(changeAt(any, ['a', 'b'], (same) => same)) === JSON.stringify(any)))
  expect(changeAt(value, ['Ports', '*'], (same) => same)).toBe(value)
})
