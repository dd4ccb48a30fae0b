import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { compareVersions, covers, type ApiVersion } from '../versions.ts'
import { parseJson } from '../wire/json.ts'
import { jsonStreamDecoder, JsonStreamError } from '../wire/json-stream.ts'
import { matchOperation, type Catalogue, type DocumentedAnswer, type MarkedSchema, type Operation } from './operations.ts'
import { bundle } from './project.ts'

/** A place in an answer that is not as documented. */
export type Violation = {
  /** JSON pointer into the body; empty for the body or the answer as a whole. */
  readonly pointer: string
  /** What was expected, and what is there. Not yet made safe to show. */
  readonly message: string
  /** The keyword of JSON Schema that is violated, or `content-type`, `json`, `empty`, `status`, `error-form`. */
  readonly keyword: string
}

/** An answer to be validated. */
export type CheckedAnswer = { readonly method: string; readonly status: number; readonly contentType: string | undefined; readonly body: Buffer }

/** Holds answers against the schemas, at any version. */
export type Validator = {
  /** The operation that a request belongs to; `path` without version and query. */
  operationOf(method: string, path: string): Operation | undefined
  /** Whether a version documents an operation. */
  documents(operation: Operation, version: ApiVersion): boolean
  validateAnswer(operation: Operation, version: ApiVersion, answer: CheckedAnswer): Violation[]
  /** The content type of an answer that is read piece by piece; an error's form is seen in its body, which is not looked at here. */
  validateHead(operation: Operation, version: ApiVersion, head: Omit<CheckedAnswer, 'body'>): Violation[]
  /** One value of a JSON stream; undefined where the operation documents no such stream. */
  validateItem(operation: Operation, version: ApiVersion, status: number, value: unknown): Violation[] | undefined
  /** A request's body; what a daemon may ignore is a violation too. */
  validateRequest(operation: Operation, version: ApiVersion, body: unknown): Violation[]
}

/** Up to here an error's body is plain text; from here on it is JSON. Change 1.24/18. */
const jsonErrorsSince: ApiVersion = '1.24'

/** Makes a validator. Schemas are compiled when they are first needed, for that takes time. */
export function createValidator(catalogue: Catalogue): Validator {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true, verbose: true, validateFormats: false, allowUnionTypes: true })
  const compiled = new Map<string, ValidateFunction>()

  function validate(key: string, schema: MarkedSchema, version: ApiVersion, value: unknown): Violation[] {
    const name = `${version} ${key}`
    let check = compiled.get(name)
    if (check === undefined) {
      check = ajv.compile(bundle(schema, catalogue.definitions, version))
      compiled.set(name, check)
    }
    return check(value) ? [] : (check.errors ?? []).filter(isCause).map(violationOf)
  }

  return {
    operationOf: (method, path) => matchOperation(catalogue.operations, method, path),
    documents: (operation, version) => covers(operation, version),
    validateAnswer(operation, version, answer) {
      const documented = answerAt(operation, version, answer.status)
      if (documented === undefined || documented.error === true) {
        if (answer.status >= 400) return answer.method === 'HEAD' ? [] : violationsOfError(version, answer)
        const documentedStatuses = Object.keys(operation.answers).filter((status) => answerAt(operation, version, Number(status)) !== undefined)
        return [{ pointer: '', keyword: 'status', message: `status ${answer.status} is not documented; there are ${documentedStatuses.join(', ')}` }]
      }
      if (documented.empty === true) {
        return answer.body.byteLength === 0 ? [] : [{ pointer: '', keyword: 'empty', message: `no body is documented, and one of ${answer.body.byteLength} bytes came` }]
      }
      const violations = violationsOfContentType(documented, answer)
      if (documented.stream === 'json' && documented.item !== undefined && answer.method !== 'HEAD') {
        const { item } = documented
        return [...violations, ...distinct(valuesOf(answer.body).flatMap((value) => validate(`${operation.id} ${answer.status} item`, item, version, value)))]
      }
      if (documented.schema === undefined || documented.stream !== undefined) return violations
      let value: unknown
      try {
        value = parseJson(answer.body.toString('utf8'))
      } catch (error) {
        return [...violations, { pointer: '', keyword: 'json', message: `the body is no JSON: ${error instanceof Error ? error.message : String(error)}` }]
      }
      return [...violations, ...validate(`${operation.id} ${answer.status}`, documented.schema, version, value)]
    },
    validateHead(operation, version, head) {
      const documented = answerAt(operation, version, head.status)
      return documented === undefined || documented.error === true ? [] : violationsOfContentType(documented, head)
    },
    validateItem(operation, version, status, value) {
      const documented = answerAt(operation, version, status)
      if (documented?.item === undefined) return undefined
      return validate(`${operation.id} ${status} item`, documented.item, version, value)
    },
    validateRequest(operation, version, body) {
      if (operation.body?.schema === undefined) return []
      return validate(`${operation.id} request`, operation.body.schema, version, body)
    },
  }
}

