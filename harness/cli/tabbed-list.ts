import { readFileSync } from 'node:fs'
import { CouldNotRun } from './exit.ts'

/** A line of such a list, and where it stands: the first is 1. */
export type TabbedLine = { readonly fields: readonly string[]; readonly number: number }

/** The text of a list. @param what it is, for the message: `--expect` @throws CouldNotRun where it can't be read */
export function readTabbedList(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CouldNotRun(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** The lines of a list, taken apart at their tabs; not the empty ones, nor those that begin with #. */
export function tabbedLines(text: string): TabbedLine[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '' && !line.startsWith('#'))
    .map(({ line, number }) => ({ fields: line.split('\t'), number }))
}
