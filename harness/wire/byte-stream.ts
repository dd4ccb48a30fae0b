import type { ByteQueue } from './byte-queue.ts'
import { WireError } from './errors.ts'
import { fifo, type Fifo } from './fifo.ts'
import { frameDecoder, FrameError, type Frame } from './frames.ts'
import { jsonStreamDecoder, JsonStreamError } from './json-stream.ts'

/** An open stream of bytes from the daemon, read as bytes, as frames or as JSON values: one of these per stream. */
export type ByteStream = {
  /** The next bytes as they came; undefined at the end. */
  read(timeoutMs?: number): Promise<Uint8Array | undefined>
  /**
   * Hands all bytes up to the end of the stream to `sink` as they come, however many they are; it has them during the call alone. For archives.
   * What `sink` throws is thrown.
   */
  pour(sink: (bytes: Uint8Array) => void, timeoutMs?: number): Promise<void>
  /** All bytes up to the end of the stream. */
  readAll(limits?: ReadLimits): Promise<Buffer>
  /** Reads until the bytes so far satisfy `enough`, and returns them all. */
  readUntil(enough: (soFar: Buffer) => boolean, limits?: ReadLimits): Promise<Buffer>
  /** The next frame of a multiplexed stream; undefined at its end. Throws FrameError. */
  nextFrame(timeoutMs?: number): Promise<Frame | undefined>
  /** All frames up to the end of the stream. */
  allFrames(limits?: ReadLimits): Promise<Frame[]>
  /** The next value of a JSON stream; undefined at its end. Throws JsonStreamError. */
  nextValue(timeoutMs?: number): Promise<unknown>
  /** All values up to the end of the stream. */
  allValues(limits?: ReadLimits): Promise<unknown[]>
}

/** How long a whole read may take, and how much it may bring. */
export type ReadLimits = { readonly timeoutMs?: number; readonly maxBytes?: number }

const defaultTimeoutMs = 20_000
/** Bytes that are read of one answer where nobody says otherwise: few are ever longer, and a daemon that sends without end fills no machine. */
export const defaultMaxBytes = 16 * 1024 * 1024
/** Pieces below this are put together while they wait for the whole. */
const smallPiece = 1024
const slabSize = 64 * 1024

/** Gives the bytes of a queue the three ways of reading that the API's streams need. */
export function byteStream(queue: ByteQueue): ByteStream {
  const frames = unread(frameDecoder())
  const values = unread(jsonStreamDecoder())

  const read = (timeoutMs = defaultTimeoutMs) => queue.read(timeoutMs)

  async function readUntil(enough: (soFar: Buffer) => boolean, limits: ReadLimits = {}): Promise<Buffer> {
    const { timeoutMs = defaultTimeoutMs, maxBytes = defaultMaxBytes } = limits
    const deadline = performance.now() + timeoutMs
    const parts = collected()
    /** The bytes so far where `enough` has to see them; grows by doubling, so that the time stays in proportion to the bytes. */
    let kept = Buffer.alloc(0)
    let size = 0
    for (;;) {
      const next = await queue.read(deadline - performance.now(), () => lateness(size, timeoutMs))
      if (next === undefined) return enough === never ? parts.all() : kept.subarray(0, size)
      if (size + next.byteLength > maxBytes) throw tooLarge(maxBytes)
      if (enough === never) parts.add(next)
      else {
        if (size + next.byteLength > kept.byteLength) kept = Buffer.concat([kept.subarray(0, size)], Math.max(size + next.byteLength, kept.byteLength * 2))
        kept.set(next, size)
      }
      size += next.byteLength
      if (enough !== never && enough(kept.subarray(0, size))) return kept.subarray(0, size)
    }
  }

  async function nextItem<T>(items: Unread<T>, timeoutMs = defaultTimeoutMs): Promise<T | undefined> {
    const deadline = performance.now() + timeoutMs
    let size = 0
    for (;;) {
      const item = items.ready.shift()
      if (item !== undefined) return item
      if (items.failed !== undefined) throw items.failed
      const bytes = await queue.read(deadline - performance.now(), () => lateness(size, timeoutMs))
      if (bytes === undefined) {
        items.decoder.end()
        return undefined
      }
      size += bytes.byteLength
      decodeInto(items, bytes)
    }
  }

  async function allItems<T>(items: Unread<T>, limits: ReadLimits = {}): Promise<T[]> {
    const { timeoutMs = defaultTimeoutMs, maxBytes = defaultMaxBytes } = limits
    const deadline = performance.now() + timeoutMs
    let size = 0
    while (items.failed === undefined) {
      const bytes = await queue.read(deadline - performance.now(), () => lateness(size, timeoutMs))
      if (bytes === undefined) break
      size += bytes.byteLength
      if (size > maxBytes) throw tooLarge(maxBytes)
      decodeInto(items, bytes)
    }
    if (items.failed !== undefined) throw items.failed
    items.decoder.end()
    return items.ready.drain()
  }

  return {
    read,
    pour: (sink, timeoutMs = defaultTimeoutMs) => queue.pour(sink, timeoutMs),
    readUntil,
    readAll: (limits) => readUntil(never, limits),
    nextFrame: (timeoutMs) => nextItem(frames, timeoutMs),
    allFrames: (limits) => allItems(frames, limits),
    nextValue: (timeoutMs) => nextItem(values, timeoutMs),
    allValues: (limits) => allItems(values, limits),
  }
}

type Decoder<T> = { push(bytes: Uint8Array): T[]; end(): void }
type Unread<T> = {
  readonly decoder: Decoder<T>
  readonly ready: Fifo<T>
  /** What came whole before an error is handed out before it, however the bytes were cut into chunks. */
  failed: FrameError | JsonStreamError | undefined
}

function unread<T>(decoder: Decoder<T>): Unread<T> {
  return { decoder, ready: fifo(), failed: undefined }
}

function decodeInto<T>(items: Unread<T>, bytes: Uint8Array): void {
  try {
    // One by one: a chunk may bring more items than a call takes arguments.
    for (const item of items.decoder.push(bytes)) items.ready.push(item)
  } catch (error) {
    if (!(error instanceof FrameError || error instanceof JsonStreamError)) throw error
    items.failed = error
    for (const item of error instanceof FrameError ? error.frames : error.values) items.ready.push(item as T)
  }
}

function tooLarge(maxBytes: number): WireError {
  return new WireError('too-large', `the stream brought more than the ${maxBytes} bytes that are read of it`)
}

/** Bytes that are kept as they come, but for small pieces: each of these would take far more than its bytes. */
function collected(): { add(bytes: Uint8Array): void; all(): Buffer } {
  const parts: Uint8Array[] = []
  let slab = Buffer.alloc(0)
  let filled = 0
  const close = () => {
    if (filled > 0) parts.push(slab.subarray(0, filled))
    slab = slab.subarray(filled)
    filled = 0
  }
  return {
    add(bytes) {
      if (bytes.byteLength >= smallPiece) {
        close()
        parts.push(bytes)
        return
      }
      if (filled + bytes.byteLength > slab.byteLength) {
        close()
        slab = Buffer.allocUnsafe(slabSize)
      }
      slab.set(bytes, filled)
      filled += bytes.byteLength
    },
    all() {
      close()
      return Buffer.concat(parts)
    },
  }
}

function lateness(size: number, timeoutMs: number): string {
  const within = `within ${Math.round(timeoutMs)} ms`
  return size === 0 ? `the daemon sent nothing ${within}, and did not close the stream` : `the daemon sent ${size} bytes, and did not close the stream ${within}`
}

function never(): boolean {
  return false
}
