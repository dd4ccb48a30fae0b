import { describe, expect, test } from 'vitest'
import { githubAnnotations, githubSummary } from './github.ts'
import { hostile, sampleResults } from './sample-results.ts'

describe('githubAnnotations', () => {
  test('has one error per red requirement', () => {
    const lines = githubAnnotations(sampleResults())
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/^::error title=fail container-start-created at 1\.25::POST \/containers\/\{id\}\/start: expected 204, not 500 /)
  })

  test('nothing that a daemon says begins a command of its own', () => {
    const sample = sampleResults()
    const reason = `x\n::set-output name=a::b\r\n::error::%0A${hostile}`
    const lines = githubAnnotations({ ...sample, outcomes: sample.outcomes.map((outcome) => ({ ...outcome, verdict: 'fail' as const, reason })) })
    for (const line of lines) {
      expect(line).not.toMatch(/[\r\n\u0000-\u001f\u202e]/)
      expect(line).toMatch(/^::error title=[^:]*::/)
    }
  })

  test('says how many there are beyond what GitHub shows', () => {
    const sample = sampleResults()
    const [red] = sample.outcomes.filter(({ verdict }) => verdict === 'fail')
    const many = Array.from({ length: 25 }, (_, index) => ({ ...(red as NonNullable<typeof red>), id: `case-${index}` }))
    const lines = githubAnnotations({ ...sample, outcomes: many })
    expect(lines).toHaveLength(10)
    expect(lines.at(-1)).toBe('::error title=Plimsoll%3A and 16 more::The report has them all.')
  })
})

describe('githubSummary', () => {
  const text = githubSummary(sampleResults())

  test('says verdict, areas by versions and what is red', () => {
    expect(text).toContain('is nonconformant')
    expect(text).toContain('| containers | ✗ **1** of 2 | ✗ **1** of 2 |')
    expect(text).toContain('- **fail** <code>container-start-created</code> at 1.25: <code>expected 204, not 500')
    expect(text).toContain('**This run was cut short.**')
  })

  test('lets nothing that a daemon sent be more than text', () => {
    expect(text.replace(/<code>[^<]*<\/code>/g, 'x').replace(/^#+ /gm, '')).not.toMatch(/[<&@#`]|alert/)
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  })
})
