import { describe, expect, test } from 'vitest'
import { requirement } from './sample-requirement.ts'
import { sameOperation, selects, versionsOf } from './selection.ts'

describe('selects', () => {
  const start = requirement({ id: 'container-start', area: 'containers', operation: 'POST /containers/{id}/start', sources: ['change 1.24/07', 'general/03'] })

  test('takes everything where nothing is asked for', () => {
    expect(selects({}, start)).toBe(true)
  })

  test.each([
    [{ areas: ['exec', 'containers'] }, true],
    [{ areas: ['exec'] }, false],
    [{ operations: ['post /containers/{}/start'] }, true],
    [{ operations: ['GET /containers/{id}/start'] }, false],
    [{ only: ['container-*'] }, true],
    [{ only: ['container'] }, false],
    [{ sources: ['1.24/07'] }, true],
    [{ sources: ['change 1.24/07'] }, true],
    [{ sources: [' general/03 '] }, true],
    [{ sources: ['operation'] }, false],
    [{ sources: ['1.24/7'] }, false],
    [{ areas: ['containers'], only: ['exec-*'] }, false],
    [{ areas: [] }, false],
  ])('%j: %s', (selection, taken) => {
    expect(selects(selection, start)).toBe(taken)
  })
})

describe('versionsOf', () => {
  const versions = ['1.20', '1.22', '1.23', '1.24'] as const

  test('takes those of the run that the requirement covers', () => {
    expect(versionsOf(requirement({ since: '1.21', removedIn: '1.24' }), versions, false)).toEqual(['1.22', '1.23'])
  })

  test('takes the first and the last of them where it has to be quick', () => {
    expect(versionsOf(requirement(), versions, true)).toEqual(['1.20', '1.24'])
    expect(versionsOf(requirement({ since: '1.24' }), versions, true)).toEqual(['1.24'])
    expect(versionsOf(requirement({ since: '1.25' }), versions, true)).toEqual([])
  })

  test('takes these two where the requirement asks for no more', () => {
    expect(versionsOf(requirement({ versions: 'ends' }), versions, false)).toEqual(['1.20', '1.24'])
    expect(versionsOf(requirement({ versions: 'ends' }), ['1.20'], false)).toEqual(['1.20'])
  })
})

test.each([
  ['GET /containers/{id}/json', 'get  /containers/{}/json', true],
  ['GET /containers/{id}/json', 'GET /containers/{id}/top', false],
  ['GET /containers/{id}/json', 'POST /containers/{id}/json', false],
])('sameOperation(%j, %j) is %s', (one, other, same) => {
  expect(sameOperation(one, other)).toBe(same)
})
