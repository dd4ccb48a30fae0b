import { bundle, type ProjectedSchema } from '../../harness/schema/project.ts'
import { findOperation, type Catalogue } from '../../harness/schema/operations.ts'
import { covers, type ApiVersion } from '../../harness/versions.ts'
import { documentedPlace, type Place } from './places.ts'

/** Says whether a field of an operation's answers, `[].Ports[].IP`, stands in its schema at a version. */
export type Described = (operation: string, name: string, version: ApiVersion) => boolean

/**
 * Looks fields up in the schemas. A field stands there where it is named, or where its place is that of any name in a map; nothing is said of
 * what lies below a schema that lets everything be.
 */
export function describedIn(catalogue: Catalogue): Described {
  const bundled = new Map<string, ProjectedSchema[]>()

  function schemasOf(name: string, version: ApiVersion): ProjectedSchema[] {
    const key = `${version} ${name}`
    const before = bundled.get(key)
    if (before !== undefined) return before
    const operation = findOperation(catalogue.operations, name)
    const schemas = Object.entries(operation.answers).flatMap(([status, answer]) => {
      const schema = answer.item ?? answer.schema
      return Number(status) >= 300 || schema === undefined || !covers(operation, version) || !covers(answer, version) ? [] : [bundle(schema, catalogue.definitions, version)]
    })
    bundled.set(key, schemas)
    return schemas
  }

  return (operation, name, version) => schemasOf(operation, version).some((schema) => stands(schema, documentedPlace(name), definitionsOf(schema)))
}

type Definitions = Readonly<Record<string, ProjectedSchema>>

function definitionsOf(schema: ProjectedSchema): Definitions {
  return typeof schema === 'boolean' ? {} : ((schema.$defs ?? {}) as Definitions)
}

function stands(schema: ProjectedSchema, place: Place, definitions: Definitions): boolean {
  if (typeof schema === 'boolean') return schema && place.length === 0
  const [part, ...rest] = place
  if (part === undefined) return true
  if (typeof schema.$ref === 'string') {
    const definition = definitions[schema.$ref.slice('#/$defs/'.length)]
    if (definition !== undefined && stands(definition, place, definitions)) return true
  }
  const within = (inner: unknown) => inner !== undefined && stands(inner as ProjectedSchema, rest, definitions)
  const named = part === '[]' ? schema.items : (ownMember(schema.properties, part) ?? schema.additionalProperties)
  if (within(named)) return true
  return ['allOf', 'anyOf', 'oneOf'].some((keyword) => ((schema[keyword] ?? []) as ProjectedSchema[]).some((each) => stands(each, place, definitions)))
}

/** What the schema says of a name. */
function ownMember(properties: unknown, name: string): unknown {
  return typeof properties === 'object' && properties !== null && Object.hasOwn(properties, name) ? (properties as Record<string, unknown>)[name] : undefined
}
