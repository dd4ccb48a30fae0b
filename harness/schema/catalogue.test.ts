import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { covers, documentedVersions, selectVersions, type ApiVersion } from '../versions.ts'
import { loadCatalogue } from './load.ts'
import type { Operation } from './operations.ts'
import { bundle, type ProjectedSchema } from './project.ts'
import { createValidator } from './validate.ts'

const catalogue = loadCatalogue()

/** `operation`, `status 404`, `query size`, `header X-Registry-Auth`, by operation, each with the versions that have it. */
type Surface = Map<string, Map<string, Set<ApiVersion>>>

function note(surface: Surface, operation: string, what: string, versions: Iterable<ApiVersion>): void {
  const ofOperation = surface.get(operation) ?? new Map<string, Set<ApiVersion>>()
  surface.set(operation, ofOperation)
  ofOperation.set(what, new Set([...(ofOperation.get(what) ?? []), ...versions]))
}

/** The reference writes a path's variables in braces, and once in angle brackets. */
const anonymous = (operation: string) => operation.replace(/\{[^}]*\}|<[^>]*>/g, '{}')

/** Operation, kind, name and versions of everything that the reference pages list. */
function rows(): string[][] {
  const table = readFileSync(new URL('../../schemas/documented/surface.tsv', import.meta.url), 'utf8')
  return table.trim().split('\n').slice(1).map((line) => line.split('\t'))
}

/** Where a bundled schema requires a field, as the surface writes it: `[].Ports[].PrivatePort`. */
function requiredIn(bundled: ProjectedSchema): string[] {
  const definitions = (typeof bundled === 'boolean' ? {} : (bundled.$defs ?? {})) as Readonly<Record<string, ProjectedSchema>>
  const walk = (schema: ProjectedSchema | undefined, path: string): string[] => {
    if (typeof schema !== 'object') return []
    // Eight levels are more than any answer has; a definition may refer to itself.
    if (path.split('.').length > 8) return []
    if (typeof schema.$ref === 'string') return walk(definitions[schema.$ref.slice('#/$defs/'.length)], path)
    const below = (name: string) => (path === '' ? name : `${path}.${name}`)
    return [
      ...((schema.required ?? []) as string[]).map(below),
      ...Object.entries((schema.properties ?? {}) as Record<string, ProjectedSchema>).flatMap(([name, member]) => walk(member, below(name))),
      ...walk(schema.items as ProjectedSchema | undefined, `${path}[]`),
      ...((schema.allOf ?? []) as ProjectedSchema[]).flatMap((part) => walk(part, path)),
    ]
  }
  return walk(bundled, '')
}

function documentedSurface(): Surface {
  const surface: Surface = new Map()
  for (const [operation = '', kind = '', name = '', versions = ''] of rows()) {
    if (['operation', 'status', 'query', 'header'].includes(kind)) note(surface, anonymous(operation), `${kind} ${name}`.trim(), selectVersions(versions.replaceAll('-', '..')))
  }
  return surface
}

function describedSurface(operations: readonly Operation[]): Surface {
  const surface: Surface = new Map()
  for (const operation of operations) {
    const versions = documentedVersions.filter((version) => covers(operation, version))
    const members = { status: operation.answers, query: operation.query, header: operation.headers }
    note(surface, anonymous(operation.operation), 'operation', versions)
    for (const [kind, all] of Object.entries(members)) {
      for (const [name, span] of Object.entries(all)) note(surface, anonymous(operation.operation), `${kind} ${name}`, versions.filter((version) => covers(span, version)))
    }
  }
  return surface
}

/** Where schemas and reference differ: `POST /x: status 404 at 1.18, 1.19: documented, and not in the schema`. */
function differences(documented: Surface, described: Surface): string[] {
  return [...described].flatMap(([operation, members]) => {
    const reference = documented.get(operation) ?? new Map<string, Set<ApiVersion>>()
    return [...new Set([...members.keys(), ...reference.keys()])].flatMap((what) => {
      const [here, there] = [members.get(what) ?? new Set(), reference.get(what) ?? new Set()]
      const extra = [...here].filter((version) => !there.has(version))
      const missing = [...there].filter((version) => !here.has(version))
      return [
        ...(extra.length > 0 ? [`${operation}: ${what} at ${extra.join(', ')}: in the schema, and not documented`] : []),
        ...(missing.length > 0 ? [`${operation}: ${what} at ${missing.join(', ')}: documented, and not in the schema`] : []),
      ]
    })
  })
}

