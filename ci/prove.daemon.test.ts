import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseExpectations } from '../harness/cli/expected-proof.ts'
import { allFaults } from '../harness/faults/catalogue.ts'
import { loadCatalogue } from '../harness/schema/load.ts'
import type { Proof } from '../reports/proof.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const list = 'ci/faults-noticed.tsv'
const host = process.env.PLIMSOLL_TEST_DOCKER
const netns = process.env.PLIMSOLL_TEST_DOCKER_NETNS

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
    const out = mkdtempSync(join(tmpdir(), 'plimsoll-proved-'))
    try {
      const within = netns === undefined ? [] : ['nsenter', `--net=/var/run/netns/${netns}`]
      const [program = '', ...words] = [
        ...within, process.execPath, 'harness/cli/plimsoll.ts', 'prove', '--host', host ?? '', '--disposable', '--really', '--out', out,
        '--expect', list, '--sample', String(sample.size), '--seed', String(sample.seed),
      ]
      const child = spawn(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => void (output += text))
      const exitCode = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
      expect(exitCode, output).toBe(0)
      const proof = JSON.parse(readFileSync(join(out, 'proof.json'), 'utf8')) as Proof
      expect(proof.broken).toEqual([])
      expect(proof.faults.filter(({ result }) => result === 'noticed').length).toBeGreaterThan(sample.size / 2)
    } finally {
      rmSync(out, { recursive: true, force: true })
    }
  })
})
