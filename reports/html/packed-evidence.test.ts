import { inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../harness/case/outcome.ts'
import type { ApiVersion } from '../../harness/versions.ts'
import { recordBody } from '../../harness/wire/exchange.ts'
import { evidenceKey, packEvidence } from './packed-evidence.ts'

const outcome = (id: string, version: ApiVersion, verdict: Outcome['verdict'] = 'pass'): Outcome => ({
  id, version, verdict, startedAt: 0, durationMs: 1, waitedMs: 1,
  transcript: [{ method: 'GET', path: `/v${version}/${id}`, requestHeaders: [], status: 200, responseBody: recordBody(Buffer.from(noise(id, 400))), atMs: 0, durationMs: 1 }],
})

/** Text that does not pack well, the same for the same seed. */
function noise(seed: string, length: number): string {
  let state = [...seed].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) % 2147483647
  return Array.from({ length }, () => String.fromCharCode(97 + ((state = (state * 48271) % 2147483647) % 26))).join('')
}

const unpack = (block: string) => JSON.parse(inflateRawSync(Buffer.from(block, 'base64')).toString('utf8')) as Record<string, string>

const outcomes = ['a', 'b', 'c'].flatMap((id) => (['1.24', '1.25'] as const).map((version) => outcome(id, version, id === 'b' ? 'fail' : 'pass')))

describe('packEvidence', () => {
  test('holds all evidence where there is room, each under its key', () => {
    const { blocks, blockOf } = packEvidence(outcomes, 'unix:///x', 1e6)
    expect(blockOf.size).toBe(outcomes.length)
    for (const one of outcomes) expect(unpack(blocks[blockOf.get(one) ?? -1] ?? '')[evidenceKey(one)]).toContain(`/v${one.version}/${one.id}`)
  })

  test('leaves out passes before what is red, older versions before the newest', () => {
    const kept = (budget: number) => [...packEvidence(outcomes, 'unix:///x', budget).blockOf.keys()].map(evidenceKey)
    const three = (['1.23', '1.24', '1.25'] as const).map((version) => outcome('a', version))
    const whole = packEvidence(three, 'unix:///x', 1e6).blocks.join('').length
    expect([...packEvidence(three, 'unix:///x', whole - 1).blockOf.keys()].map(evidenceKey)).toEqual(['a 1.23', 'a 1.25'])
    const all = packEvidence(outcomes, 'unix:///x', 1e6).blocks.join('').length
    // As many of the older passes as there is room for.
    expect(kept(all - 1)).toEqual(['a 1.24', 'a 1.25', 'b 1.24', 'b 1.25', 'c 1.25'])
    expect(kept(900)).toEqual(['b 1.24', 'b 1.25'])
    expect(kept(10)).toEqual([])
  })

  test('starts a new block where one would be slow to unpack', () => {
    const many = Array.from({ length: 400 }, (_, index) => outcome(`case-${index}`, '1.25'))
    const { blocks } = packEvidence(many, 'unix:///x', 1e7)
    expect(blocks.length).toBeGreaterThan(1)
    for (const block of blocks) expect(Object.values(unpack(block)).join('').length).toBeLessThan(300_000)
  })
})
