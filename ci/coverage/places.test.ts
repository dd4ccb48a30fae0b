import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentedPlace, isPlace, placesOf, readPlace, writePlace } from './places.ts'

describe('places in JSON', () => {
  test('are all names and lists on the way, each once', () => {
    expect(placesOf({ HostConfig: { Ulimits: [{ Name: 'a' }, { Name: 'b', Soft: 1 }] }, 'a/b': null })).toEqual([
      '/HostConfig', '/HostConfig/Ulimits', '/HostConfig/Ulimits/[]', '/HostConfig/Ulimits/[]/Name', '/HostConfig/Ulimits/[]/Soft', '/a~1b',
    ])
  })

  test('that hold null are left out where they must be filled', () => {
    expect(placesOf({ Labels: null, Ports: [null, { IP: null, Port: 0 }], Name: '', None: [] }, true)).toEqual(['/Ports', '/Ports/[]', '/Ports/[]/Port', '/Name', '/None'])
  })

  test('are none of a bare value', () => {
    expect(placesOf('text')).toEqual([])
    expect(placesOf(null)).toEqual([])
  })

  test('survive being written, whatever the names', () => {
    fc.assert(fc.property(fc.array(fc.string(), { minLength: 1 }), (place) => {
      expect(readPlace(writePlace(place))).toEqual(place)
    }))
  })

  test.each([
    ['HostConfig.Memory', ['HostConfig', 'Memory'], true],
    ['HostConfig.Memory', ['Memory'], false],
    ['HostConfig.Ulimits[].Name', ['HostConfig', 'Ulimits', '[]', 'Name'], true],
    ['HostConfig.PortBindings.*[].HostIp', ['HostConfig', 'PortBindings', '80/tcp', '[]', 'HostIp'], true],
    ['Volumes.*', ['Volumes', '/a.b/c'], true],
    ['Volumes.*', ['Volumes', '[]'], false],
    ['[].Id', ['[]', 'Id'], true],
    ['[].Names[]', ['[]', 'Names', '[]'], true],
  ])('%s is %j: %s', (documented, place, is) => {
    expect(isPlace(documentedPlace(documented), place)).toBe(is)
  })
})
