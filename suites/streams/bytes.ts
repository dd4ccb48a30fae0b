import { Nonconformance } from '../../harness/case/errors.ts'
import type { Api, Box, ByteStream, Query } from '../../harness/case/index.ts'
import { decodeFrames, demultiplex, type StreamName } from '../../harness/wire/frames.ts'

/** A log driver that keeps nothing: for output that is no text, or so much that writing it down would be most of the work. */
export const unlogged = { LogConfig: { Type: 'none', Config: {} } } as const

/** Both ways to ask for a hijacked connection. */
export const handshakes = [{ upgrade: false }, { upgrade: true }] as const

const period = Buffer.from(Uint8Array.from({ length: 256 }, (_, index) => index))
/** The counting pattern of the guest's `emit`, long enough for a slice at any offset of its period. */
const patternRoom = Buffer.alloc(2 * 1024 * 1024, period)

/** Bytes of the counting pattern of `emit`: byte i of all that it fills is i mod 256. */
export function pattern(from: number, length: number): Buffer {
  const begin = from % 256
  return begin + length <= patternRoom.byteLength ? patternRoom.subarray(begin, begin + length) : Buffer.alloc(begin + length, period).subarray(begin)
}

/**
 * What the guest's `emit` writes for its steps (`harness/guest/source/emit.c`), of those that fill: `outfill=BYTES`, `errfill=BYTES`,
 * `outsize=TIMES:BYTES`, `errsize=TIMES:BYTES`, and `out=TEXT`, `err=TEXT` without escapes.
 */
export function emitted(steps: readonly string[]): Record<'stdout' | 'stderr', Buffer> {
  const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  let at = 0
  for (const step of steps) {
    const [, stream = '', kind, value = ''] = /^(out|err)(fill|size)?=(.*)$/s.exec(step) ?? []
    const [times = 0, each = 1] = value.split(':').map(Number)
    const bytes = kind === undefined ? Buffer.from(value) : pattern(at, times * each)
    if (kind !== undefined) at += bytes.byteLength
    parts[stream === 'err' ? 'stderr' : 'stdout'].push(bytes)
  }
  return { stdout: Buffer.concat(parts.stdout), stderr: Buffer.concat(parts.stderr) }
}

/**
 * Compares bytes that are too many, or too little text, for a difference to be shown whole.
 * @param what names the bytes in the error: the combination that was tried
 * @throws Nonconformance which says where they part
 */
export function expectBytes(what: string, actual: Uint8Array, expected: Uint8Array): void {
  const difference = differenceOf(actual, expected)
  if (difference !== undefined) throw new Nonconformance(`${what}: ${difference}`)
}

function differenceOf(actual: Uint8Array, expected: Uint8Array): string | undefined {
  const [one, other] = [actual, expected].map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as [Buffer, Buffer]
  if (one.equals(other)) return undefined
  let at = 0
  while (at < one.byteLength && at < other.byteLength && one[at] === other[at]) at += 1
  const around = (bytes: Buffer) => (at < bytes.byteLength ? JSON.stringify(bytes.subarray(at, at + 24).toString('latin1')) : 'the end')
  return `${one.byteLength} bytes came where ${other.byteLength} were written; from byte ${at} on they differ: expected ${around(other)}, got ${around(one)}`
}

/**
 * Reads a multiplexed stream to its end without keeping it, and holds every payload against the counting pattern.
 * @param enough asked after each frame: true ends the reading, with the stream still open
 * @returns the bytes that came
 * @throws Nonconformance where a byte is not the pattern's, or the frame is another stream's; FrameError where frames are broken
 */
export async function readPattern(stream: ByteStream, from: StreamName, start = 0, enough: (total: number) => boolean = () => false): Promise<number> {
  let total = start
  for (;;) {
    const frame = await stream.nextFrame()
    if (frame === undefined) return total
    if (frame.stream !== from) throw new Nonconformance(`after ${total} bytes of ${from} comes a frame of ${frame.stream}`)
    expectBytes(`the frame after ${total} bytes`, frame.payload, pattern(total, frame.payload.byteLength))
    total += frame.payload.byteLength
    if (enough(total)) return total
  }
}

/**
 * Reads as many bytes of a multiplexed stream as are expected next, in however many frames they come.
 * @param what names the bytes in the error
 * @throws Nonconformance where others come, on another stream, or the stream ends before
 */
export async function expectNext(what: string, stream: ByteStream, text: string, from: StreamName = 'stdout'): Promise<void> {
  const expected = Buffer.from(text)
  let seen = Buffer.alloc(0)
  while (seen.byteLength < expected.byteLength) {
    const frame = await stream.nextFrame()
    if (frame === undefined) break
    if (frame.stream !== from) throw new Nonconformance(`${what}: a frame of ${frame.stream} comes where ${JSON.stringify(text)} was due on ${from}`)
    seen = Buffer.concat([seen, frame.payload])
  }
  expectBytes(what, seen, expected)
}

/** The log of a container without a tty, by stream. */
export async function logsOf(api: Api, box: Pick<Box, 'path'>, query: Query = {}): Promise<Record<StreamName, Buffer>> {
  const answer = await api.get(`${box.path}/logs`, { query: { stdout: 1, stderr: 1, ...query } })
  if (answer.status !== 200) throw new Nonconformance(`reading the log: expected status 200, got ${answer.status}, ${answer.text.trim()}`, answer.exchange)
  return demultiplex(decodeFrames(answer.body))
}
