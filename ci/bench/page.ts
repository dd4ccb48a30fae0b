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
  const one = { name: 'a page of one word', path: join(folder, 'one.html'), paints: [] as number[] }
  const run = { name: 'the page of the run', path: join(folder, 'run.html'), paints: [] as number[] }
  writeFileSync(one.path, '<!doctype html><title>One</title><p>One')
  writeFileSync(run.path, html)
  const browser = await startBrowser()
  try {
    const window = await openWindow(browser)
    for (let round = 0; round < rounds; round += 1) {
      for (const { path, paints } of [one, run]) {
        paints.push(await firstPaint(window, path))
        // What is left to do of the last page, also to take it down, is not the next one's.
        await wait(500)
      }
    }
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
  for (const { paints } of [one, run]) paints.sort((less, more) => less - more)
  const median = (sorted: readonly number[]) => sorted[sorted.length >> 1] ?? Infinity
  const ms = (value: number | undefined) => `${Math.round(value ?? Infinity)} ms`
  return {
    lines: [`${results.outcomes.length} verdicts, ${html.length} bytes, ${rounds} times`, ...columns([['first paint', 'least', 'median', 'most'], ...[one, run].map(({ name, paints }) => [name, ms(paints[0]), ms(median(paints)), ms(paints.at(-1))])])],
    missed: median(run.paints) <= targetMs ? [] : [`the first paint takes ${ms(median(run.paints))}, and ${targetMs} ms is the target`],
  }
}
