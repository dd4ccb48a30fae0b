import type { Span } from '../versions.ts'

/** JSON Schema 2020-12 with the marks `x-since`, `x-removed-in` and `x-variants`. */
export type MarkedSchema = boolean | { readonly [keyword: string]: unknown }

/** A query parameter or a header that an operation documents. */
export type Parameter = Span & { readonly schema?: MarkedSchema }

/** A body that an operation takes or gives. */
export type Content = { readonly content?: string; readonly schema?: MarkedSchema }

/** What an operation answers with one status. */
export type DocumentedAnswer = Span &
  Content & {
    /** The body says what went wrong, in the form that the version has for that. */
    readonly error?: true
    /** There is no body. */
    readonly empty?: true
    /** The connection is hijacked. */
    readonly hijack?: true
    /** The body goes on for as long as there is something to tell. */
    readonly stream?: 'json' | 'frames' | 'tar'
    /** The schema of each value of a JSON stream. */
    readonly item?: MarkedSchema
  }

/** An operation of the API, all versions in one. */
export type Operation = Span & {
  readonly id: string
  /** Method and path: `POST /containers/{id}/start`. */
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly area: string
  /** The section of the reference pages up to 1.24. */
  readonly anchor: string
  /** Its name in the reference of 1.25. */
  readonly operationId: string
  readonly query: Readonly<Record<string, Parameter>>
  readonly headers: Readonly<Record<string, Parameter>>
  readonly body?: Content
  readonly answers: Readonly<Record<string, DocumentedAnswer>>
  /** Where documents and daemons disagree on it. */
  readonly notes?: string
}

/** Everything that the schemas say. */
export type Catalogue = {
  readonly operations: readonly Operation[]
  readonly definitions: Readonly<Record<string, MarkedSchema>>
}

/**
 * The operation of a name, with whatever names in its braces.
 * @throws Error where the schemas have none
 */
export function findOperation(operations: readonly Operation[], name: string): Operation {
  const found = operations.find(({ operation }) => anonymous(operation) === anonymous(name))
  if (found === undefined) throw new Error(`the schemas have no operation "${name}"`)
  return found
}

/**
 * The operation that a request belongs to.
 * @param path without version and query
 * @returns undefined where no operation has this method and path; literal segments win over variables, also over what a name with slashes could take in
 */
export function matchOperation(operations: readonly Operation[], method: string, path: string): Operation | undefined {
  const segments = path.split('/')
  return operations
    .filter((operation) => operation.method === method && matches(operation.path.split('/'), segments))
    .sort((one, other) => variables(one.path) - variables(other.path) || other.path.split('/').length - one.path.split('/').length)[0]
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  const [part, ...rest] = pattern
  if (part === undefined) return segments.length === 0
  if (!part.startsWith('{')) return part === segments[0] && matches(rest, segments.slice(1))
  // Names of images have slashes in them: `/images/registry.example/team/web/json`.
  const longest = part === imageName ? segments.length - rest.length : 1
  return Array.from({ length: longest }, (_, index) => index + 1).some((taken) => segments.slice(0, taken).every((segment) => segment !== '') && segments.length >= taken && matches(rest, segments.slice(taken)))
}

/** The one variable that may span several segments. */
const imageName = '{name}'

function variables(path: string): number {
  return path.split('{').length - 1
}

function anonymous(operation: string): string {
  return operation.replace(/\{[^}]*\}/g, '{}')
}
