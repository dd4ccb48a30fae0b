import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareVersions, covers, describeSpan, describeRange, documentedVersions, isApiVersion, selectVersions, type ApiVersion } from './versions.ts'

const anyVersion = fc.tuple(fc.nat(9999), fc.nat(9999)).map(([major, minor]): ApiVersion => `${major}.${minor}`)

describe('compareVersions', () => {
  test('goes by numbers, not by letters', () => {
    expect((['1.10', '1.9', '2.0', '1.25'] as ApiVersion[]).sort(compareVersions)).toEqual(['1.9', '1.10', '1.25', '2.0'])
    expect(compareVersions('1.20', '1.20')).toBe(0)
  })

  test('is an order', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) || 0)
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

test.each([['1.24', true], ['1.2', true], ['v1.24', false], ['1', false], ['1.24.1', false], ['', false], [' 1.24', false], ['1.24\n', false], ['1.99999', false]])('isApiVersion(%j) is %s', (text, is) => {
  expect(isApiVersion(text)).toBe(is)
})

describe('covers', () => {
  test('takes since in and removedIn out', () => {
    const within = (span: Parameters<typeof covers>[0]) => documentedVersions.filter((version) => covers(span, version))
    expect(within({})).toEqual(documentedVersions)
    expect(within({ since: '1.24' })).toEqual(['1.24', '1.25'])
    expect(within({ removedIn: '1.20' })).toEqual(['1.18', '1.19'])
    expect(within({ since: '1.20', removedIn: '1.22' })).toEqual(['1.20', '1.21'])
    expect(within({ since: '1.20', removedIn: '1.20' })).toEqual([])
  })
})

test.each([
  [{}, 'every version'],
  [{ since: '1.25' }, 'from 1.25'],
  [{ removedIn: '1.24' }, 'to 1.23'],
  [{ since: '1.20', removedIn: '1.24' }, '1.20 to 1.23'],
  [{ since: '1.23', removedIn: '1.24' }, '1.23'],
] as const)('describeSpan(%j) is %j', (span, text) => {
  expect(describeSpan(span)).toBe(text)
})

test.each([
  [[], 'none'],
  [['1.24'], '1.24'],
  [['1.18', '1.19', '1.25'], '1.18 to 1.25'],
] as const)('describeRange %j', (versions, text) => {
  expect(describeRange(versions)).toBe(text)
})

describe('selectVersions', () => {
  test.each([
    ['all', documentedVersions],
    ['1.24', ['1.24']],
    ['v1.24', ['1.24']],
    ['1.25,1.18', ['1.18', '1.25']],
    ['1.20..1.22', ['1.20', '1.21', '1.22']],
    ['1.20..1.21, 1.21..v1.22', ['1.20', '1.21', '1.22']],
    ['1.1..1.19', ['1.18', '1.19']],
    ['1.24..1.99', ['1.24', '1.25']],
  ] as const)('%s', (text, versions) => {
    expect(selectVersions(text)).toEqual(versions)
  })

  test.each([
    ['', /"" is not an API version: write 1\.24, 1\.20\.\.1\.25, a list of these, or all/],
    ['1.24,', /"" is not an API version/],
    ['latest', /"latest" is not an API version/],
    ['1.20...1.25', /"1\.20\.\.\.1\.25" is not an API version/],
    ['1.20..1.22..1.24', /is not an API version/],
    ['1.25..1.18', /the range 1\.25\.\.1\.18 is empty: its first version is newer than its last/],
    ['1.99', /no case is documented for 1\.99: this suite covers 1\.18 to 1\.25/],
  ])('refuses %j', (text, complaint) => {
    expect(() => selectVersions(text)).toThrow(complaint)
    expect(() => selectVersions(text)).toThrow(RangeError)
  })

  test('gives each version once and in order, whatever is asked for', () => {
    const part = fc.tuple(fc.constantFrom(...documentedVersions), fc.nat(3)).map(([first, more]) => {
      const last = documentedVersions[Math.min(documentedVersions.indexOf(first) + more, documentedVersions.length - 1)]
      return more === 0 ? first : `${first}..${last}`
    })
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), (parts) => {
        const selected = selectVersions(parts.join(','))
        expect(selected).toEqual([...new Set(selected)].sort(compareVersions))
      }),
    )
  })
})
