import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareVersions, documentedVersions } from '../versions.ts'
import { bundle, project } from './project.ts'
import type { MarkedSchema } from './operations.ts'

describe('project', () => {
  const schema = {
    type: 'object',
    required: ['Always', 'New', 'Old'],
    properties: { Always: { type: 'string' }, New: { 'x-since': '1.22', type: 'string' }, Old: { 'x-removed-in': '1.22', type: 'integer' } },
  }

  test('says nothing of what is not documented yet, also not that it is required', () => {
    expect(project(schema, '1.21')).toEqual({ type: 'object', required: ['Always', 'Old'], properties: { Always: { type: 'string' }, Old: { type: 'integer' } } })
  })

  test('wants what is documented to be gone to be absent, and strips the marks', () => {
    expect(project(schema, '1.22')).toEqual({ type: 'object', required: ['Always', 'New'], properties: { Always: { type: 'string' }, New: { type: 'string' }, Old: false } })
  })

  test('knows a property that came and went', () => {
    const passing = { properties: { Passing: { 'x-since': '1.20', 'x-removed-in': '1.22', type: 'string' } } }
    expect(documentedVersions.slice(1, 5).map((version) => project(passing, version))).toEqual([
      { properties: {} },
      { properties: { Passing: { type: 'string' } } },
      { properties: { Passing: { type: 'string' } } },
      { properties: { Passing: false } },
    ])
  })

  test('takes anything for a schema that is not documented yet, and nothing for one that is gone', () => {
    expect(project({ 'x-since': '1.22', type: 'string' }, '1.21')).toBe(true)
    expect(project({ 'x-removed-in': '1.22', type: 'string' }, '1.22')).toBe(false)
  })

  test('takes the variant that covers the version, with what stands beside the variants', () => {
    const varied = { description: 'both', 'x-variants': [{ removedIn: '1.19', schema: { type: 'integer' } }, { since: '1.19', schema: { type: 'boolean' } }] }
    expect(project(varied, '1.18')).toEqual({ description: 'both', type: 'integer' })
    expect(project(varied, '1.19')).toEqual({ description: 'both', type: 'boolean' })
  })

  test('projects within a variant', () => {
    const varied = { 'x-variants': [{ since: '1.18', schema: { properties: { New: { 'x-since': '1.25' } } } }] }
    expect(project(varied, '1.24')).toEqual({ properties: {} })
  })

  test('strips the marks of a variant itself', () => {
    const varied = { 'x-variants': [{ schema: { 'x-since': '1.20', 'x-removed-in': '1.22', type: 'integer' } }] }
    expect((['1.19', '1.20', '1.22'] as const).map((version) => project(varied, version))).toEqual([true, { type: 'integer' }, false])
  })

  test('throws where no variant or more than one covers the version', () => {
    const gap = { 'x-variants': [{ removedIn: '1.19', schema: {} }, { since: '1.20', schema: {} }] }
    expect(() => project(gap, '1.19')).toThrow(/^0 of the variants cover 1\.19: \[\{"removedIn":"1\.19"\},\{"since":"1\.20"\}\]/)
    const overlap = { 'x-variants': [{ schema: {} }, { since: '1.20', schema: {} }] }
    expect(() => project(overlap, '1.20')).toThrow(/^2 of the variants cover 1\.20/)
  })

  test('throws where a mark is no version in quotes', () => {
    expect(() => project({ 'x-since': 1.2 }, '1.20')).toThrow('"x-since" must be a version in quotes, and is 1.2')
  })

  test('leaves values alone that only look like schemas', () => {
    const literal = { const: { 'x-since': '1.25' }, enum: [{ properties: { 'x-since': 1 } }] }
    expect(project(literal, '1.18')).toEqual(literal)
  })
})

describe('bundle', () => {
  const definitions = {
    Tree: { type: 'object', properties: { Leaves: { type: 'array', items: { $ref: 'Leaf' } }, Left: { $ref: 'Tree' } } },
    Leaf: { properties: { Color: { 'x-since': '1.20', type: 'string' } } },
    Unused: { type: 'string' },
  }

  test('holds all that is referred to, also from within, each projected', () => {
    expect(bundle({ $ref: 'Tree' }, definitions, '1.19')).toEqual({
      $ref: '#/$defs/Tree',
      $defs: {
        Tree: { type: 'object', properties: { Leaves: { type: 'array', items: { $ref: '#/$defs/Leaf' } }, Left: { $ref: '#/$defs/Tree' } } },
        Leaf: { properties: {} },
      },
    })
  })

  test('throws where a definition is missing', () => {
    expect(() => bundle({ $ref: 'Bush' }, definitions, '1.19')).toThrow('there is no definition "Bush"')
  })
})

describe('any projection', () => {
  const version = fc.constantFrom(...documentedVersions)
  const marks = fc.record({ 'x-since': version, 'x-removed-in': version }, { requiredKeys: [] })
  const { schema } = fc.letrec<{ schema: MarkedSchema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.constant(true),
      fc.tuple(marks, fc.constantFrom({ type: 'string' }, { type: ['array', 'null'] }, {})).map(([mark, plain]) => ({ ...mark, ...plain })),
      fc
        .tuple(marks, fc.dictionary(fc.constantFrom('A', 'B', 'C'), tie('schema')), fc.subarray(['A', 'B', 'C']))
        .map(([mark, properties, required]) => ({ ...mark, type: 'object', properties, required })),
      fc.tuple(marks, tie('schema')).map(([mark, items]) => ({ ...mark, items, additionalProperties: items })),
      fc.tuple(marks, fc.array(tie('schema'), { minLength: 1, maxLength: 3 })).map(([mark, anyOf]) => ({ ...mark, anyOf })),
      fc.tuple(version, tie('schema'), tie('schema')).map(([at, before, after]) => ({
        'x-variants': [{ removedIn: at, schema: typeof before === 'boolean' ? {} : before }, { since: at, schema: typeof after === 'boolean' ? {} : after }],
      })),
    ),
  }))

  test('contains no mark', () => {
    fc.assert(
      fc.property(schema, version, (marked, at) => {
        expect(JSON.stringify(project(marked, at))).not.toMatch(/"x-/)
      }),
    )
  })

  test('requires nothing that must be absent', () => {
    const check = (projected: unknown): void => {
      if (typeof projected !== 'object' || projected === null) return
      const { required = [], properties = {} } = projected as { required?: string[]; properties?: Record<string, unknown> }
      expect(required.filter((name) => Object.hasOwn(properties, name) && properties[name] === false)).toEqual([])
      Object.values(projected).forEach(check)
    }
    fc.assert(fc.property(schema, version, (marked, at) => check(project(marked, at))))
  })

  test('is the same at two versions between which nothing changes', () => {
    const changes = (value: unknown): string[] => [...JSON.stringify(value).matchAll(/"(?:x-since|x-removed-in|since|removedIn)":"([^"]+)"/g)].map((match) => match[1] ?? '')
    fc.assert(
      fc.property(schema, fc.nat(documentedVersions.length - 2), (marked, index) => {
        const [older, newer] = [documentedVersions[index] ?? '1.18', documentedVersions[index + 1] ?? '1.25']
        fc.pre(!changes(marked).some((change) => compareVersions(change as '1.18', newer) === 0))
        expect(project(marked, newer)).toEqual(project(marked, older))
      }),
    )
  })
})
