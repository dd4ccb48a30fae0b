import { parentPort } from 'node:worker_threads'

/** Milliseconds between two looks at whether to stop. */
const sliceMs = 20

// A thread that spins until it is told to stop. It ends of itself, for Node may end badly where a busy thread is terminated.
let stopped = false
parentPort?.once('message', () => (stopped = true))

function spin(): void {
  const until = performance.now() + sliceMs
  while (performance.now() < until);
  if (!stopped) setImmediate(spin)
}

spin()
