import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordBody } from '../harness/wire/exchange.ts'
import { comparisonHtml } from './comparison-html.ts'
import { compareResults } from './comparison.ts'
import { readDocuments } from './documents.ts'
import { formatHtml } from './html.ts'
import { axeViolations, complete, findChromium, firstPaint, openPage, openWindow, startBrowser } from './html/chromium.ts'
import type { Results } from './results.ts'
import { hostile, sampleResults } from './sample-results.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-page-'))
const documents = readDocuments()
let browser: Browser
beforeAll(async () => {
  if (findChromium() !== undefined) browser = await startBrowser()
}, 60_000)
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
})

function write(name: string, results: Results): string {
  const path = join(folder, name)
  writeFileSync(path, formatHtml(results, documents))
  return path
}

/** As many verdicts as a whole run has, each with a transcript. */
function wholeRun(): Results {
  const sample = sampleResults()
  const versions = ['1.18', '1.19', '1.20', '1.21', '1.22', '1.23', '1.24', '1.25'] as const
  const [first] = sample.requirements
  const [pass] = sample.outcomes
  if (first === undefined || pass === undefined) throw new Error('the sample is empty')
  const requirements = Array.from({ length: 700 }, (_, index) => ({ ...first, id: `case-${index}`, title: `must do what sentence ${index} of the reference says` }))
  const outcomes = requirements.flatMap(({ id }, index) =>
    versions.map((version) => ({ ...pass, id, version, transcript: pass.transcript.map((exchange) => ({ ...exchange, path: `/v${version}/containers/${index.toString(16).padStart(64, '0')}` })) })),
  )
  return { ...sample, requirements, outcomes, versions: { ...sample.versions, offered: versions, run: versions }, counts: { ...sample.counts, pass: outcomes.length } }
}

/** A daemon that sends as much as a record keeps, and more. */
function withMegabytes(): Results {
  const sample = sampleResults()
  const megabytes = `${hostile}${'A'.repeat(4_000_000)}`
  const long = { body: recordBody(Buffer.from(megabytes)), headers: [[hostile, megabytes], ['X-Other', megabytes]] as const }
  return {
    ...sample,
    outcomes: sample.outcomes.map((outcome) => ({
      ...outcome,
      ...(outcome.failure && { reason: megabytes, failure: { ...outcome.failure, difference: megabytes } }),
      transcript: outcome.transcript.map((exchange) => ({ ...exchange, path: `/v1.25/${megabytes}`, responseHeaders: long.headers, responseBody: long.body })),
    })),
  }
}

