// Test support: the pages in a real browser. It comes from the machine (`chromium` on PATH); nothing is downloaded.
import axe from 'axe-core'
import { execFileSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'

/** Where Chromium is; undefined where there is none. */
export function findChromium(): string | undefined {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
    } catch {
      // The next name, then.
    }
  }
  return undefined
}

/** Starts a headless browser. @throws Error where there is no Chromium */
export function startBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('there is no Chromium on this machine')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

/** A page that has been opened, and what went wrong on it: errors of its script, requests that it made, dialogs that it opened. */
export type OpenedPage = { readonly page: Page; readonly troubles: readonly string[] }

/**
 * Opens a file as a person would.
 * @param fragment what follows the path: `?verdict=fail#r-ping-ok`
 */
export async function openPage(browser: Browser, path: string, fragment = '', options: Parameters<Browser['newPage']>[0] = {}): Promise<OpenedPage> {
  const page = await browser.newPage({ viewport: { width: 1180, height: 900 }, ...options })
  const troubles: string[] = []
  const address = pathToFileURL(path).href
  page.on('pageerror', (error) => void troubles.push(`error: ${error.message}`))
  page.on('console', (message) => void (message.type() === 'error' && troubles.push(`console: ${message.text()}`)))
  page.on('dialog', (dialog) => void (troubles.push(`dialog: ${dialog.message()}`), void dialog.dismiss()))
  page.on('request', (request) => void (request.url().startsWith(address) || troubles.push(`request: ${request.url()}`)))
  await page.goto(address + fragment)
  await complete(page)
  return { page, troubles }
}

/** Waits until a page has put in all that it shows after its first paint. */
export async function complete(page: Page): Promise<void> {
  await page.waitForSelector('[aria-busy=true]', { state: 'detached' })
}

/** What axe-core has to say against a page as it is now: one line per violation and element. */
export async function axeViolations(page: Page): Promise<string[]> {
  // Through the debugger, which the page's own policy does not hold back.
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as { violations: { id: string; help: string; nodes: { target: string[]; failureSummary?: string }[] }[] }
  return violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 5).map(({ target, failureSummary = '' }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary.replaceAll('\n', ' ')}`))
}

/** A window in which nothing is going on, as a person's is who opens a report. A new window of Chromium has its own pages to load first. */
export async function openWindow(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1180, height: 900 } })
  await page.goto('about:blank')
  return page
}

/** Opens a file in a window, and leaves it again. Returns when its first content was painted: milliseconds since the navigation began. */
export async function firstPaint(page: Page, path: string): Promise<number> {
  await page.goto(pathToFileURL(path).href)
  const startTime = (await page.evaluate(`new Promise((painted) => new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntriesByName('first-contentful-paint')) painted(startTime)
  }).observe({ type: 'paint', buffered: true }))`)) as number
  await page.goto('about:blank')
  return startTime
}
