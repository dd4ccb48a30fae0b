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

  constructor(kind: FrameErrorKind, offset: number, message: string) {
    super(`${message} (at byte ${offset} of the stream)`)
    this.name = 'FrameError'
    this.kind = kind
    this.offset = offset
  }
}

/** Takes a multiplexed stream apart as its bytes arrive. */
export type FrameDecoder = {
  /** @returns the frames that these bytes complete. @throws FrameError */
  push(bytes: Uint8Array): Frame[]
  /** The stream has ended. @throws FrameError where that is in the middle of a frame */
  end(): void
}

const headerLength = 8
const streamNames: readonly StreamName[] = ['stdin', 'stdout', 'stderr']

/** Payload bytes that a frame may announce before it is taken for garbage. */
const defaultMaxFrame = 16 * 1024 * 1024

/**
 * A strict decoder: it forgives nothing, and after an error it is at its end.
 * A payload that lies within one chunk is a view of that chunk; one that is spread over several is put together once.
 */
export function frameDecoder(options: { readonly maxFrame?: number } = {}): FrameDecoder {
  const { maxFrame = defaultMaxFrame } = options
  const header = new Uint8Array(headerLength)
  let headerFilled = 0
  let frameOffset = 0
  let payload: { stream: StreamName; length: number; parts: Uint8Array[]; missing: number } | undefined
  let failed: FrameError | undefined

  function fail(kind: FrameErrorKind, offset: number, message: string): never {
    failed = new FrameError(kind, offset, message)
    throw failed
  }

  function beginPayload(): { stream: StreamName; length: number; parts: Uint8Array[]; missing: number } {
    const [type = 0, ...padding] = header.subarray(0, 4)
    const stream = streamNames[type]
    if (stream === undefined) fail('unknown-type', frameOffset, `a frame of type ${type}: there are 0 (stdin), 1 (stdout) and 2 (stderr)`)
    const nonzero = padding.findIndex((byte) => byte !== 0)
    if (nonzero !== -1) fail('nonzero-padding', frameOffset + 1 + nonzero, `byte ${1 + nonzero} of a frame's header is ${padding[nonzero]} instead of zero`)
    const length = new DataView(header.buffer).getUint32(4)
    if (length > maxFrame) fail('too-long', frameOffset + 4, `a frame announces ${length} bytes, more than the ${maxFrame} that one may have`)
    return { stream, length, parts: [], missing: length }
  }

  return {
    push(bytes) {
      if (failed !== undefined) throw failed
      const frames: Frame[] = []
      let position = 0
      while (position < bytes.byteLength || payload?.missing === 0) {
        if (payload === undefined) {
          const taken = bytes.subarray(position, position + headerLength - headerFilled)
          header.set(taken, headerFilled)
          headerFilled += taken.byteLength
          position += taken.byteLength
          if (headerFilled < headerLength) break
          payload = beginPayload()
        }
        const part = bytes.subarray(position, position + payload.missing)
        position += part.byteLength
        payload.missing -= part.byteLength
        if (part.byteLength > 0) payload.parts.push(part)
        if (payload.missing > 0) break
        const [only] = payload.parts
        frames.push({
          stream: payload.stream,
          payload: payload.parts.length === 1 && only !== undefined ? only : Buffer.concat(payload.parts, payload.length),
          offset: frameOffset,
        })
        frameOffset += headerLength + payload.length
        headerFilled = 0
        payload = undefined
      }
      return frames
    },
    end() {
      if (failed !== undefined) throw failed
      if (payload !== undefined) fail('truncated', frameOffset, `the stream ends ${payload.missing} bytes before the end of a frame of ${payload.length}`)
      if (headerFilled > 0) fail('truncated', frameOffset, `the stream ends after ${headerFilled} of the ${headerLength} bytes of a frame's header`)
    },
  }
}

/** Takes a whole multiplexed stream apart. @throws FrameError */
export function decodeFrames(bytes: Uint8Array): Frame[] {
  const decoder = frameDecoder()
  const frames = decoder.push(bytes)
  decoder.end()
  return frames
}

/** One frame as it crosses the wire. */
export function encodeFrame(stream: StreamName, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerLength + payload.byteLength)
  frame[0] = streamNames.indexOf(stream)
  new DataView(frame.buffer).setUint32(4, payload.byteLength)
  frame.set(payload, headerLength)
  return frame
}

/** The payloads of frames, put together per stream. */
export function demultiplex(frames: readonly Frame[]): Record<StreamName, Buffer> {
  const of = (name: StreamName) => Buffer.concat(frames.filter(({ stream }) => stream === name).map(({ payload }) => payload))
  return { stdin: of('stdin'), stdout: of('stdout'), stderr: of('stderr') }
}