describe.skipIf(findChromium() === undefined)('the page in Chromium (skipped where there is no chromium on PATH; ci/test installs it)', { timeout: 120_000 }, () => {
  test.each(['light', 'dark'] as const)('has nothing against it in axe, %s, with all evidence open', async (colorScheme) => {
    const { page, troubles } = await openPage(browser, write('page.html', sampleResults()), '', { colorScheme })
    await page.click('button[name=open]')
    await page.waitForSelector('.transcript')
    await expect.poll(() => page.evaluate('document.querySelectorAll("details.evidence").length === document.querySelectorAll("details.evidence[open] .transcript").length'), { timeout: 10_000 }).toBe(true)
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true')
    expect(await axeViolations(page)).toEqual([])
    expect(troubles).toEqual([])
    await page.close()
  })

  test('a comparison has nothing against it in axe either', async () => {
    const sample = sampleResults()
    const worse = { ...sample, outcomes: sample.outcomes.map((outcome) => (outcome.verdict === 'pass' ? { ...outcome, verdict: 'fail' as const, reason: hostile } : outcome)) }
    const path = join(folder, 'comparison.html')
    writeFileSync(path, comparisonHtml(compareResults([{ name: hostile, results: sample }, { name: 'after', results: worse }])))
    const { page, troubles } = await openPage(browser, path)
    await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true')
    expect(await axeViolations(page)).toEqual([])
    const shown = () => page.evaluate('[...document.querySelectorAll("article:not([hidden])")].map(({ id }) => id)')
    expect(await shown()).toEqual(['worse-container-start-created'])
    await page.fill('input[name=words]', 'nothing like this')
    expect(await shown()).toEqual([])
    expect(new URL(page.url()).searchParams.get('words')).toBe('nothing like this')
    await page.goto(new URL('?area=containers&words=start', page.url()).href)
    expect(await shown()).toEqual(['worse-container-start-created'])
    expect(troubles).toEqual([])
    await page.close()
  })

  test('runs nothing and loads nothing of what a daemon sent, and shows it as text', async () => {
    const { page, troubles } = await openPage(browser, write('hostile.html', sampleResults()), '#r-container-start-created-v1.25')
    await page.waitForSelector('.transcript')
    const text = (await page.evaluate('document.body.innerText')) as string
    expect(text).toContain('<script>alert(1)</script><img src=x onerror=alert(2)>')
    expect(text).toContain('\\x1b[31m')
    expect(text).toContain('\\u202egnp')
    expect(text).not.toMatch(/[\u0000\u001b\u009b\u202e]/)
    expect(await page.evaluate('document.querySelectorAll("img, script:not([id^=evidence]), iframe, base, object").length')).toBe(1)
    expect(troubles).toEqual([])
    await page.close()
  })

  test('opens where megabytes came, and stays small', async () => {
    const path = write('megabytes.html', withMegabytes())
    expect(formatHtml(withMegabytes(), documents).length).toBeLessThan(3_000_000)
    const { page, troubles } = await openPage(browser, path, '#r-container-start-created-v1.25')
    await page.waitForSelector('.transcript')
    expect(((await page.evaluate('document.body.innerText')) as string).length).toBeLessThan(1_000_000)
    expect(troubles).toEqual([])
    await page.close()
  })

  test('keeps search and filters in its address, and finds them there', async () => {
    const path = write('filters.html', sampleResults())
    const { page } = await openPage(browser, path)
    const shown = () => page.evaluate('[...document.querySelectorAll("article:not([hidden])")].map(({ id }) => id)')
    await page.uncheck('input[value=pass]')
    await page.selectOption('select[name=version]', '1.25')
    await page.fill('input[name=words]', 'start')
    expect(await shown()).toEqual(['r-container-start-created'])
    const address = new URL(page.url())
    expect(address.searchParams.get('version')).toBe('1.25')
    expect(address.searchParams.get('words')).toBe('start')
    expect(address.searchParams.get('verdict')?.split(',')).not.toContain('pass')
    await page.reload()
    await complete(page)
    expect(await shown()).toEqual(['r-container-start-created'])
    await page.goto(new URL('?source=1.25&level=should&area=containers', page.url()).href)
    await complete(page)
    expect(await shown()).toEqual(['r-container-create-auto-remove'])
    await page.goto(new URL('?source=general/01', page.url()).href)
    await complete(page)
    expect(await shown()).toEqual(['r-container-create-old'])
    await page.goto(new URL('?verdict=pass&version=1.25', page.url()).href)
    await complete(page)
    expect(await shown()).toEqual([])
    await page.click('button[name=reset]')
    expect(await shown()).toHaveLength(4)
    expect(new URL(page.url()).search).toBe('')
    await page.close()
  })

  test('a link to the evidence at a version opens it, also where it is filtered out, and stays the same from run to run', async () => {
    const path = write('links.html', sampleResults())
    const { page } = await openPage(browser, path, '?verdict=known#r-container-start-created-v1.24')
    await page.waitForSelector('#r-container-start-created .transcript')
    expect(await page.getAttribute('#r-container-start-created [aria-pressed=true]', 'data-version')).toBe('1.24')
    await page.click('#r-container-start-created [data-version="1.25"]')
    await page.waitForSelector('#r-container-start-created [data-version="1.25"][aria-pressed=true]')
    expect(new URL(page.url()).hash).toBe('#r-container-start-created-v1.25')
    expect(await page.innerText('#r-container-start-created .transcript')).toContain('/v1.25/events')
    await page.close()
  })

  test('is worked by keyboard alone', async () => {
    const { page } = await openPage(browser, write('keys.html', sampleResults()))
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toBe('skip')
    const reach = async (selector: string) => {
      for (let presses = 0; presses < 200; presses += 1) {
        if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`no Tab leads to ${selector}`)
    }
    await reach('#r-container-start-created details.evidence summary')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#r-container-start-created .transcript')
    await reach('#r-container-start-created .versions button[aria-pressed=false]')
    await page.keyboard.press('Space')
    await page.waitForSelector('#r-container-start-created [data-version="1.24"][aria-pressed=true]')
    await reach('#r-container-start-created .copy')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('/^(Copied|Selected)/.test(document.activeElement.textContent)'), { timeout: 10_000 }).toBe(true)
    await page.close()
  })

  test('has every requirement and failure without its script, too', async () => {
    const { page } = await openPage(browser, write('plain.html', sampleResults()), '', { javaScriptEnabled: false })
    expect(await page.isVisible('#r-container-start-created .finding')).toBe(true)
    expect(await page.isVisible('#r-container-create-auto-remove')).toBe(true)
    expect(await page.isVisible('#filter')).toBe(false)
    expect(await page.isVisible('.unscripted')).toBe(true)
    await page.close()
  })

  test('prints what matters: no controls, nothing cut off', async () => {
    const { page } = await openPage(browser, write('print.html', sampleResults()))
    await page.emulateMedia({ media: 'print' })
    expect(await page.isVisible('#filter')).toBe(false)
    expect(await page.isVisible('.finding')).toBe(true)
    expect((await page.pdf()).byteLength).toBeGreaterThan(10_000)
    await page.close()
  })

  test('is there at once for a whole run', async () => {
    const results = wholeRun()
    const path = write('whole.html', results)
    expect(results.outcomes).toHaveLength(5600)
    expect(formatHtml(results, documents).length).toBeLessThan(3_000_000)
    const paints: number[] = []
    const window = await openWindow(browser)
    for (let round = 0; round < 5; round += 1) paints.push(await firstPaint(window, path))
    await window.close()
    // `npm run bench -- page` holds it to 100 ms on an idle machine of two cores; the machines that test are seldom idle.
    expect(Math.min(...paints)).toBeLessThan(500)
  })
})
