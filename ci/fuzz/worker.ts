import { parentPort, workerData } from 'node:worker_threads'
import { campaign } from './campaign.ts'
import { targets } from './targets.ts'

/** What a worker is given: a decoder, the inputs, and where it writes down which one it is at. */
export type WorkerTask = { readonly target: string; readonly seed: number; readonly inputs: number; readonly place: Int32Array }

const { target: name, seed, inputs, place } = workerData as WorkerTask
const target = targets.find((each) => each.name === name)
if (target === undefined) throw new Error(`there is no decoder ${name}`)
parentPort?.postMessage(campaign(target, seed, inputs, (number) => Atomics.store(place, 0, number)))
