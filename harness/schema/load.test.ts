import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadCatalogue } from './load.ts'

const ping = {
  operation: 'GET /_ping', id: 'ping', area: 'system', anchor: 'ping', operationId: 'SystemPing',
  answers: { '200': { content: 'text/plain' } },
}

/** A folder with these files; an object is written as JSON, which is YAML too. */
function folderWith(files: Record<string, object | string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-schemas-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['operations/x', 'definitions']) mkdirSync(join(folder, name), { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

const load = (operation: object | string, more: Record<string, object | string> = {}) => loadCatalogue(folderWith({ 'operations/system/ping.yaml': operation, ...more }))

describe('loadCatalogue', () => {
  test('reads operations with method and path taken apart, and definitions by their file', () => {
    const { operations, definitions } = load(ping, { 'definitions/Thing.yaml': 'type: object\n' })
    expect(operations).toEqual([{ ...ping, method: 'GET', path: '/_ping', query: {}, headers: {} }])
    expect(definitions).toEqual({ Thing: { type: 'object' } })
  })

  const refused: [what: string, operation: object | string, complaint: RegExp][] = [
    ['a list', '- GET /_ping\n', /ping\.yaml: is no mapping/],
    ['text that is no YAML', 'a: [b\n', /ping\.yaml: /],
    ['an unknown member', { ...ping, paramters: {} }, /unknown member "paramters"; there are operation, id, area/],
    ['an operation without a path', { ...ping, operation: 'GET' }, /"operation" must be a method and a path/],
    ['an operation with more than that', { ...ping, operation: 'GET /_ping now' }, /"operation" must be a method and a path/],
    ['no operation', { ...ping, operation: undefined }, /"operation" must be a method and a path/],
    ['an id that is not the name of the file', { ...ping, id: 'pong' }, /"id" must be the file's name/],
    ['no area', { ...ping, area: undefined }, /"area" is missing/],
    ['no anchor', { ...ping, anchor: undefined }, /"anchor" is missing/],
    ['no operationId', { ...ping, operationId: undefined }, /"operationId" is missing/],
    ['no answers', { ...ping, answers: undefined }, /"query", "headers" and "answers" must be mappings/],
    ['a list of parameters', { ...ping, query: ['all'] }, /"query", "headers" and "answers" must be mappings/],
    ['a parameter that is no mapping', { ...ping, query: { all: 'boolean' } }, /the parameter all is no mapping/],
    ['a parameter with an unknown member', { ...ping, headers: { 'X-A': { required: true } } }, /X-A: unknown member "required"/],
    ['a status that is none', { ...ping, answers: { ok: {} } }, /ok is no status/],
    ['an answer that is no mapping', { ...ping, answers: { '200': 'fine' } }, /the answer 200 is no mapping/],
    ['an answer with an unknown member', { ...ping, answers: { '200': { body: {} } } }, /200: unknown member "body"/],
    ['a version without quotes', 'operation: GET /_ping\nid: ping\narea: system\nanchor: a\noperationId: b\nsince: 1.20\nanswers: {}\n', /"since" must be a version in quotes, and is 1\.2/],
    ['a version of a parameter that is none', { ...ping, query: { all: { removedIn: 'v1.20' } } }, /ping\.yaml: all: "removedIn" must be a version in quotes, and is v1\.20/],
    ['a version of an answer that is none', { ...ping, answers: { '200': { since: true } } }, /200: "since" must be a version in quotes/],
    ['a reference to no definition', { ...ping, answers: { '200': { schema: { type: 'array', items: { $ref: 'Thing' } } } } }, /operations\/system\/ping\.yaml: there is no definition "Thing"/],
  ]
  test.each(refused)('refuses %s', (_what, operation, complaint) => {
    expect(() => load(operation)).toThrow(complaint)
  })

  test('refuses a definition that refers to none', () => {
    expect(() => load(ping, { 'definitions/Thing.yaml': { properties: { other: { $ref: 'Other' } } } })).toThrow(/definitions\/Thing\.yaml: there is no definition "Other"/)
  })
})
