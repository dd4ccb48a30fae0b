import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { NoResults, parseResults } from '../../reports/read-results.ts'
import type { Results } from '../../reports/results.ts'
import type { CaseMeta } from '../case/conformance.ts'
import { resultsOf, type Begun } from './judge.ts'

/** What a run keeps of its results while it goes on, so that they are there even if it is killed. */
export type Journal = {
  begin(begun: Begun): void
  /** What a case left. */
  add(meta: CaseMeta): void
  /** The results are safe elsewhere: the journal is taken away. */
  remove(): void
  /** Lets go of the file, which stays. */
  close(): void
}

const format = 'plimsoll-journal/1'

/** Where a run's journal lies, in the folder of its report. */
export function journalPath(folder: string): string {
  return join(folder, 'results.ndjson')
}

/**
 * Opens the journal of a run: one line of JSON about the run, then one for each case. An earlier run's is overwritten.
 * @param onTrouble told once where it can't be written: the run goes on without
 */
export function openJournal(folder: string, onTrouble: (message: string) => void): Journal {
  const path = journalPath(folder)
  let file: number | undefined
  const attempt = (action: () => void) => {
    try {
      action()
    } catch (error) {
      close()
      onTrouble(`results can't be kept in ${path} as they come: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const close = () => {
    if (file !== undefined) closeSync(file)
    file = undefined
  }
  const write = (line: object) => {
    const open = file
    if (open !== undefined) attempt(() => writeAll(open, `${JSON.stringify(line)}\n`))
  }
  return {
    begin(begun) {
      attempt(() => (file = openSync(path, 'w', 0o644)))
      write({ format, begun })
      attempt(() => void (file !== undefined && fsyncSync(file)))
    },
    add: (meta) => write({ meta }),
    remove() {
      close()
      rmSync(path, { force: true })
    },
    close,
  }
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.byteLength; ) at += writeSync(file, bytes, at)
}

/**
 * Reads the results of a run that was killed, from its journal. They are of an interrupted run: what it had not come to is not in them.
 * @returns undefined where there is no journal, or none that holds a line about the run
 * @throws NoResults where it holds something else
 */
export function readJournal(folder: string): Results | undefined {
  const [head, ...rest] = linesOf(journalPath(folder))
  if (head === undefined || (head as { format?: unknown }).format !== format) return undefined
  const { begun } = head as { begun: Begun }
  try {
    return parseResults(joined(begun, rest), journalPath(folder))
  } catch (error) {
    if (error instanceof NoResults) throw error
    throw new NoResults(`${journalPath(folder)} is no journal of a run: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function joined(begun: Begun, rest: readonly object[]): Results {
  const metas = rest.flatMap((line) => ('meta' in line ? [line.meta as CaseMeta] : []))
  const ends = metas.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome.startedAt + outcome.durationMs]))
  const startedAt = Date.parse(begun.run.startedAt)
  return resultsOf(begun, metas, { durationMs: Math.max(0, Math.max(startedAt, ...ends) - startedAt), interrupted: true })
}

/** The lines up to the first that is not whole: a run that is killed, or a disk that is full, may break one off. */
function linesOf(path: string): object[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  const lines: object[] = []
  for (const line of text.split('\n')) {
    try {
      lines.push(JSON.parse(line) as object)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      break
    }
  }
  return lines
}
