import { frameHeaderLength } from '../wire/frames.ts'
import type { Rewriter } from './fault.ts'

const nothing = new Uint8Array()

/** The number of a stream in a frame's header. */
export const streamNumbers = { stdin: 0, stdout: 1, stderr: 2 } as const

/**
 * Changes the frames of a multiplexed stream, each as it is whole (8 bytes of header: stream, three zeros, length big-endian). A stream that does
 * not begin with a frame is a tty's, and goes on as it is.
 * @param change what goes on in place of a frame; `over` ends the stream
 * @param atEnd what goes on behind the last frame
 */
export function frames(change: (frame: Buffer, index: number) => Uint8Array | 'over', atEnd: () => Uint8Array = () => nothing): Rewriter {
  let held: Buffer = Buffer.alloc(0)
  let index = 0
  let over = false
  let tty: boolean | undefined
  return {
    push(bytes) {
      held = Buffer.concat([held, bytes])
      if (tty === undefined && held.byteLength >= 4) tty = !startsFrame(held)
      const out: Uint8Array[] = []
      if (tty === true) {
        out.push(held)
        held = Buffer.alloc(0)
      }
      while (!over && held.byteLength >= frameHeaderLength) {
        const length = frameHeaderLength + held.readUInt32BE(4)
        if (held.byteLength < length) break
        const changed = change(held.subarray(0, length), index)
        index += 1
        held = held.subarray(length)
        if (changed === 'over') over = true
        else out.push(changed)
      }
      return Buffer.concat(out)
    },
    end: () => Buffer.concat(over || tty === true ? [held] : [atEnd(), held]),
    get over() {
      return over
    },
    get pending() {
      return held.byteLength
    },
  }
}

/** Changes the bytes of a stream that has no frames: a tty's. */
export function ttyBytes(change: (bytes: Buffer) => Uint8Array): Rewriter {
  let held: Buffer = Buffer.alloc(0)
  let tty: boolean | undefined
  return {
    push(bytes) {
      held = Buffer.concat([held, bytes])
      if (tty === undefined && held.byteLength < 4) return nothing
      tty ??= !startsFrame(held)
      const out = tty ? change(held) : held
      held = Buffer.alloc(0)
      return out
    },
    end: () => (tty === undefined && held.byteLength > 0 ? change(held) : held),
  }
}

/** A frame of a stream, with a payload. */
export function writeFrame(stream: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(frameHeaderLength)
  header[0] = stream
  header.writeUInt32BE(payload.byteLength, 4)
  return Buffer.concat([header, payload])
}

/** A frame with another payload, its length put right. */
export function withPayload(frame: Buffer, change: (payload: Buffer) => Uint8Array): Buffer {
  return writeFrame(frame[0] ?? 0, change(frame.subarray(frameHeaderLength)))
}

/** A frame of another stream. */
export function ofStream(frame: Buffer, stream: number): Buffer {
  const changed = Buffer.from(frame)
  changed[0] = stream
  return changed
}

/** A frame whose length is written little-endian. */
export function littleEndian(frame: Buffer): Buffer {
  const changed = Buffer.from(frame)
  changed.writeUInt32LE(frame.readUInt32BE(4), 4)
  return changed
}

/** A frame with a byte of its padding set. */
export function padded(frame: Buffer): Buffer {
  const changed = Buffer.from(frame)
  changed[2] = 0x20
  return changed
}

/** Holds each frame back until the next one is there: `join` says what goes on for the two, the last one goes on by `last`. */
export function lagging(join: (held: Buffer, next: Buffer) => { readonly out: Uint8Array; readonly held: Buffer | undefined }, last: (held: Buffer) => Uint8Array): Rewriter {
  let held: Buffer | undefined
  const rewriter = frames(
    (frame) => {
      const own = Buffer.from(frame)
      if (held === undefined) {
        held = own
        return nothing
      }
      const joined = join(held, own)
      held = joined.held
      return joined.out
    },
    () => (held === undefined ? nothing : last(held)),
  )
  return {
    push: (bytes) => rewriter.push(bytes),
    end: () => rewriter.end(),
    get pending() {
      return (rewriter.pending ?? 0) + (held?.byteLength ?? 0)
    },
  }
}

/** The last frame is lost. */
export const lastFrameLost = (): Rewriter => lagging((held, next) => ({ out: held, held: next }), () => nothing)
/** The last frame comes twice. */
export const lastFrameTwice = (): Rewriter => lagging((held, next) => ({ out: held, held: next }), (last) => Buffer.concat([last, last]))
/** Each two frames change places. */
export const framesReordered = (): Rewriter => lagging((held, next) => ({ out: Buffer.concat([next, held]), held: undefined }), (last) => last)

function startsFrame(bytes: Buffer): boolean {
  return (bytes[0] ?? 9) <= 2 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0
}
