import { expect, test } from 'vitest'
import { documentedVersions } from '../versions.ts'
import { catalogueDigest, suiteDigest } from './digests.ts'
import { narrowingOf, type Narrowing } from './narrowing.ts'

const whole: Narrowing = { selection: {}, versions: documentedVersions, quick: false, bail: false }

test('a run of everything is not narrowed', () => {
  expect(narrowingOf(whole)).toEqual([])
})

test.each<[Partial<Narrowing>, string]>([
  [{ selection: { areas: ['exec', 'system'] } }, '--area exec,system'],
  [{ selection: { operations: ['GET /_ping'] } }, '--operation GET /_ping'],
  [{ selection: { only: ['ping-*'] } }, '--only ping-*'],
  [{ selection: { sources: ['1.24/07'] } }, '--source 1.24/07'],
  [{ versions: ['1.24', '1.25'] }, '--api 1.24,1.25'],
  [{ quick: true }, '--quick'],
  [{ bail: true }, '--bail'],
])('%j narrows it', (part, option) => {
  expect(narrowingOf({ ...whole, ...part })).toEqual([option])
})

test('digests are the same for the same suite, and the order of the cases is nothing to them', () => {
  const requirement = { id: 'a', title: 'must', level: 'must', area: 'system', operation: 'GET /_ping', sources: ['operation'], needs: [], alone: false, disposable: false } as const
  const other = { ...requirement, id: 'b' }
  expect(suiteDigest()).toMatch(/^[0-9a-f]{64}$/)
  expect(suiteDigest()).toBe(suiteDigest())
  expect(catalogueDigest([requirement, other])).toBe(catalogueDigest([other, requirement]))
  expect(catalogueDigest([requirement])).not.toBe(catalogueDigest([{ ...requirement, title: 'should' }]))
})
