import type { Rewriter } from './fault.ts'

const nothing = new Uint8Array()

/** Changes bytes that are held back until all of them are there. */
export function whole(change: (bytes: Buffer) => Uint8Array): Rewriter {
  const parts: Buffer[] = []
  return {
    push(bytes) {
      parts.push(Buffer.from(bytes))
      return nothing
    },
    end: () => change(Buffer.concat(parts)),
  }
}

/** Changes each part as it comes. */
export function each(change: (bytes: Buffer) => Uint8Array): Rewriter {
  return { push: change, end: () => nothing, pending: 0 }
}

/**
 * Changes units of a stream, such as frames or lines, as each of them is whole. What is no unit at the end goes on as it is.
 * @param take the length of the first unit in bytes; undefined while it is not whole
 * @param change what goes on in its place; `index` counts from 0
 * @param atEnd what goes on at the end
 */
export function units(take: (bytes: Buffer) => number | undefined, change: (unit: Buffer, index: number) => Uint8Array | 'over', atEnd: () => Uint8Array = () => nothing): Rewriter {
  let held: Buffer = Buffer.alloc(0)
  let index = 0
  let over = false
  return {
    push(bytes) {
      held = Buffer.concat([held, bytes])
      const out: Uint8Array[] = []
      while (!over) {
        const length = take(held)
        if (length === undefined) break
        const changed = change(held.subarray(0, length), index)
        index += 1
        held = held.subarray(length)
        if (changed === 'over') over = true
        else out.push(changed)
      }
      return Buffer.concat(out)
    },
    end: () => Buffer.concat([over ? nothing : atEnd(), over ? nothing : held]),
    get pending() {
      return held.byteLength
    },
    get over() {
      return over
    },
  }
}

/** Watches a rewriter: whether what it gave differs from what it got. */
export function watched(rewriter: Rewriter, onAltered: () => void): Rewriter {
  let unmatched: Buffer = Buffer.alloc(0)
  let altered = false
  const alter = () => {
    if (!altered) onAltered()
    altered = true
    unmatched = Buffer.alloc(0)
  }
  const compare = (out: Uint8Array) => {
    if (altered) return
    if (rewriter.over === true || out.byteLength > unmatched.byteLength || !unmatched.subarray(0, out.byteLength).equals(out)) alter()
    else unmatched = unmatched.subarray(out.byteLength)
    // What was taken out of a stream that goes on: its end, at which that would show, may never come.
    if (!altered && rewriter.pending !== undefined && unmatched.byteLength > rewriter.pending) alter()
  }
  return {
    push(bytes) {
      if (!altered) unmatched = Buffer.concat([unmatched, bytes])
      const out = rewriter.push(bytes)
      compare(out)
      return out
    },
    end() {
      const out = rewriter.end()
      compare(out)
      if (unmatched.byteLength > 0 || rewriter.keepsOpen === true) alter()
      return out
    },
    get over() {
      return rewriter.over === true
    },
    get keepsOpen() {
      return rewriter.keepsOpen === true
    },
  }
}
