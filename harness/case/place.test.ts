import { describe, expect, test } from 'vitest'
import { Nonconformance } from './errors.ts'
import { placesIn } from './place.ts'

const place = (value: unknown) => placesIn(() => value)

describe('a place in JSON', () => {
  test('is found by names and positions', () => {
    expect(place({ a: [{ b: 1 }] }).at('a', 0, 'b')).toBe(1)
    expect(place([1]).at()).toEqual([1])
  })

  test.each([[null], [undefined], ['text'], [5], [[]], [{}], [{ a: null }], [{ a: 'text' }]])('is undefined where it does not exist: %j', (value) => {
    expect(place(value).at('a', 0, 'b')).toBeUndefined()
  })

  test('is not what objects inherit', () => {
    expect(place({}).at('constructor')).toBeUndefined()
    expect(place([]).at('map')).toBeUndefined()
  })

  test('gives the entries of a list, whatever they are', () => {
    expect(place([{ Id: 'x' }, null, 3]).list().map((entry) => entry.at('Id'))).toEqual(['x', undefined, undefined])
  })

  test.each([
    ['list', null, 'expected a list at /a, got null'],
    ['list', { 0: 1 }, 'expected a list at /a, got {"0":1}'],
    ['fields', [], 'expected an object at /a, got []'],
    ['fields', undefined, 'expected an object at /a, got nothing'],
    ['textAt', 5, 'expected a text at /a, got 5'],
    ['textsAt', ['x', 5], 'expected a list of texts at /a, got ["x",5]'],
    ['numberAt', '5', 'expected a number at /a, got "5"'],
  ] as const)('%s blames the daemon for %j', (method, value, message) => {
    expect(() => place({ a: value })[method]('a')).toThrow(new Nonconformance(message))
  })
})
