import { describe, expect, test } from 'vitest'
import type { ApiVersion } from '../versions.ts'
import type { Catalogue, DocumentedAnswer, Operation } from './operations.ts'
import { createValidator, type CheckedAnswer } from './validate.ts'

const operation = (answers: Record<string, DocumentedAnswer>, more: Partial<Operation> = {}): Operation => ({
  id: 'thing-inspect', operation: 'GET /things/{id}', method: 'GET', path: '/things/{id}', area: 'system', anchor: 'a', operationId: 'o', query: {}, headers: {}, answers, ...more,
})

const thing = {
  type: 'object',
  required: ['Id', 'New'],
  properties: {
    Id: { type: 'string' },
    Kind: { enum: ['a', 'b'] },
    Names: { type: ['array', 'null'], items: { type: 'string' } },
    New: { 'x-since': '1.22', type: 'integer' },
    Old: { 'x-removed-in': '1.22', type: 'integer' },
  },
}

const json: DocumentedAnswer = { content: 'application/json', schema: { $ref: 'Thing' } }

function check(answers: Record<string, DocumentedAnswer>, version: ApiVersion, answer: Partial<Omit<CheckedAnswer, 'body'>> & { body?: unknown }): string[] {
  const described = operation(answers)
  const validator = createValidator({ operations: [described], definitions: { Thing: thing } })
  const { body = '', ...rest } = answer
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return validator
    .validateAnswer(described, version, { method: 'GET', status: 200, contentType: 'application/json', ...rest, body: bytes })
    .map(({ pointer, keyword, message }) => `${keyword} ${pointer}: ${message}`)
}

describe('validateAnswer', () => {
  test('has nothing against what is as documented, and unknown properties are open', () => {
    expect(check({ '200': json }, '1.22', { body: { Id: 'x', New: 1, Names: null, Unknown: {} } })).toEqual([])
    expect(check({ '200': json }, '1.21', { body: { Id: 'x', Old: 1 } })).toEqual([])
  })

  test('tells what is missing, at its place', () => {
    expect(check({ '200': json }, '1.22', { body: { New: 1 } })).toEqual(['required /Id: must be there; it is missing'])
  })

  test('tells what must be absent', () => {
    expect(check({ '200': json }, '1.22', { body: { Id: 'x', New: 1, Old: 2 } })).toEqual(['false schema /Old: no longer documented, must be absent; it is 2'])
  })

  test('tells a wrong type with the value, a null too', () => {
    expect(check({ '200': json }, '1.22', { body: { Id: null, New: 1 } })).toEqual(['type /Id: must be string; it is null'])
    expect(check({ '200': json }, '1.22', { body: { Id: 'x', New: 1, Names: ['a', 2] } })).toEqual(['type /Names/1: must be string; it is 2'])
    expect(check({ '200': json }, '1.22', { body: { Id: 'x', New: 1, Names: {} } })).toEqual(['type /Names: must be array,null; it is {}'])
  })

  test('tells the values that are possible', () => {
    expect(check({ '200': json }, '1.22', { body: { Id: 'x', New: 1, Kind: 'c' } })).toEqual(['enum /Kind: must be equal to one of the allowed values ("a", "b"); it is "c"'])
  })

  test('tells all violations, and cuts long values', () => {
    const found = check({ '200': json }, '1.22', { body: { Id: [`${'y'.repeat(500)}`], Old: 1 } })
    expect(found).toHaveLength(3)
    expect(found.find((each) => each.startsWith('type /Id'))).toMatch(/y…$/)
  })

  test('holds the content type against the document, without parameters and in any letters', () => {
    const body = { Id: 'x', New: 1 }
    expect(check({ '200': json }, '1.22', { body, contentType: 'Application/JSON; charset=utf-8' })).toEqual([])
    expect(check({ '200': json }, '1.22', { body, contentType: 'text/plain' })).toEqual(['content-type : the content type application/json is documented, and text/plain came'])
    expect(check({ '200': json }, '1.22', { body, contentType: undefined })).toEqual(['content-type : the content type application/json is documented, and none came'])
    expect(check({ '200': json }, '1.22', { body, method: 'HEAD', contentType: undefined })).toEqual([])
  })

  test('tells a body that is no JSON', () => {
    expect(check({ '200': json }, '1.22', { body: '{"Id":' })).toEqual([expect.stringMatching(/^json : the body is no JSON: /)])
    expect(check({ '200': json }, '1.22', {})).toEqual([expect.stringMatching(/^json : /)])
  })

  test('wants no body where none is documented', () => {
    expect(check({ '204': { empty: true } }, '1.22', { status: 204 })).toEqual([])
    expect(check({ '204': { empty: true } }, '1.22', { status: 204, body: 'hi' })).toEqual(['empty : no body is documented, and one of 2 bytes came'])
  })

  test('tells a status that is not documented at this version', () => {
    const answers = { '200': json, '201': { ...json, since: '1.23' as const }, '304': { empty: true as const } }
    expect(check(answers, '1.22', { status: 201, body: {} })).toEqual(['status : status 201 is not documented; there are 200, 304'])
    expect(check(answers, '1.23', { status: 201, body: { Id: 'x', New: 1 } })).toEqual([])
  })

  const error: Record<string, DocumentedAnswer> = { '200': json, '404': { error: true } }
  test.each([404, 500, 418])('wants an error as plain text up to 1.23, and as JSON with a message from 1.24 on (%i)', (status) => {
    expect(check(error, '1.23', { status, body: 'no such thing\n', contentType: 'text/plain' })).toEqual([])
    expect(check(error, '1.23', { status, body: 'no such thing\n' })).toEqual(['content-type : the content type text/plain is documented, and application/json came'])
    expect(check(error, '1.24', { status, body: { message: 'no' }, contentType: 'text/plain' })).toEqual(['content-type : the content type application/json is documented, and text/plain came'])
    expect(check(error, '1.23', { status, body: { message: 'no' }, contentType: 'text/plain' })).toEqual(['error-form : up to 1.23 an error is plain text, and JSON came: {"message":"no"}'])
    expect(check(error, '1.24', { status, body: { message: 'no' } })).toEqual([])
    expect(check(error, '1.24', { status, body: 'no such thing\n' })).toEqual(['error-form : from 1.24 on an error is a JSON object with "message", and this came: no such thing'])
    expect(check(error, '1.24', { status })).toEqual(['error-form : from 1.24 on an error is a JSON object with "message", and this came: no body'])
    expect(check(error, '1.24', { status, body: [] })).toHaveLength(1)
    expect(check(error, '1.24', { status, body: { message: 7 } })).toEqual(['error-form : an error\'s "message" is a text, and this came: {"message":7}'])
    expect(check(error, '1.24', { status, method: 'HEAD' })).toEqual([])
  })

  test('an answer with neither error nor schema is open', () => {
    expect(check({ '404': {} }, '1.24', { status: 404, body: 'plain', contentType: 'text/plain' })).toEqual([])
  })

  test('holds each value of a stream that came as a whole against the schema of its items, and tells of each violation once', () => {
    const stream = { '200': { stream: 'json', content: 'application/json', item: { $ref: 'Thing' } } } as const
    expect(check(stream, '1.22', { body: '{"Id":"x","New":1}\r\n{"Id":"y","New":2}' })).toEqual([])
    expect(check(stream, '1.22', { body: '{"New":1}{"New":1}' })).toEqual(['required /Id: must be there; it is missing'])
    expect(check(stream, '1.22', { body: '{"New":1}no JSON' })).toEqual(['required /Id: must be there; it is missing'])
  })

  test('does not repeat anyOf where what failed below it is told', () => {
    const answers: Record<string, DocumentedAnswer> = { '200': { schema: { anyOf: [{ type: 'string' }, { type: 'integer' }] } } }
    expect(check(answers, '1.22', { body: [] }).map((each) => each.split(' ', 1)[0])).toEqual(['type', 'type'])
  })
})

