import { describe, expect, test } from 'vitest'
import { sampleResults } from './sample-results.ts'
import { tabulate } from './tally.ts'
import { summarize } from './terminal.ts'

const results = sampleResults()
const plain = Object.assign(Object.create(process.stdout) as NodeJS.WriteStream, { isTTY: false, hasColors: () => false })
const summary = summarize(results, tabulate(results.requirements, results.outcomes, results.versions.run), plain)

describe('summarize', () => {
  test('ends with each failure in three lines, and the verdict', () => {
    expect(summary).toMatch(/\n {2}fail v1\.25 container-start-created: it answers 204\n {4}POST .*status 500.*\n {4}plimsoll run --api 1\.25 --only container-start-created\n/)
    expect(summary).toMatch(/: nonconformant \(API 1\.24 to 1\.25\)$/)
  })

  test('shows nothing of the daemon that acts on a terminal', () => {
    expect(summary).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/)
  })
})