describe('the schemas', () => {
  const documented = documentedSurface()

  test('agree with the surface of the reference, but for operations whose notes say how they differ', () => {
    expect(documented.size).toBeGreaterThan(80)
    expect(catalogue.operations.length).toBeGreaterThanOrEqual(35)
    const unexplained = catalogue.operations.filter(({ notes }) => notes === undefined)
    expect(differences(documented, describedSurface(unexplained))).toEqual([])
  })

  test('of the system, containers and exec differ in these places alone', () => {
    const settled = catalogue.operations.filter(({ area }) => ['system', 'containers', 'exec'].includes(area))
    const between = '1.20, 1.21, 1.22, 1.23, 1.24: in the schema, and not documented'
    expect(differences(documented, describedSurface(settled))).toEqual(
      expect.arrayContaining([
        // Its HEAD is described in prose, within the entry of GET.
        ...['query path', 'status 200', 'status 400', 'status 404', 'status 500'].map((what) => `HEAD /containers/{}/archive: ${what} at ${between}`),
        'POST /exec/{}/resize: status 200 at 1.18, 1.19, 1.20, 1.21, 1.22, 1.23, 1.24, 1.25: in the schema, and not documented',
      ]),
    )
    expect(differences(documented, describedSurface(settled)).filter((difference) => !/^(HEAD \/containers\/\{\}\/archive|POST \/exec\/\{\}\/resize): /.test(difference))).toEqual([])
  })

  test('would not agree with another surface', () => {
    const [one] = catalogue.operations.filter(({ id }) => id === 'container-pause')
    const without = (what: string) => new Map([...documented].map(([operation, members]) => [operation, new Map([...members].filter(([name]) => name !== what))]))
    expect(differences(without('status 404'), describedSurface(one === undefined ? [] : [one]))).toEqual([
      'POST /containers/{}/pause: status 404 at 1.18, 1.19, 1.20, 1.21, 1.22, 1.23, 1.24, 1.25: in the schema, and not documented',
    ])
    const more: Surface = new Map([['POST /containers/{}/pause', new Map([...(documented.get('POST /containers/{}/pause') ?? []), ['query force', new Set<ApiVersion>(['1.25'])]])]])
    expect(differences(more, describedSurface(one === undefined ? [] : [one]))).toEqual(['POST /containers/{}/pause: query force at 1.25: documented, and not in the schema'])
  })

  test.each(documentedVersions)('require in answers of the system, containers and exec at %s only what the reference documents there', (version) => {
    const documentedFields = new Set(
      rows()
        .filter(([, kind, , versions = '']) => kind === 'response' && selectVersions(versions.replaceAll('-', '..')).includes(version))
        // The page of 1.25 says by a reference that disk usage has lists of lists of containers; its own sample has one list.
        .map(([operation = '', , name = '']) => `${anonymous(operation)} ${name.replace('Containers[][]', 'Containers[]')}`),
    )
    const settled = catalogue.operations.filter(({ area, ...span }) => ['system', 'containers', 'exec'].includes(area) && covers(span, version))
    const required = settled.flatMap(({ operation, answers }) =>
      Object.values(answers)
        .filter((answer) => covers(answer, version))
        .flatMap(({ schema = true, item = schema }) => requiredIn(bundle(item, catalogue.definitions, version)).map((path) => `${anonymous(operation)} ${path}`)),
    )
    expect(required.length).toBeGreaterThan(50)
    expect(required.filter((field) => !documentedFields.has(field))).toEqual([])
  })

  test.each(documentedVersions)('compile in strict mode at %s', (version) => {
    const validator = createValidator(catalogue)
    let compiled = 0
    for (const operation of catalogue.operations.filter((each) => validator.documents(each, version))) {
      validator.validateRequest(operation, version, {})
      for (const status of Object.keys(operation.answers).map(Number)) {
        validator.validateAnswer(operation, version, { method: operation.method, status, contentType: 'application/json', body: Buffer.from('null') })
        validator.validateItem(operation, version, status, null)
        compiled += 1
      }
    }
    expect(compiled).toBeGreaterThan(100)
  })

  test('have ids that are unique and begin with what they are about', () => {
    const ids = catalogue.operations.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(catalogue.operations.map(({ operation }) => anonymous(operation))).size).toBe(ids.length)
  })

  test('are all reached: no definition is without a reference', () => {
    const text = JSON.stringify(catalogue)
    expect(Object.keys(catalogue.definitions).filter((name) => !text.includes(`"$ref":"${name}"`))).toEqual([])
  })
})

test('GET /info may have ExecutionDriver at 1.24, must have it before and must not after', () => {
  const validator = createValidator(catalogue)
  const info = catalogue.operations.find(({ id }) => id === 'info')
  const found = (version: ApiVersion, body: object) =>
    (info === undefined ? [] : validator.validateAnswer(info, version, { method: 'GET', status: 200, contentType: 'application/json', body: Buffer.from(JSON.stringify(body)) }))
      .filter(({ pointer }) => pointer === '/ExecutionDriver')
      .map(({ keyword }) => keyword)
  expect(found('1.23', {})).toEqual(['required'])
  expect([...found('1.24', {}), ...found('1.24', { ExecutionDriver: '' })]).toEqual([])
  expect(found('1.25', { ExecutionDriver: '' })).toEqual(['false schema'])
})
