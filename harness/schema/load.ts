import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { isApiVersion } from '../versions.ts'
import type { Catalogue, MarkedSchema, Operation } from './operations.ts'

const schemasFolder = fileURLToPath(new URL('../../schemas/', import.meta.url))

/**
 * Reads all operations and definitions.
 * @param folder one that holds `operations/<area>/*.yaml` and `definitions/*.yaml`
 * @throws Error naming the file that is not as it should be, and why
 */
export function loadCatalogue(folder = schemasFolder): Catalogue {
  const operations = yamlFiles(join(folder, 'operations')).map((path) => readOperation(path))
  const definitions = Object.fromEntries(yamlFiles(join(folder, 'definitions')).map((path) => [basename(path, '.yaml'), readYaml(path) as MarkedSchema]))
  const known = new Set(Object.keys(definitions))
  for (const [name, schema] of Object.entries(definitions)) requireReferences(schema, known, `definitions/${name}.yaml`)
  for (const operation of operations) requireReferences(operation, known, `operations/${operation.area}/${operation.id}.yaml`)
  return { operations, definitions }
}

const operationMembers = new Set(['operation', 'id', 'area', 'anchor', 'operationId', 'since', 'removedIn', 'query', 'headers', 'body', 'answers', 'notes'])
const answerMembers = new Set(['since', 'removedIn', 'content', 'schema', 'error', 'empty', 'hijack', 'stream', 'item'])
const parameterMembers = new Set(['since', 'removedIn', 'schema'])

function readOperation(path: string): Operation {
  const content = readYaml(path)
  const refuse = (why: string): never => {
    throw new Error(`${path}: ${why}`)
  }
  if (!isRecord(content)) return refuse('is no mapping')
  requireMembers(content, operationMembers, path)
  const { operation, id, area, anchor, operationId, query = {}, headers = {}, answers } = content
  const [method, route, ...rest] = typeof operation === 'string' ? operation.split(' ') : []
  if (method === undefined || route === undefined || rest.length > 0) return refuse('"operation" must be a method and a path')
  if (id !== basename(path, '.yaml')) return refuse(`"id" must be the file's name`)
  for (const [name, value] of Object.entries({ area, anchor, operationId })) if (typeof value !== 'string') return refuse(`"${name}" is missing`)
  if (!isRecord(query) || !isRecord(headers) || !isRecord(answers)) return refuse('"query", "headers" and "answers" must be mappings')
  requireSpan(content, path)
  for (const [name, parameter] of [...Object.entries(query), ...Object.entries(headers)]) {
    if (!isRecord(parameter)) return refuse(`the parameter ${name} is no mapping`)
    requireMembers(parameter, parameterMembers, `${path}: ${name}`)
    requireSpan(parameter, `${path}: ${name}`)
  }
  for (const [status, answer] of Object.entries(answers)) {
    if (!/^[1-5]\d\d$/.test(status)) return refuse(`${status} is no status`)
    if (!isRecord(answer)) return refuse(`the answer ${status} is no mapping`)
    requireMembers(answer, answerMembers, `${path}: ${status}`)
    requireSpan(answer, `${path}: ${status}`)
  }
  return { ...content, method, path: route, query, headers, answers } as unknown as Operation
}

function requireMembers(value: Record<string, unknown>, allowed: ReadonlySet<string>, where: string): void {
  const unknown = Object.keys(value).find((member) => !allowed.has(member))
  if (unknown !== undefined) throw new Error(`${where}: unknown member "${unknown}"; there are ${[...allowed].join(', ')}`)
}

function requireSpan(value: Record<string, unknown>, where: string): void {
  for (const name of ['since', 'removedIn']) {
    const version = value[name]
    if (version !== undefined && (typeof version !== 'string' || !isApiVersion(version))) {
      throw new Error(`${where}: "${name}" must be a version in quotes, and is ${String(version)}`)
    }
  }
}

function requireReferences(value: unknown, known: ReadonlySet<string>, where: string): void {
  if (Array.isArray(value)) return value.forEach((item) => requireReferences(item, known, where))
  if (!isRecord(value)) return
  if (typeof value.$ref === 'string' && !known.has(value.$ref)) throw new Error(`${where}: there is no definition "${value.$ref}"`)
  Object.values(value).forEach((item) => requireReferences(item, known, where))
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name))
}

/** Whether a value read from YAML or JSON is a mapping. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
