import { WireError } from './errors.ts'

/** Bytes between a source that pushes and a reader that waits, with back-pressure for the source. */
export type ByteQueue = {
  /** Adds bytes that have arrived. */
  push(bytes: Uint8Array): void
  /** The source has come to its orderly end. */
  finish(): void
  /** The source broke; readers get what had arrived before, then this error. */
  fail(error: Error): void
  /**
   * Takes the next bytes.
   * @returns undefined at the end
   * @throws WireError of kind `deadline`, or the error the source failed with
   */
  read(timeoutMs: number): Promise<Uint8Array | undefined>
}

/** Bytes that may wait unread before the source is asked to pause. */
const highWaterMark = 4 * 1024 * 1024

/**
 * @param flow told to pause when the reader falls behind, and to resume when it has caught up
 */
export function byteQueue(flow: { pause(): void; resume(): void }): ByteQueue {
  const waiting: Uint8Array[] = []
  let waitingBytes = 0
  let paused = false
  let end: { error?: Error } | undefined
  let sleepers: (() => void)[] = []

  const notify = () => {
    if (sleepers.length === 0) return
    const woken = sleepers
    sleepers = []
    for (const wake of woken) wake()
  }
  const sleep = (timeoutMs: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      sleepers.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })

  return {
    push(bytes) {
      if (end !== undefined || bytes.byteLength === 0) return
      waiting.push(bytes)
      waitingBytes += bytes.byteLength
      if (!paused && waitingBytes > highWaterMark) {
        paused = true
        flow.pause()
      }
      notify()
    },
    finish() {
      end ??= {}
      notify()
    },
    fail(error) {
      end ??= { error }
      notify()
    },
    async read(timeoutMs) {
      const deadline = performance.now() + timeoutMs
      for (;;) {
        const next = waiting.shift()
        if (next !== undefined) {
          waitingBytes -= next.byteLength
          if (paused && waitingBytes <= highWaterMark / 2) {
            paused = false
            flow.resume()
          }
          return next
        }
        if (end?.error !== undefined) throw end.error
        if (end !== undefined) return undefined
        const remaining = deadline - performance.now()
        if (remaining <= 0) throw new WireError('deadline', `the daemon sent nothing within ${timeoutMs} ms, and did not close the stream`)
        await sleep(remaining)
      }
    },
  }
}