describe('createValidator', () => {
  const described = operation({ '200': { stream: 'json', item: { $ref: 'Thing' } } }, { since: '1.20', body: { content: 'application/json', schema: { $ref: 'Thing' } } })
  const catalogue: Catalogue = { operations: [described], definitions: { Thing: thing } }
  const validator = createValidator(catalogue)

  test('validates the values of a stream, where there are any', () => {
    expect(validator.validateItem(described, '1.22', 200, { Id: 'x', New: 1 })).toEqual([])
    expect(validator.validateItem(described, '1.22', 200, { Id: 'x' })).toMatchObject([{ pointer: '/New', keyword: 'required' }])
    expect(validator.validateItem(described, '1.22', 404, {})).toBeUndefined()
  })

  test('validates a request', () => {
    expect(validator.validateRequest(described, '1.22', { Id: 1, New: 1 })).toMatchObject([{ pointer: '/Id' }])
    expect(validator.validateRequest(operation({}), '1.22', { anything: 1 })).toEqual([])
  })

  test('finds operations, and says from when on they are documented', () => {
    expect(validator.operationOf('GET', '/things/1')).toBe(described)
    expect(validator.operationOf('GET', '/things')).toBeUndefined()
    expect([validator.documents(described, '1.19'), validator.documents(described, '1.20')]).toEqual([false, true])
  })

  test('refuses a schema with a mark or keyword that it does not know', () => {
    const odd = operation({ '200': { schema: { 'x-sinse': '1.20', type: 'string' } } })
    expect(() => createValidator({ operations: [odd], definitions: {} }).validateAnswer(odd, '1.22', { method: 'GET', status: 200, contentType: undefined, body: Buffer.from('""') })).toThrow(/unknown keyword: "x-sinse"/)
  })
})
