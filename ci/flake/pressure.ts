import { closeSync, mkdtempSync, openSync, rmSync, statfsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { CouldNotRun } from '../../harness/cli/exit.ts'

/** Something that makes the machine busy beside a run. */
export type Pressure = {
  /** What it does, in one line. */
  readonly what: string
  /** Ends it. Resolves with what it came to. @throws Error where it broke off before */
  stop(): Promise<string>
}

/** Bytes that are written before each fsync: enough to fill a disk's queue, and little enough that it fills no disk. */
const blockBytes = 4 * 1024 * 1024

/** Of file systems in memory, as statfs names them: tmpfs, ramfs. */
const inMemory = [0x01021994, 0x858458f6]

/** Keeps processor cores busy. Its threads are those of this process, so that they end with it however it ends. */
export function loadCores(cores = availableParallelism()): Pressure {
  const workers = Array.from({ length: cores }, () => begin(new URL('./spin.ts', import.meta.url), undefined))
  return {
    what: `load: ${cores} threads that spin, one per core`,
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()))
      return `load: ${cores} threads have stopped`
    },
  }
}

/**
 * Keeps a disk busy: writes and syncs without end, so that whoever else waits for that disk waits longer.
 * @param folder one on the disk that the daemon keeps its data on
 * @throws CouldNotRun where no file can be made there, or it is not on a disk
 */
export function slowDisk(folder: string): Pressure {
  const file = openNameless(folder)
  const beganMs = performance.now()
  const worker = begin(new URL('./sync.ts', import.meta.url), { file, bytes: blockBytes })
  return {
    what: `slow I/O: a thread that writes ${blockBytes / 2 ** 20} MiB to a file without a name in ${folder}, and fsyncs it, again and again`,
    async stop() {
      try {
        const times = Number(await worker.stop())
        return `slow I/O: synced ${times} times, each in ${((performance.now() - beganMs) / Math.max(1, times)).toFixed(1)} ms`
      } finally {
        closeSync(file)
      }
    },
  }
}

/** A file that nobody has to remove, however this process ends. */
function openNameless(folder: string): number {
  try {
    if (inMemory.includes(statfsSync(folder).type)) throw new Error('it is in memory, where nothing waits for a disk: name a folder on the disk of the daemon')
    const own = mkdtempSync(join(folder, 'plimsoll-flake-'))
    try {
      return openSync(join(own, 'written'), 'w')
    } finally {
      rmSync(own, { recursive: true })
    }
  } catch (error) {
    throw new CouldNotRun(`--slow-io: ${folder}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Starts a thread; `stop` resolves with the last that it said. */
function begin(script: URL, workerData: unknown): { stop(): Promise<unknown> } {
  const worker = new Worker(script, { workerData })
  let said: unknown
  let broken: unknown
  const ended = new Promise<void>((resolve) => void worker.on('message', (message) => (said = message)).once('error', (error) => (broken = error)).once('exit', () => resolve()))
  return {
    async stop() {
      worker.postMessage('stop')
      await ended
      if (broken !== undefined) throw broken
      return said
    },
  }
}
