/**
 * The multiplexed stream of attach, logs and exec, where there is no tty. A frame is
 *
 *     byte 0      stream: 0 stdin, 1 stdout, 2 stderr
 *     bytes 1-3   zero
 *     bytes 4-7   length of the payload, unsigned, big-endian
 *     bytes 8-    payload
 *
 * as "Attach to a container" of the reference pages has it under "Stream details".
 */
export type Frame = {
  readonly stream: StreamName
  readonly payload: Uint8Array
  /** Where the frame's header begins, counted from the start of the stream. */
  readonly offset: number
}

export type StreamName = 'stdin' | 'stdout' | 'stderr'

export type FrameErrorKind = 'truncated' | 'unknown-type' | 'nonzero-padding' | 'too-long'

/** Bytes that are no multiplexed stream. */
export class FrameError extends Error {
  readonly kind: FrameErrorKind
  /** Of the offending byte or, for a truncated frame, of its header. */
  readonly offset: number
  /** The frames that the same call had completed before the error. */
  frames: readonly Frame[] = []

  constructor(kind: FrameErrorKind, offset: number, message: string) {
    super(`${message} (at byte ${offset} of the stream)`)
    this.name = 'FrameError'
    this.kind = kind
    this.offset = offset
  }
}

/** Takes a multiplexed stream apart as its bytes arrive. */
export type FrameDecoder = {
  /** @returns the frames that these bytes complete. @throws FrameError as soon as a byte can't be right */
  push(bytes: Uint8Array): Frame[]
  /** The stream has ended. @throws FrameError where that is in the middle of a frame */
  end(): void
}

/** Bytes of a frame's header. */
export const frameHeaderLength = 8

const streamNames: readonly StreamName[] = ['stdin', 'stdout', 'stderr']

/** Payload bytes that a frame may announce before it is taken for garbage. */
const defaultMaxFrame = 16 * 1024 * 1024

/**
 * Reads the header of a frame.
 * @param header its bytes, as many as there are
 * @param offset where it begins in the stream
 * @param maxFrame bytes that it may announce
 * @returns the stream and the bytes of payload; undefined while the header is not whole
 * @throws FrameError without waiting for the rest of the header
 */
export function parseFrameHeader(header: Uint8Array, offset: number, maxFrame = defaultMaxFrame): { readonly stream: StreamName; readonly length: number } | undefined {
  const [type, one = 0, two = 0, three = 0] = header
  if (type === undefined) return undefined
  const stream = streamNames[type]
  if (stream === undefined) throw new FrameError('unknown-type', offset, `a frame of type ${type}: there are 0 (stdin), 1 (stdout) and 2 (stderr)`)
  if ((one | two | three) !== 0) {
    const at = one !== 0 ? 1 : two !== 0 ? 2 : 3
    throw new FrameError('nonzero-padding', offset + at, `byte ${at} of a frame's header is ${header[at]} instead of zero`)
  }
  if (header.byteLength < frameHeaderLength) return undefined
  const length = new DataView(header.buffer, header.byteOffset).getUint32(4)
  if (length > maxFrame) throw new FrameError('too-long', offset + 4, `a frame announces ${length} bytes, more than the ${maxFrame} that one may have`)
  return { stream, length }
}

/**
 * A strict decoder: it forgives nothing, and after an error it is at its end.
 * A payload that lies within one chunk is a view of that chunk; one that is spread over several is copied together once.
 */
export function frameDecoder(options: { readonly maxFrame?: number } = {}): FrameDecoder {
  const { maxFrame = defaultMaxFrame } = options
  const header = new Uint8Array(frameHeaderLength)
  let headerFilled = 0
  let frameOffset = 0
  /** The frame whose payload is under way; its bytes are collected once it is known that one chunk does not hold them all. */
  let current: { stream: StreamName; length: number; collected: Buffer | undefined; filled: number } | undefined
  let failed: FrameError | undefined

  function beginFrame(frames: readonly Frame[]): typeof current {
    try {
      const parsed = parseFrameHeader(header.subarray(0, headerFilled), frameOffset, maxFrame)
      return parsed && { ...parsed, collected: undefined, filled: 0 }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      error.frames = frames
      failed = error
      throw error
    }
  }

  return {
    push(bytes) {
      if (failed !== undefined) throw failed
      const frames: Frame[] = []
      let position = 0
      while (position < bytes.byteLength) {
        if (current === undefined) {
          const taken = bytes.subarray(position, position + frameHeaderLength - headerFilled)
          header.set(taken, headerFilled)
          headerFilled += taken.byteLength
          position += taken.byteLength
          current = beginFrame(frames)
          if (current === undefined) break
        }
        const part = bytes.subarray(position, position + current.length - current.filled)
        position += part.byteLength
        current.filled += part.byteLength
        const whole = current.filled === current.length
        if (part.byteLength > 0 && (current.collected !== undefined || !whole)) {
          current.collected ??= Buffer.allocUnsafe(current.length)
          current.collected.set(part, current.filled - part.byteLength)
        }
        if (!whole) break
        frames.push({ stream: current.stream, payload: current.collected ?? part, offset: frameOffset })
        frameOffset += frameHeaderLength + current.length
        headerFilled = 0
        current = undefined
      }
      return frames
    },
    end() {
      if (failed !== undefined) throw failed
      if (headerFilled === 0) return
      const message =
        current === undefined
          ? `the stream ends after ${headerFilled} of the ${frameHeaderLength} bytes of a frame's header`
          : `the stream ends ${current.length - current.filled} bytes before the end of a frame of ${current.length}`
      failed = new FrameError('truncated', frameOffset, message)
      throw failed
    },
  }
}

/**
 * Takes a whole multiplexed stream apart.
 * @throws FrameError, also where the bytes end in the middle of a frame; what came whole before is in its `frames`
 */
export function decodeFrames(bytes: Uint8Array, options: { readonly maxFrame?: number } = {}): Frame[] {
  const decoder = frameDecoder(options)
  const frames = decoder.push(bytes)
  try {
    decoder.end()
  } catch (error) {
    if (error instanceof FrameError) error.frames = frames
    throw error
  }
  return frames
}

/**
 * One frame as it crosses the wire.
 * @throws RangeError where its length has no room in four bytes
 */
export function encodeFrame(stream: StreamName, payload: Uint8Array): Uint8Array {
  if (payload.byteLength > 0xffffffff) throw new RangeError(`a frame can't hold ${payload.byteLength} bytes`)
  const frame = new Uint8Array(frameHeaderLength + payload.byteLength)
  frame[0] = streamNames.indexOf(stream)
  new DataView(frame.buffer).setUint32(4, payload.byteLength)
  frame.set(payload, frameHeaderLength)
  return frame
}

/** The payloads of frames, put together per stream. */
export function demultiplex(frames: readonly Frame[]): Record<StreamName, Buffer> {
  const of = (name: StreamName) => Buffer.concat(frames.filter(({ stream }) => stream === name).map(({ payload }) => payload))
  return { stdin: of('stdin'), stdout: of('stdout'), stderr: of('stderr') }
}
