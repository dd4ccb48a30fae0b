import { expect, test } from 'vitest'
import { knownAs, knownFailingsOf, type KnownFailing } from './known-failings.ts'

const entry = (because: string, versions: KnownFailing['versions'] = ['1.24']): KnownFailing => ({ id: 'a', versions, because, reason: because, link: 'https://example.org' })

test('an entry is about its id and its versions', () => {
  const entries = [entry('x'), entry('y', ['1.23', '1.24'])]
  expect(knownFailingsOf(entries, 'a', '1.24')).toEqual(entries)
  expect(knownFailingsOf(entries, 'a', '1.23')).toEqual([entries[1]])
  expect(knownFailingsOf(entries, 'ab', '1.24')).toEqual([])
})

test('a pattern is about all ids that it matches, as a whole', () => {
  const entries = [{ ...entry('x'), id: 'volume-*-labels' }]
  expect(knownFailingsOf(entries, 'volume-list-labels', '1.24')).toEqual(entries)
  expect(knownFailingsOf(entries, 'volume-list-labels-kept', '1.24')).toEqual([])
})

test('a failure is known by the entry whose text it holds', () => {
  const entries = [entry('got 500'), entry('got 404')]
  expect(knownAs(entries, 'a', '1.24', 'expected 204, got 404 with no')).toBe(entries[1])
  expect(knownAs(entries, 'a', '1.24', 'expected 204, got 409')).toBeUndefined()
  expect(knownAs(entries, 'a', '1.25', 'got 404')).toBeUndefined()
})
