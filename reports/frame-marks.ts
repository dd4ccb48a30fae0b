import type { ChunkRecord } from '../harness/wire/exchange.ts'
import { FrameError, frameHeaderLength, parseFrameHeader, type StreamName } from '../harness/wire/frames.ts'
import { bytesOf } from './body.ts'

/** Where a frame of a multiplexed stream begins, or where the bytes stop being one, in words. */
export type FrameMark = {
  /** In bytes from the start of what the daemon sent. */
  readonly offset: number
  readonly text: string
  /** What the header at the offset says; absent where there is no frame. */
  readonly frame?: { readonly stream: StreamName; readonly length: number }
}

/**
 * Finds the frames in bytes that may be a multiplexed stream.
 * @param bytes what the daemon sent, from its first byte on
 * @returns nothing where they do not begin as such a stream: a tty's bytes, say
 */
export function markFrames(bytes: Uint8Array): FrameMark[] {
  const marks: FrameMark[] = []
  let offset = 0
  while (offset < bytes.byteLength) {
    try {
      const header = parseFrameHeader(bytes.subarray(offset, offset + frameHeaderLength), offset)
      if (header === undefined) break
      const { stream, length } = header
      marks.push({ offset, text: `frame at byte ${offset}: ${stream}, ${length} bytes`, frame: { stream, length } })
      offset += frameHeaderLength + length
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      if (marks.length > 0) marks.push({ offset, text: `no frame at byte ${offset}: ${error.message}` })
      break
    }
  }
  return marks
}

/** A chunk as it is shown: where it begins in what its side sent, the frames that begin in it, and those of which it holds a part. */
export type MarkedChunk = { readonly chunk: ChunkRecord; readonly offset: number; readonly marks: readonly FrameMark[]; readonly frames: readonly FrameMark[] }

/**
 * Finds each chunk's place in its side's stream, and the frames that begin in it. Chunks of the client have none; after a
 * chunk that was not recorded whole nothing more is known of frames.
 */
export function markChunks(chunks: readonly ChunkRecord[]): MarkedChunk[] {
  const daemon = chunks.filter(({ from }) => from === 'daemon')
  const torn = daemon.findIndex((chunk) => bytesOf(chunk).byteLength < chunk.size)
  const marks = markFrames(Buffer.concat(daemon.slice(0, torn === -1 ? undefined : torn + 1).map(bytesOf)))
  const sent = { client: 0, daemon: 0 }
  return chunks.map((chunk) => {
    const offset = sent[chunk.from]
    sent[chunk.from] += chunk.size
    if (chunk.from === 'client') return { chunk, offset, marks: [], frames: [] }
    const here = marks.filter((mark) => mark.offset >= offset && mark.offset < offset + chunk.size)
    const frames = marks.filter((mark) => mark.frame !== undefined && mark.offset < offset + chunk.size && mark.offset + frameHeaderLength + mark.frame.length > offset)
    return { chunk, offset, marks: here, frames }
  })
}
