import { WireError } from './errors.ts'
import { fifo } from './fifo.ts'

/** Bytes between a source that pushes and a reader that waits, with back-pressure for the source. */
export type ByteQueue = {
  /** Adds bytes that have arrived. */
  push(bytes: Uint8Array): void
  /** Adds bytes that are there during the call alone: they go where the queue is poured, or are copied. */
  lend(bytes: Uint8Array): void
  /** The source has come to its orderly end. */
  finish(): void
  /** The source broke; readers get what had arrived before, then this error. */
  fail(error: Error): void
  /**
   * Takes the next bytes.
   * @param timeoutMs what has come already is there also where this is 0 or less
   * @param late the message where it takes longer
   * @returns undefined at the end
   * @throws WireError of kind `deadline`, or the error the source failed with
   */
  read(timeoutMs: number, late?: () => string): Promise<Uint8Array | undefined>
  /**
   * Hands all bytes up to the end to `sink`, which has them during the call alone.
   * @throws WireError of kind `deadline`, the error the source failed with, or what `sink` throws
   */
  pour(sink: (bytes: Uint8Array) => void, timeoutMs: number): Promise<void>
}

/** Bytes that may wait unread before the source is asked to pause. */
const highWaterMark = 4 * 1024 * 1024
/** What a piece takes beyond its bytes: without it, a source of single bytes would take a gibibyte before it is paused. */
const pieceCost = 256

/**
 * @param flow told to pause when the reader falls behind, and to resume when it has caught up
 */
export function byteQueue(flow: { pause(): void; resume(): void }): ByteQueue {
  const waiting = fifo<Uint8Array>()
  let waitingBytes = 0
  let paused = false
  let end: { error?: Error } | undefined
  let sleepers: (() => void)[] = []
  let pouring: ((bytes: Uint8Array) => void) | undefined

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

  /** The next of what waits; the source goes on once little is left. */
  const take = () => {
    const next = waiting.shift()
    if (next !== undefined) waitingBytes -= next.byteLength + pieceCost
    if (paused && waitingBytes <= highWaterMark / 2) {
      paused = false
      flow.resume()
    }
    return next
  }
  const push = (bytes: Uint8Array) => {
    if (end !== undefined || bytes.byteLength === 0) return
    waiting.push(bytes)
    waitingBytes += bytes.byteLength + pieceCost
    if (!paused && waitingBytes > highWaterMark) {
      paused = true
      flow.pause()
    }
    notify()
  }

  return {
    push,
    lend(bytes) {
      if (pouring === undefined) push(Uint8Array.from(bytes))
      else if (end === undefined) pouring(bytes)
    },
    finish() {
      end ??= {}
      notify()
    },
    fail(error) {
      end ??= { error }
      notify()
    },
    async read(timeoutMs, late = () => `the daemon sent nothing within ${timeoutMs} ms, and did not close the stream`) {
      const deadline = performance.now() + timeoutMs
      for (;;) {
        const next = take()
        if (next !== undefined) return next
        if (end?.error !== undefined) throw end.error
        if (end !== undefined) return undefined
        const remaining = deadline - performance.now()
        if (remaining <= 0) throw new WireError('deadline', late())
        await sleep(remaining)
      }
    },
    async pour(sink, timeoutMs) {
      const deadline = performance.now() + timeoutMs
      let thrown: { readonly error: unknown } | undefined
      pouring = (bytes) => {
        if (thrown !== undefined) return
        try {
          sink(bytes)
        } catch (error) {
          thrown = { error }
          notify()
        }
      }
      try {
        for (;;) {
          for (let next = take(); next !== undefined; next = take()) pouring(next)
          if (thrown !== undefined) throw thrown.error
          if (end?.error !== undefined) throw end.error
          if (end !== undefined) return
          const remaining = deadline - performance.now()
          if (remaining <= 0) throw new WireError('deadline', `the stream did not come to its end within ${timeoutMs} ms`)
          await sleep(remaining)
        }
      } finally {
        pouring = undefined
      }
    },
  }
}
