import { compareVersions, covers, isApiVersion, type ApiVersion, type Span } from '../versions.ts'
import type { MarkedSchema } from './operations.ts'

/** A schema that says what holds at one version: no marks are left in it. */
export type ProjectedSchema = boolean | { readonly [keyword: string]: unknown }

type Projection =
  /** The schema holds. */
  | { readonly kind: 'kept'; readonly schema: ProjectedSchema }
  /** Not documented yet: nothing is said of it. */
  | { readonly kind: 'not-yet' }
  /** Documented to be gone: it must be absent. */
  | { readonly kind: 'removed' }

/** Keywords whose value is a map of schemas. */
const schemaMaps = new Set(['properties', 'patternProperties', '$defs', 'dependentSchemas'])
/** Keywords whose value is a list of schemas. */
const schemaLists = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
/** Keywords whose value is a schema. */
const schemaKeywords = new Set(['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems'])

/**
 * Projects a schema to one version: what is not documented yet is dropped, what is documented to be gone
 * must be absent, variants become the one that covers the version, and the marks are stripped.
 * @returns `true` (anything) where the whole is not documented at this version, `false` (nothing) where it is gone
 * @throws Error where no variant, or more than one, covers the version
 */
export function project(schema: MarkedSchema, version: ApiVersion): ProjectedSchema {
  const projected = projectMarked(schema, version)
  if (projected.kind === 'kept') return projected.schema
  return projected.kind === 'not-yet'
}

/** A definition's name as a reference within a bundle. */
function localReference(name: string): string {
  return `#/$defs/${name}`
}

/**
 * A schema at one version with all the definitions that it refers to: complete in itself.
 * @throws Error where a definition is missing
 */
export function bundle(schema: MarkedSchema, definitions: Readonly<Record<string, MarkedSchema>>, version: ApiVersion): ProjectedSchema {
  const projected = project(schema, version)
  if (typeof projected === 'boolean') return projected
  const $defs: Record<string, ProjectedSchema> = {}
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(collect)
    if (typeof value !== 'object' || value === null) return
    const reference = (value as { $ref?: unknown }).$ref
    if (typeof reference === 'string') {
      const name = reference.slice(localReference('').length)
      if (!Object.hasOwn($defs, name)) {
        const definition = definitions[name]
        if (definition === undefined) throw new Error(`there is no definition "${name}"`)
        $defs[name] = project(definition, version)
        collect($defs[name])
      }
    }
    Object.values(value).forEach(collect)
  }
  collect(projected)
  return { ...projected, $defs }
}

function projectMarked(schema: MarkedSchema, version: ApiVersion): Projection {
  if (typeof schema === 'boolean') return { kind: 'kept', schema }
  const since = versionMark(schema, 'x-since')
  const removedIn = versionMark(schema, 'x-removed-in')
  if (since !== undefined && compareVersions(version, since) < 0) return { kind: 'not-yet' }
  if (removedIn !== undefined && compareVersions(version, removedIn) >= 0) return { kind: 'removed' }
  const { 'x-since': _since, 'x-removed-in': _removedIn, 'x-variants': variants, ...rest } = schema
  if (variants === undefined) return { kind: 'kept', schema: projectPlain(rest, version) }
  // The variant may have marks and variants of its own.
  return projectMarked({ ...rest, ...variantAt(variants, version) }, version)
}

function projectPlain(schema: { readonly [keyword: string]: unknown }, version: ApiVersion): ProjectedSchema {
  const projected: Record<string, unknown> = {}
  const undocumented = new Set<string>()
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$ref') projected.$ref = localReference(String(value))
    else if (schemaMaps.has(keyword)) {
      const members: Record<string, ProjectedSchema> = {}
      for (const [name, member] of Object.entries(value as Record<string, MarkedSchema>)) {
        const result = projectMarked(member, version)
        if (result.kind === 'kept') members[name] = result.schema
        else undocumented.add(name)
        if (result.kind === 'removed') members[name] = false
      }
      projected[keyword] = members
    } else if (schemaLists.has(keyword)) projected[keyword] = (value as MarkedSchema[]).map((member) => project(member, version))
    else if (schemaKeywords.has(keyword)) projected[keyword] = project(value as MarkedSchema, version)
    else projected[keyword] = value
  }
  if (Array.isArray(projected.required)) projected.required = projected.required.filter((name) => !undocumented.has(String(name)))
  return projected
}

function variantAt(variants: unknown, version: ApiVersion): { readonly [keyword: string]: unknown } {
  const all = variants as readonly (Span & { readonly schema: { readonly [keyword: string]: unknown } })[]
  const fitting = all.filter((variant) => covers(variant, version))
  const [only] = fitting
  if (only === undefined || fitting.length > 1) throw new Error(`${fitting.length} of the variants cover ${version}: ${JSON.stringify(all.map(({ since, removedIn }) => ({ since, removedIn })))}`)
  return only.schema
}

function versionMark(schema: { readonly [keyword: string]: unknown }, mark: string): ApiVersion | undefined {
  const value = schema[mark]
  if (value === undefined) return undefined
  if (typeof value !== 'string' || !isApiVersion(value)) throw new Error(`"${mark}" must be a version in quotes, and is ${String(value)}`)
  return value
}
