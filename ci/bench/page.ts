import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { CouldNotRun } from '../../harness/cli/exit.ts'
import { columns } from '../../reports/columns.ts'
import { readDocuments } from '../../reports/documents.ts'
import { formatHtml } from '../../reports/html.ts'
import { findChromium, firstPaint, openWindow, startBrowser } from '../../reports/html/chromium.ts'
import type { Results } from '../../reports/results.ts'
import type { Section } from './section.ts'

const rounds = 15
const targetMs = 100

/**
 * The first paint of a run's page, in a window that is open, beside that of a page of one word: what a browser needs for any page.
 * @throws CouldNotRun where there is no Chromium
 */
export async function benchPage(results: Results): Promise<Section> {
  if (findChromium() === undefined) throw new CouldNotRun('there is no Chromium to paint a page: install one (on Debian: apt-get install chromium), or leave out the section page')
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-page-'))
  const html = formatHtml(results, readDocuments())
  const pages = { 'a page of one word': '<!doctype html><title>One</title><p>One', 'the page of the run': html }
  const paints = new Map<string, number[]>()
  const browser = await startBrowser()
  try {
    const window = await openWindow(browser)
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, [name, content]] of Object.entries(pages).entries()) {
        const path = join(folder, `${index}.html`)
        writeFileSync(path, content)
        paints.set(name, [...(paints.get(name) ?? []), await firstPaint(window, path)])
        // What is left to do of the last page, also to take it down, is not the next one's.
        await wait(500)
      }
    }
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
  const rows = [...paints].map(([name, times]) => ({ name, sorted: times.toSorted((one, other) => one - other) }))
  const median = (sorted: readonly number[]) => sorted[sorted.length >> 1] ?? Infinity
  const ours = median(rows.at(-1)?.sorted ?? [])
  const ms = (value: number | undefined) => `${Math.round(value ?? Infinity)} ms`
  return {
    lines: [`${results.outcomes.length} verdicts, ${html.length} bytes, ${rounds} times`, ...columns([['first paint', 'least', 'median', 'most'], ...rows.map(({ name, sorted }) => [name, ms(sorted[0]), ms(median(sorted)), ms(sorted.at(-1))])])],
    missed: ours <= targetMs ? [] : [`the first paint takes ${ms(ours)}, and ${targetMs} ms is the target`],
  }
}
