import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Results } from './results.ts'

/** Where the parts of a report lie. */
export type WrittenReports = { readonly index: string }

/**
 * Writes a report's files. Each appears whole or not at all; what else is in the folder stays.
 * @param folder is made where it does not exist
 */
export async function writeReports(results: Results, folder: string): Promise<WrittenReports> {
  mkdirSync(folder, { recursive: true })
  writeWhole(join(folder, 'results.json'), `${JSON.stringify(results)}\n`)
  return { index: join(folder, 'index.html') }
}

function writeWhole(path: string, content: string): void {
  writeFileSync(`${path}.part`, content)
  renameSync(`${path}.part`, path)
}
