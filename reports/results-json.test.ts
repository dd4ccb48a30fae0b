import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatResults } from './results-json.ts'
import { profileOfArea } from './profiles.ts'
import type { Results } from './results.ts'
import { sampleResults } from './sample-results.ts'

const schema = JSON.parse(readFileSync(new URL('./results.schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv2020({ strict: true, allErrors: true }).compile<Results>(schema)
const parsed = () => JSON.parse(formatResults(sampleResults())) as Results

describe('results.json', () => {
  test('is as its schema says, with every optional member', () => {
    validate(parsed())
    expect(validate.errors).toBeNull()
  })

  test.each<[what: string, damage: (results: ReturnType<typeof loose>) => void]>([
    ['an unknown member', (results) => (results.extra = 1)],
    ['an unknown verdict', (results) => (results.outcomes[0].verdict = 'maybe')],
    ['another format', (results) => (results.format = 'plimsoll-results/2')],
    ['a version that is none', (results) => (results.versions.run[0] = 'v1.24')],
    ['an outcome without its version', (results) => delete results.outcomes[0].version],
    ['a header of three', (results) => results.outcomes[0].transcript[0].requestHeaders[0].push('')],
    ['a body that is not base64', (results) => (results.outcomes[0].transcript[0].responseBody.base64 = '<>')],
    ['a count that is missing', (results) => delete results.counts.stale],
    ['an unknown source', (results) => (results.requirements[0].sources = ['hearsay'])],
  ])('the schema refuses %s', (_, damage) => {
    const results = loose()
    damage(results)
    expect(validate(results)).toBe(false)
  })

  test('the schema has every area', () => {
    const { requirement } = (schema as { $defs: { requirement: { properties: { area: { enum: string[] } } } } }).$defs
    expect(requirement.properties.area.enum.toSorted()).toEqual(Object.keys(profileOfArea).sort())
  })

  test('holds the very values, and no character that acts on a terminal', () => {
    const text = formatResults(sampleResults())
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\ufffe\uffff]/)
    expect(parsed()).toEqual(sampleResults())
  })
})

/** The results as anything, to be damaged. */
function loose(): any {
  return parsed()
}