/** The values of a JSON stream that came as a whole; what is none is for whoever reads the stream to judge. */
function valuesOf(body: Buffer): unknown[] {
  const decoder = jsonStreamDecoder()
  try {
    return decoder.push(body)
  } catch (error) {
    if (error instanceof JsonStreamError) return [...error.values]
    throw error
  }
}

/** One violation of each kind: a stream has hundreds of values. */
function distinct(violations: readonly Violation[]): Violation[] {
  return [...new Map(violations.map((violation) => [`${violation.pointer} ${violation.keyword}`, violation])).values()]
}

function answerAt(operation: Operation, version: ApiVersion, status: number): DocumentedAnswer | undefined {
  const documented = operation.answers[String(status)]
  return documented !== undefined && covers(documented, version) ? documented : undefined
}

function violationsOfContentType(documented: DocumentedAnswer, answer: Omit<CheckedAnswer, 'body'>): Violation[] {
  if (documented.content === undefined || answer.method === 'HEAD') return []
  const actual = answer.contentType?.split(';', 1)[0]?.trim().toLowerCase()
  if (actual === documented.content) return []
  return [{ pointer: '', keyword: 'content-type', message: `the content type ${documented.content} is documented, and ${answer.contentType ?? 'none'} came` }]
}

function violationsOfError(version: ApiVersion, answer: CheckedAnswer): Violation[] {
  const json = compareVersions(version, jsonErrorsSince) >= 0
  // Every Docker from 1.6 to 28.5 says of its errors what they are.
  const typed = violationsOfContentType({ content: json ? 'application/json' : 'text/plain' }, answer)
  return [...typed, ...(json ? violationsOfJsonError(answer) : violationsOfTextError(answer))]
}

const errorForm = (message: string): Violation[] => [{ pointer: '', keyword: 'error-form', message }]

function violationsOfTextError({ body }: CheckedAnswer): Violation[] {
  const text = body.toString('utf8')
  return parseObject(text) === undefined ? [] : errorForm(`up to 1.23 an error is plain text, and JSON came: ${text.trim()}`)
}

function violationsOfJsonError({ body }: CheckedAnswer): Violation[] {
  const text = body.toString('utf8')
  const parsed = parseObject(text)
  if (parsed === undefined) return errorForm(`from 1.24 on an error is a JSON object with "message", and this came: ${text.trim() === '' ? 'no body' : text.trim()}`)
  return typeof parsed.message === 'string' ? [] : errorForm(`an error's "message" is a text, and this came: ${text.trim()}`)
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Errors of these keywords only say that one below them failed. */
const followOns = new Set(['if', 'anyOf', 'allOf'])

function isCause(error: ErrorObject, _index: number, all: ErrorObject[]): boolean {
  return !followOns.has(error.keyword) || !all.some((other) => other !== error && other.instancePath.startsWith(error.instancePath))
}

function violationOf(error: ErrorObject): Violation {
  const removed = error.keyword === 'false schema'
  const pointer = error.keyword === 'required' ? `${error.instancePath}/${String(error.params.missingProperty)}` : error.instancePath
  const actual = error.keyword === 'required' ? 'it is missing' : `it is ${show(error.data)}`
  const expected = removed ? 'no longer documented, must be absent' : error.keyword === 'required' ? 'must be there' : (error.message ?? error.keyword) + detail(error)
  return { pointer, keyword: error.keyword, message: `${expected}; ${actual}` }
}

function detail(error: ErrorObject): string {
  if (error.keyword === 'enum') return ` (${(error.params.allowedValues as unknown[]).map(show).join(', ')})`
  if (error.keyword === 'const') return ` (${show(error.params.allowedValue)})`
  return ''
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
