import fc from 'fast-check'
import { expect, test } from 'vitest'
import { freeSubnet, inSubnet, privateSubnet6 } from './subnets.ts'

test('a free subnet overlaps with none that is taken', () => {
  expect(freeSubnet([], () => 0)?.cidr).toBe('198.18.0.0/28')
  expect(freeSubnet(['198.18.0.0/28', '198.18.0.16/30'], () => 0)?.cidr).toBe('198.18.0.32/28')
  expect(freeSubnet(['198.18.0.5/16'], () => 0)?.cidr).toBe('198.19.0.0/28')
  expect(freeSubnet([], () => 0.999999)?.cidr).toBe('198.19.255.240/28')
})

test('the search goes on from the start where the end is taken', () => {
  expect(freeSubnet(['198.19.255.240/28'], () => 0.999999)?.cidr).toBe('198.18.0.0/28')
})

test('there is none where all is taken', () => {
  expect(freeSubnet(['198.16.0.0/12'])).toBeUndefined()
  expect(freeSubnet(['0.0.0.0/0'])).toBeUndefined()
})

test('what is no subnet is passed over', () => {
  fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.ipV6(), fc.constant('300.1.2.3/8'), fc.constant('198.18.0.0/33'))), (taken) => {
    expect(freeSubnet(taken, () => 0)).toBeDefined()
  }))
})

test('the addresses of a block are in it, those around are not', () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 0, max: 15 }), (chance, place) => {
    const subnet = freeSubnet([], () => chance)
    expect(inSubnet(subnet?.at(place) ?? '', subnet?.cidr ?? '')).toBe(true)
    expect(inSubnet(subnet?.at(-1) ?? '', subnet?.cidr ?? '')).toBe(false)
    expect(inSubnet(subnet?.at(16) ?? '', subnet?.cidr ?? '')).toBe(false)
  }))
  expect(inSubnet('nonsense', '0.0.0.0/0')).toBe(false)
})

test('an IPv6 subnet is one of the unique local ones', () => {
  const subnet = privateSubnet6(() => 0.5)
  expect(subnet.cidr).toBe('fd70:6c69:8000:8000::/64')
  expect(subnet.at(0x99)).toBe('fd70:6c69:8000:8000::99')
})
