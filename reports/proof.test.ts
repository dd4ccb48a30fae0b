import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatProofPage } from './proof-html.ts'
import { formatProof, summarizeProof } from './proof-write.ts'
import { percent, scoreOf, type Proof, type ProvedFault } from './proof.ts'

const schema = JSON.parse(readFileSync(new URL('./proof.schema.json', import.meta.url), 'utf8')) as object
const validate = new Ajv2020({ strict: true, allErrors: true }).compile<Proof>(schema)

const fault = (id: string, more: Partial<ProvedFault>): ProvedFault => ({
  id, kind: 'ignored-query', operation: 'GET /containers/json', area: 'containers', sentence: 'GET /containers/json ignores limit', versions: ['1.24', '1.25'], result: 'survived', tried: 3, blocked: 1, altered: ['GET /v1.24/containers/json?limit=1'], ...more,
})
const sample = (): Proof => ({
  format: 'plimsoll-proof/1',
  suite: { name: 'plimsoll', version: '0.1.0' },
  run: { startedAt: '2026-01-02T03:04:05.000Z', durationMs: 61_000, interrupted: false, arguments: ['prove'], sample: { size: 4, seed: 1, of: 10 } },
  daemon: { endpoint: 'unix:///d.sock', product: 'Docker', version: '20.10.24<script>', os: 'linux', arch: 'amd64', kernel: '6' },
  versions: ['1.24', '1.25'],
  faults: [
    fault('a.survived', {}),
    fault('a.noticed', { result: 'noticed', kind: 'crafted', noticed: { case: 'container-list-limit', version: '1.24', through: 'case', charged: ['GET /containers/{id}/json'], rightly: false, difference: 'expected <b>' } }),
    fault('a.unseen', { result: 'not-exercised', tried: 0, blocked: 0, altered: [] }),
    fault('a.hidden', { result: 'unobservable', reason: 'nobody can see it', tried: 0, blocked: 0, altered: [] }),
  ],
  broken: [{ fault: 'a.survived', case: 'x', version: '1.24', reason: 'TypeError' }],
})

describe('proof.json', () => {
  test('is as its schema says, with every optional member', () => {
    const parsed = JSON.parse(formatProof(sample())) as Proof
    validate(parsed)
    expect(validate.errors).toBeNull()
    expect(parsed).toEqual(sample())
  })

  test.each<[what: string, damage: (proof: { [name: string]: any }) => void]>([
    ['an unknown result', (proof) => (proof.faults[0].result = 'maybe')],
    ['an unknown kind', (proof) => (proof.faults[0].kind = 'odd')],
    ['an unknown member', (proof) => (proof.extra = 1)],
    ['a fault without its versions', (proof) => (proof.faults[0].versions = [])],
  ])('the schema refuses %s', (_, damage) => {
    const proof = JSON.parse(formatProof(sample())) as { [name: string]: any }
    damage(proof)
    expect(validate(proof)).toBe(false)
  })
})

test('the share is of what was exercised, and is never rounded up', () => {
  expect(scoreOf('x', sample().faults)).toMatchObject({ noticed: 1, survived: 1, 'not-exercised': 1, unobservable: 1, share: 1 / 2, exercised: 2 / 3 })
  expect(percent(0.99999)).toBe('99.9 %')
  expect(percent(1)).toBe('100.0 %')
  expect(percent(scoreOf('x', []).share)).toBe('–')
})

test('the terminal is told of survivors with the request that was altered, and of what the suite broke at', () => {
  const text = summarizeProof(sample())
  expect(text).toContain('a.survived: GET /v1.24/containers/json?limit=1 (3 cases, 1 of them blocked)')
  expect(text).toContain('the suite broke: x v1.24 under a.survived: TypeError')
  expect(text).toContain('charged to another operation (1): a.noticed (container-list-limit)')
})

test('the page shows everything as text, and runs nothing', () => {
  const page = formatProofPage(sample())
  expect(page).toContain('20.10.24&lt;script&gt;')
  expect(page).not.toContain('<script')
  for (const text of ['a.survived', 'a.noticed', 'a.unseen', 'nobody can see it', 'expected &lt;b&gt;', 'drawn by the seed 1']) expect(page).toContain(text)
})
