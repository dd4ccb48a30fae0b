import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunked, mutated } from './chunkings.ts'
import { decodeFrames, demultiplex, encodeFrame, frameDecoder, FrameError, parseFrameHeader, type Frame, type StreamName } from './frames.ts'

const frame = fc.record({ stream: fc.constantFrom<StreamName>('stdin', 'stdout', 'stderr'), payload: fc.uint8Array({ maxLength: 40 }) })
const stream = fc.array(frame, { maxLength: 8 }).map((frames) => new Uint8Array(Buffer.concat(frames.map(({ stream, payload }) => encodeFrame(stream, payload)))))

/** What a decoder makes of chunks: the frames, and how it ended. */
function decode(chunks: readonly Uint8Array[], maxFrame?: number): { frames: Frame[]; error: FrameError | undefined } {
  const decoder = frameDecoder(maxFrame === undefined ? {} : { maxFrame })
  const frames: Frame[] = []
  try {
    for (const chunk of chunks) frames.push(...decoder.push(chunk))
    decoder.end()
  } catch (error) {
    if (!(error instanceof FrameError)) throw error
    return { frames: [...frames, ...(error.kind === 'truncated' ? [] : error.frames)], error }
  }
  return { frames, error: undefined }
}

const plain = (frames: readonly Frame[]) => frames.map(({ stream, payload, offset }) => ({ stream, offset, payload: Buffer.from(payload).toString('hex') }))

function errorOf(bytes: Uint8Array, maxFrame?: number): FrameError {
  const { error } = decode([bytes], maxFrame)
  if (error === undefined) throw new Error('no FrameError came')
  return error
}

describe('encodeFrame and decodeFrames', () => {
  test('a frame crosses the wire as the pages show it', () => {
    expect(Buffer.from(encodeFrame('stderr', Buffer.from('hey'))).toString('hex')).toBe('0200000000000003686579')
  })

  test('whatever is encoded comes back', () => {
    fc.assert(fc.property(fc.array(frame), (frames) => {
      const decoded = decodeFrames(Buffer.concat(frames.map(({ stream, payload }) => encodeFrame(stream, payload))))
      expect(decoded.map(({ stream, payload }) => ({ stream, payload: Buffer.from(payload) }))).toEqual(frames.map(({ stream, payload }) => ({ stream, payload: Buffer.from(payload) })))
    }))
  })

  test('an error of the end brings the frames that came whole before', () => {
    const bytes = Buffer.concat([encodeFrame('stdout', Buffer.from('a')), Buffer.from([1, 0, 0])])
    expect(() => decodeFrames(bytes)).toThrow(expect.objectContaining({ kind: 'truncated', offset: 9, frames: [expect.objectContaining({ offset: 0 })] }))
  })
})

describe('frameDecoder', () => {
  test('any chunking gives the same frames, or the same error after the same frames', () => {
    fc.assert(fc.property(chunked(fc.oneof(stream, mutated(stream), fc.uint8Array())), ({ bytes, chunks }) => {
      const whole = decode([bytes], 64)
      const parts = decode(chunks, 64)
      expect(plain(parts.frames)).toEqual(plain(whole.frames))
      expect(parts.error?.message).toBe(whole.error?.message)
    }), { numRuns: 500 })
  })

  test('a payload within one chunk is a view of it, one over several chunks a copy', () => {
    const bytes = encodeFrame('stdout', Buffer.from('abcd'))
    expect(decode([bytes]).frames[0]?.payload.buffer).toBe(bytes.buffer)
    const chunk = bytes.slice(0, 10)
    const [split] = decode([chunk, bytes.slice(10)]).frames
    chunk.fill(0)
    expect(Buffer.from(split?.payload ?? []).toString()).toBe('abcd')
  })

  test.each([
    ['unknown-type', 0, [3, 0, 0, 0, 0, 0, 0, 0]],
    ['unknown-type', 8, [1, 0, 0, 0, 0, 0, 0, 0, 0x74]],
    ['nonzero-padding', 1, [1, 9]],
    ['nonzero-padding', 2, [1, 0, 9]],
    ['nonzero-padding', 3, [1, 0, 0, 9]],
    ['too-long', 4, [1, 0, 0, 0, 0, 0, 0, 65]],
    ['too-long', 4, [2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]],
    ['truncated', 0, [1]],
    ['truncated', 8, [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0x61]],
  ] as const)('says %s at byte %i', (kind, offset, bytes) => {
    expect(errorOf(Uint8Array.from(bytes), 64)).toMatchObject({ name: 'FrameError', kind, offset, message: expect.stringContaining(`at byte ${offset} `) as string })
  })

  test('sees a wrong byte before the header is whole', () => {
    const decoder = frameDecoder()
    expect(() => decoder.push(Uint8Array.of(0x7b))).toThrow(FrameError)
  })

  test('gives the same error for ever', () => {
    const decoder = frameDecoder()
    expect(() => decoder.push(Uint8Array.of(9))).toThrow(/type 9/)
    expect(() => decoder.push(encodeFrame('stdout', new Uint8Array()))).toThrow(/type 9/)
    expect(() => decoder.end()).toThrow(/type 9/)
  })

  test('a frame of the longest length that may be is taken', () => {
    expect(decode([encodeFrame('stdout', new Uint8Array(64))], 64).error).toBeUndefined()
  })
})

describe('parseFrameHeader', () => {
  test('waits for the whole header', () => {
    expect(parseFrameHeader(Uint8Array.of(1, 0, 0, 0, 0, 0, 1), 0)).toBeUndefined()
    expect(parseFrameHeader(Uint8Array.of(1, 0, 0, 0, 0, 0, 1, 2), 0)).toEqual({ stream: 'stdout', length: 258 })
  })
})

describe('demultiplex', () => {
  test('puts each stream together in its order', () => {
    const frames = decodeFrames(Buffer.concat([encodeFrame('stdout', Buffer.from('a')), encodeFrame('stderr', Buffer.from('x')), encodeFrame('stdout', Buffer.from('b'))]))
    expect(demultiplex(frames)).toEqual({ stdin: Buffer.alloc(0), stdout: Buffer.from('ab'), stderr: Buffer.from('x') })
  })
})
