import { WriteStream as Terminal } from 'node:tty'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Outcome, Verdict } from '../case/outcome.ts'
import { requirement } from '../case/sample-requirement.ts'
import { createProgress } from './progress.ts'

/** A terminal, or a file: what is written to it is kept. */
function stream(isTTY: boolean, columns = 80) {
  const parts: string[] = []
  const write = (text: string) => parts.push(text) > 0
  // Enough of a stream for colours, too: whether it has any is asked of the stream itself, and a terminal asks its environment.
  const written = { isTTY, columns, write, getColorDepth: () => Terminal.prototype.getColorDepth.call(undefined), writable: true, _writableState: {}, on: () => {} }
  return { stream: written as unknown as NodeJS.WriteStream, text: () => parts.join('') }
}

function environment(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

const plan = new Map([['v1.24 containers', 2], ['v1.25 containers', 1]])
const ended = (verdict: Verdict, own: Partial<Outcome> = {}): Outcome => ({ id: 'thing-start', version: '1.24', verdict, startedAt: 0, durationMs: 1, waitedMs: 1, transcript: [], ...own })

describe('createProgress', () => {
  test('writes whole lines into a file: what is red, and each area that is done', () => {
    const { stream: file, text } = stream(false)
    const progress = createProgress(plan, file)
    progress.say('Docker 20.10')
    progress.caseEnded(requirement(), ended('pass'))
    progress.caseEnded(requirement(), ended('fail', { reason: 'got 500' }))
    progress.caseEnded(requirement(), ended('known', { version: '1.25' }))
    progress.finish()
    expect(text()).toBe('Docker 20.10\nfail    v1.24 thing-start: got 500\ndone    v1.24 containers: 2 cases, 1 red\ndone    v1.25 containers: 1 cases\n')
  })

  test.each(['fail', 'blocked', 'stale', 'fault'] as const)('%s is shown at once', (verdict) => {
    const { stream: file, text } = stream(false)
    createProgress(plan, file).caseEnded(requirement(), ended(verdict, { reason: 'so' }))
    expect(text()).toBe(`${verdict.padEnd(7)} v1.24 thing-start: so\n`)
  })

  test.each(['pass', 'known', 'not-applicable', 'withheld'] as const)('%s is not', (verdict) => {
    const { stream: file, text } = stream(false)
    createProgress(plan, file).caseEnded(requirement(), ended(verdict, { reason: 'so' }))
    expect(text()).toBe('')
  })

  test('keeps a status line on a terminal, within its width, and takes it away', () => {
    environment({ NO_COLOR: '1', FORCE_COLOR: undefined, NODE_DISABLE_COLORS: undefined })
    const { stream: terminal, text } = stream(true, 30)
    let now = 0
    const progress = createProgress(plan, terminal, () => now)
    now = 5_000
    progress.caseEnded(requirement(), ended('pass'))
    expect(text()).toBe('\r\x1b[2K1/3 · 0 red · 5 s · v1.24 con')
    // Not more often than it can be read.
    now = 5_050
    progress.caseEnded(requirement(), ended('pass', { version: '1.25' }))
    expect(text().match(/· 5 s/g)).toHaveLength(1)
    progress.finish()
    expect(text().endsWith('\r\x1b[2K')).toBe(true)
  })

  test('colours a terminal, unless NO_COLOR says otherwise; a file never', () => {
    const show = (isTTY: boolean) => {
      const { stream: target, text } = stream(isTTY)
      createProgress(plan, target, () => 0).caseEnded(requirement(), ended('fail', { reason: 'so' }))
      return text()
    }
    environment({ NO_COLOR: undefined, FORCE_COLOR: undefined, NODE_DISABLE_COLORS: undefined, CI: undefined, TERM: 'xterm-256color' })
    expect(show(true)).toContain('\x1b[31mfail')
    expect(show(false)).not.toContain('\x1b[')
    environment({ NO_COLOR: '1' })
    expect(show(true)).not.toContain('\x1b[31m')
  })

  test('makes what a daemon said harmless, and keeps it on its line', () => {
    const { stream: file, text } = stream(false)
    createProgress(plan, file).caseEnded(requirement(), ended('fail', { reason: `\u001b[2J\r\n\u202edone v1.25 ${'x'.repeat(500)}` }))
    expect(text()).toMatch(/^fail {4}v1\.24 thing-start: \\x1b\[2J\\r\\n\\u202edone v1\.25 x+…\n$/)
    expect(text().length).toBeLessThan(300)
  })

  test('counts what was not planned, too: the shapes that are seen in passing', () => {
    const { stream: file, text } = stream(false)
    createProgress(new Map(), file).caseEnded(requirement({ id: 'info-shape' }), ended('fail', { id: 'info-shape', reason: 'so' }))
    expect(text()).toBe('fail    v1.24 info-shape: so\n')
  })
})
