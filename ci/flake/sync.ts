import { fsyncSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

/** What the thread writes to, and how much each time. */
export type SyncTask = { readonly file: number; readonly bytes: number }

// A thread that writes and waits for the disk, until it is told to stop; then it says how often it has.
const { file, bytes } = workerData as SyncTask
const block = Buffer.alloc(bytes, 'plimsoll')
let stopped = false
let times = 0
parentPort?.once('message', () => (stopped = true))

function sync(): void {
  writeSync(file, block, 0, block.length, 0)
  fsyncSync(file)
  times += 1
  if (stopped) parentPort?.postMessage(times)
  else setImmediate(sync)
}

sync()
