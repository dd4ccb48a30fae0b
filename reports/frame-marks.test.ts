import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordBody } from '../harness/wire/exchange.ts'
import { encodeFrame } from '../harness/wire/frames.ts'
import { markChunks, markFrames } from './frame-marks.ts'

const chunk = (from: 'client' | 'daemon', bytes: Uint8Array) => ({ from, atMs: 0, ...recordBody(bytes) })

describe('markFrames', () => {
  test('names each frame and where it begins', () => {
    const stream = Buffer.concat([encodeFrame('stdout', Buffer.from('abc')), encodeFrame('stderr', new Uint8Array())])
    expect(markFrames(stream)).toEqual([
      { offset: 0, text: 'frame at byte 0: stdout, 3 bytes', frame: { stream: 'stdout', length: 3 } },
      { offset: 11, text: 'frame at byte 11: stderr, 0 bytes', frame: { stream: 'stderr', length: 0 } },
    ])
  })

  test('says where frames end and something else begins', () => {
    const marks = markFrames(Buffer.concat([encodeFrame('stdout', Buffer.from('abc')), Buffer.from('text text')]))
    expect(marks.at(-1)).toMatchObject({ offset: 11, text: expect.stringMatching(/^no frame at byte 11: a frame of type 116/) as string })
  })

  test('finds nothing in what never was a multiplexed stream', () => {
    expect(markFrames(Buffer.from('a tty says hello'))).toEqual([])
  })

  test('takes any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      expect(markFrames(bytes).every(({ offset }) => offset < bytes.byteLength)).toBe(true)
    }))
  })
})

describe('markChunks', () => {
  test('puts a frame where its header begins, whatever the client sends in between', () => {
    const first = encodeFrame('stdout', Buffer.from('abc'))
    const chunks = [chunk('daemon', first.subarray(0, 5)), chunk('client', Buffer.from('hi')), chunk('daemon', Buffer.concat([first.subarray(5), encodeFrame('stderr', Buffer.from('d'))]))]
    expect(markChunks(chunks).map(({ offset, marks }) => [offset, marks.map((mark) => mark.offset)])).toEqual([[0, [0]], [0, []], [5, [11]]])
  })

  test('knows of which frames a chunk holds a part', () => {
    const stream = Buffer.concat([encodeFrame('stdout', Buffer.from('abcdef')), encodeFrame('stderr', Buffer.from('d'))])
    const chunks = [chunk('daemon', stream.subarray(0, 10)), chunk('daemon', stream.subarray(10, 14)), chunk('daemon', stream.subarray(14))]
    expect(markChunks(chunks).map(({ frames }) => frames.map(({ offset }) => offset))).toEqual([[0], [0], [14]])
  })

  test('claims nothing after bytes that are not on record', () => {
    const torn = { ...chunk('daemon', encodeFrame('stdout', Buffer.from('abc')).subarray(0, 9)), size: 11 }
    const marked = markChunks([torn, chunk('daemon', encodeFrame('stderr', Buffer.from('d')))])
    expect(marked.map(({ marks }) => marks.length)).toEqual([1, 0])
  })
})
