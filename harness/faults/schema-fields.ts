import { bundle } from '../schema/project.ts'
import type { MarkedSchema } from '../schema/operations.ts'
import type { ApiVersion } from '../versions.ts'
import type { Place } from './json-place.ts'

/** A documented field: its place, and the types that its value may have; none where no type is documented. */
export type Field = { readonly place: Place; readonly types: readonly string[]; readonly schema: Readonly<Record<string, unknown>> }

type Schema = { readonly [keyword: string]: unknown }

/** Levels that are followed: definitions may refer to themselves. */
const depthLimit = 12

/** All fields that a schema documents at a version, outer ones before those within them. What must be absent is no field. */
export function fieldsOf(schema: MarkedSchema, definitions: Readonly<Record<string, MarkedSchema>>, version: ApiVersion): Field[] {
  const root = bundle(schema, definitions, version)
  if (typeof root === 'boolean') return []
  const defs = (root.$defs ?? {}) as Readonly<Record<string, Schema | boolean>>
  const found = new Map<string, Field>()
  const walk = (at: unknown, place: Place): void => {
    const resolved = resolve(at, defs)
    if (typeof resolved !== 'object' || resolved === null || place.length > depthLimit) return
    const schemaHere = resolved as Schema
    const key = JSON.stringify(place)
    const last = place.at(-1)
    if (last !== undefined && last !== '[]' && last !== '*' && !found.has(key)) found.set(key, { place, types: typesOf(schemaHere), schema: schemaHere })
    for (const name of ['allOf', 'anyOf', 'oneOf'] as const) for (const part of (schemaHere[name] ?? []) as unknown[]) walk(part, place)
    for (const name of ['then', 'else'] as const) if (schemaHere[name] !== undefined) walk(schemaHere[name], place)
    for (const [name, inner] of Object.entries((schemaHere.properties ?? {}) as Schema)) if (inner !== false) walk(inner, [...place, name])
    for (const inner of Object.values((schemaHere.patternProperties ?? {}) as Schema)) walk(inner, [...place, '*'])
    if (typeof schemaHere.additionalProperties === 'object') walk(schemaHere.additionalProperties, [...place, '*'])
    if (typeof schemaHere.items === 'object') walk(schemaHere.items, [...place, '[]'])
  }
  walk(root, [])
  return [...found.values()]
}

function resolve(schema: unknown, defs: Readonly<Record<string, Schema | boolean>>): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  const { $ref: reference, ...rest } = schema as Schema
  if (typeof reference !== 'string') return schema
  const definition = resolve(defs[reference.slice('#/$defs/'.length)], defs)
  return typeof definition === 'object' && definition !== null ? { ...definition, ...rest } : definition
}

function typesOf(schema: Schema): string[] {
  if (typeof schema.type === 'string') return [schema.type]
  if (Array.isArray(schema.type)) return schema.type.map(String)
  const values = (schema.enum as unknown[] | undefined) ?? ('const' in schema ? [schema.const] : [])
  return [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))]
}
