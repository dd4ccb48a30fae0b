import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseExpectations } from '../harness/cli/expected-proof.ts'
import { allFaults } from '../harness/faults/catalogue.ts'
import { loadCatalogue } from '../harness/schema/load.ts'
import type { Proof } from '../reports/proof.ts'
import { inFolder, plimsoll } from './judge-daemon.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const list = 'ci/faults-noticed.tsv'
const host = process.env.PLIMSOLL_TEST_FAULTY

/** Faults that a submission is held against, and which: another seed now and then draws others. */
const sample = { size: 60, seed: 20 }

describe('the list of faults that were noticed', () => {
  test('names faults that there are', () => {
    const known = new Set(allFaults(loadCatalogue()).map(({ id }) => id))
    expect([...parseExpectations(readFileSync(join(root, list), 'utf8'), list).keys()].filter((id) => !known.has(id))).toEqual([])
  })
})

describe.skipIf(host === undefined)('a sample of the faults of Docker 20.10', () => {
  test('is noticed as it was before', { timeout: 600_000 }, async () => {
    await inFolder(async (out) => {
      const options = ['--disposable', '--really', '--out', out, '--expect', list, '--sample', String(sample.size), '--seed', String(sample.seed)]
      const { exitCode, output } = await plimsoll(process.env.PLIMSOLL_TEST_FAULTY_NETNS, 'prove', '--host', host ?? '', ...options)
      expect(exitCode, output).toBe(0)
      const proof = JSON.parse(readFileSync(join(out, 'proof.json'), 'utf8')) as Proof
      expect(proof.broken).toEqual([])
      expect(proof.faults.filter(({ result }) => result === 'noticed').length).toBeGreaterThan(sample.size / 2)
    })
  })
})
