import { openSync, writeSync } from 'node:fs'
import { campaign } from './campaign.ts'
import { targets } from './targets.ts'

/** What a worker is given: a decoder, the inputs, and the file in which it keeps the number of the one that it is at (32 bits, little-endian). */
export type WorkerTask = { readonly target: string; readonly seed: number; readonly inputs: number; readonly place: string }

// A process, not a thread: one that is at an input without end is killed, and a thread may take the whole process with it then (Node 24).
process.once('message', (task: WorkerTask) => {
  const target = targets.find(({ name }) => name === task.target)
  if (target === undefined) throw new Error(`there is no decoder ${task.target}`)
  const file = openSync(task.place, 'w')
  const number = Buffer.alloc(4)
  const finding = campaign(target, task.seed, task.inputs, (at) => {
    number.writeUInt32LE(at)
    writeSync(file, number, 0, 4, 0)
  })
  process.send?.(finding === undefined ? {} : { finding: { ...finding, chunks: finding.chunks.map((chunk) => Buffer.from(chunk).toString('hex')) } }, () => process.disconnect())
})
