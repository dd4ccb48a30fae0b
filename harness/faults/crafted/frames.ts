import { frames, framesReordered, lastFrameLost, lastFrameTwice, littleEndian, ofStream, padded, streamNumbers, ttyBytes, withPayload, writeFrame } from '../frames-rewriter.ts'
import type { Rewriter } from '../fault.ts'
import type { Crafted } from './define.ts'

/** The operations whose answers are multiplexed streams, with the word that their faults have. */
const operations = { logs: 'GET /containers/{id}/logs', attach: 'POST /containers/{id}/attach', exec: 'POST /exec/{id}/start' } as const
type Streaming = keyof typeof operations

const swap = (frame: Buffer) => ofStream(frame, frame[0] === streamNumbers.stdout ? streamNumbers.stderr : frame[0] === streamNumbers.stderr ? streamNumbers.stdout : (frame[0] ?? 0))

/** Each way in which frames go wrong, and the operations that it is tried at. */
const ways: readonly { id: string; does: string; of: readonly Streaming[]; words?: readonly string[]; rewriter: () => Rewriter }[] = [
  { id: 'unknown-stream', does: 'numbers the stream of a frame 3', of: ['logs'], rewriter: () => frames((frame) => ofStream(frame, 3)) },
  { id: 'stdin-stream', does: 'sends output as frames of stdin', of: ['exec', 'attach'], rewriter: () => frames((frame) => ofStream(frame, streamNumbers.stdin)) },
  { id: 'little-endian', does: 'writes the length of a frame little-endian', of: ['logs', 'attach', 'exec'], rewriter: () => frames(littleEndian) },
  { id: 'padding', does: 'leaves a byte of a frame’s padding set', of: ['logs', 'attach', 'exec'], rewriter: () => frames(padded) },
  { id: 'one-too-many', does: 'sends the last frame twice', of: ['logs', 'exec', 'attach'], rewriter: lastFrameTwice },
  { id: 'reordered', does: 'sends frames in another order', of: ['logs', 'exec'], words: ['order', 'interleav', 'frames', 'both'], rewriter: framesReordered },
  { id: 'last-lost', does: 'loses the last frame', of: ['logs', 'exec', 'attach'], rewriter: lastFrameLost },
  { id: 'streams-swapped', does: 'swaps stdout and stderr', of: ['logs', 'exec', 'attach'], words: ['both', 'stderr'], rewriter: () => frames(swap) },
  { id: 'stderr-as-stdout', does: 'sends stderr as stdout', of: ['logs', 'exec', 'attach'], words: ['both', 'stderr'], rewriter: () => frames((frame) => (frame[0] === streamNumbers.stderr ? ofStream(frame, streamNumbers.stdout) : frame)) },
  { id: 'stderr-lost', does: 'loses stderr', of: ['logs', 'exec', 'attach'], words: ['both', 'stderr'], rewriter: () => frames((frame) => (frame[0] === streamNumbers.stderr ? new Uint8Array() : frame)) },
  { id: 'on-a-tty', does: 'frames the output of a tty', of: ['logs', 'exec', 'attach'], words: ['tty'], rewriter: () => ttyBytes((bytes) => writeFrame(streamNumbers.stdout, bytes)) },
  { id: 'without-frames', does: 'sends output without frames', of: ['logs', 'exec', 'attach'], rewriter: () => frames((frame) => frame.subarray(8)) },
  { id: 'last-byte-lost', does: 'sends a frame one byte short of its length', of: ['logs', 'exec'], rewriter: () => frames((frame) => (frame.byteLength > 8 ? frame.subarray(0, -1) : frame)) },
  { id: 'carriage-returns', does: 'ends lines as a tty does where there is none', of: ['logs', 'exec'], rewriter: () => frames((frame) => withPayload(frame, (payload) => Buffer.from(payload.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'))) },
]

/** Faults of the multiplexed stream. */
export const frameFaults: readonly Crafted[] = ways.flatMap(({ id, does, of, words = [], rewriter }) =>
  of.map((word) => ({
    id: `frames-${id}-${word}`,
    operation: operations[word],
    sentence: `${operations[word]} ${does}`,
    words: ['frame', ...words],
    touches: ({ status }) => status === 200 || status === 101,
    wrong: () => ({ body: ({ status }) => (status === 200 || status === 101 ? rewriter() : undefined) }),
  })),
)
