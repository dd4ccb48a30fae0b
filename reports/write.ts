import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAllure } from './allure.ts'
import { formatBadgeEndpoint, formatBadgeSvg } from './badge.ts'
import { formatCtrf } from './ctrf.ts'
import { readDocuments } from './documents.ts'
import { formatHtml } from './html.ts'
import { formatJunit } from './junit.ts'
import { formatResults } from './results-json.ts'
import type { Results } from './results.ts'

/** Where the parts of a report lie. */
export type WrittenReports = { readonly index: string; readonly results: string; readonly junit: string; readonly ctrf: string; readonly badge: string; readonly badgeImage: string; readonly allure: string }

/**
 * Writes a report: `results.json`, `index.html`, `junit.xml`, `ctrf.json`, `badge.json`, `badge.svg` and `allure-results/`. Each appears whole or not at all, and takes
 * the place of an earlier run's; what else is in the folder stays.
 * @param folder is made where it does not exist
 * @throws Error where the folder can't be written to
 */
export function writeReports(results: Results, folder: string): WrittenReports {
  const written = {
    index: join(folder, 'index.html'),
    results: join(folder, 'results.json'),
    junit: join(folder, 'junit.xml'),
    ctrf: join(folder, 'ctrf.json'),
    badge: join(folder, 'badge.json'),
    badgeImage: join(folder, 'badge.svg'),
    allure: join(folder, 'allure-results'),
  }
  mkdirSync(folder, { recursive: true })
  // First what holds everything, so that it is there whatever happens to the rest.
  writeWhole(written.results, formatResults(results))
  const documents = readDocuments()
  writeWhole(written.index, formatHtml(results, documents))
  writeWhole(written.junit, formatJunit(results))
  writeWhole(written.ctrf, formatCtrf(results))
  writeWhole(written.badge, formatBadgeEndpoint(results))
  writeWhole(written.badgeImage, formatBadgeSvg(results))
  replaceFolder(written.allure, (part) => writeAllure(results, documents, part))
  return written
}

function writeWhole(path: string, content: string): void {
  writeFileSync(`${path}.part`, content)
  renameSync(`${path}.part`, path)
}

function replaceFolder(path: string, fill: (part: string) => void): void {
  const part = `${path}.part`
  rmSync(part, { recursive: true, force: true })
  fill(part)
  rmSync(path, { recursive: true, force: true })
  renameSync(part, path)
}
