import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compileSchema } from '../harness/schema/json-schema.ts'
import type { Results } from './results.ts'

/** A file holds no results, or can't be read. Its message says which file and what is wrong. */
export class NoResults extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'NoResults'
  }
}

/** Results from a file, and the very bytes. */
export type ReadResults = { readonly path: string; readonly results: Results; readonly bytes: Buffer }

/**
 * Reads results that some run left, this suite's or another's: whatever is in the file is text, never trusted.
 * @param named a `results.json`, or the folder of a report
 * @throws NoResults
 */
export function readResults(named: string): ReadResults {
  try {
    const path = statSync(named).isDirectory() ? join(named, 'results.json') : named
    const bytes = readFileSync(path)
    return { path, results: parseResults(JSON.parse(bytes.toString('utf8')), path), bytes }
  } catch (error) {
    if (error instanceof NoResults) throw error
    throw new NoResults(`${named} can't be read as results: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Holds a value against the format of results. @param path what an error calls it @throws NoResults */
export function parseResults(value: unknown, path: string): Results {
  const schema = JSON.parse(readFileSync(new URL('./results.schema.json', import.meta.url), 'utf8')) as object
  const complaint = compileSchema(schema, { open: true })(value)
  if (complaint !== undefined) throw new NoResults(`${path} holds no results of the format plimsoll-results/1: ${complaint.slice(0, 300)}`)
  const results = value as Results
  const known = new Set(results.requirements.map(({ id }) => id))
  const orphan = results.outcomes.find(({ id }) => !known.has(id))
  if (orphan !== undefined) throw new NoResults(`${path} has an outcome of "${orphan.id}" and no such requirement: it is not whole`)
  return results
}
