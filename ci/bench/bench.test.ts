import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sampleResults } from '../../reports/sample-results.ts'
import { makePiece, measureDockerModem, measureOurs } from './decoder.ts'
import { benchRun, readResultsFile } from './run.ts'

describe('decoder', () => {
  test('both decoders find every byte of what the benchmark sends', () => {
    const piece = makePiece(1_000_000)
    const expected = { stdin: 0, stdout: 3 * piece.payload.stdout, stderr: 3 * piece.payload.stderr }
    expect(piece.payload.stdout + piece.payload.stderr + 8 * piece.frames).toBe(piece.bytes)
    expect(measureOurs(piece, 3).payload).toEqual(expected)
    expect(measureDockerModem(piece, 3).payload).toEqual(expected)
  })
})

describe('run', () => {
  test('names the share of the daemon and the slowest cases first', () => {
    const results = sampleResults()
    const { lines, missed } = benchRun({ ...results, run: { ...results.run, durationMs: 2000, waitedMs: 1500 } })
    expect(missed).toEqual([])
    expect(lines.join('\n')).toMatch(/waiting for the daemon +1\.50 +75 %/)
    expect(lines.join('\n')).toMatch(/everything else +0\.50 +25 %/)
  })

  test('says what is wrong with a file that holds no results', () => {
    expect(() => readResultsFile('/no/such/results.json')).toThrow(/^no results: .*ENOENT.*plimsoll run/)
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
    try {
      for (const [text, message] of [['{}', /is no results file/], ['{', /^no results: /]] as const) {
        writeFileSync(join(folder, 'results.json'), text)
        expect(() => readResultsFile(join(folder, 'results.json'))).toThrow(message)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
