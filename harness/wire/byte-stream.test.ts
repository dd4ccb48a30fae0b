import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteQueue } from './byte-queue.ts'
import { byteStream } from './byte-stream.ts'
import { chunked } from './chunkings.ts'
import { encodeFrame, FrameError } from './frames.ts'
import { JsonStreamError } from './json-stream.ts'

/** A stream that brings these chunks and ends; or stays open. */
function streamOf(chunks: readonly (Uint8Array | string)[], open = false) {
  const queue = byteQueue({ pause() {}, resume() {} })
  for (const chunk of chunks) queue.push(Buffer.from(chunk as string))
  if (!open) queue.finish()
  return byteStream(queue)
}

const frames = Buffer.concat([encodeFrame('stdout', Buffer.from('one')), encodeFrame('stderr', Buffer.from('two'))])

describe('bytes', () => {
  test('readAll puts everything together', async () => {
    expect((await streamOf(['ab', 'c']).readAll()).toString()).toBe('abc')
    expect((await streamOf([]).readAll()).byteLength).toBe(0)
  })

  test('readUntil stops when there is enough, and at the end', async () => {
    expect((await streamOf(['ab', 'cd', 'ef'], true).readUntil((soFar) => soFar.includes('c'))).toString()).toBe('abcd')
    expect((await streamOf(['ab', 'cd']).readUntil(() => false)).toString()).toBe('abcd')
  })

  test('readUntil shows each time all that has come', async () => {
    await fc.assert(fc.asyncProperty(chunked(fc.uint8Array()), async ({ bytes, chunks }) => {
      const sizes: number[] = []
      const all = await streamOf(chunks).readUntil((soFar) => {
        expect(Buffer.compare(soFar, bytes.subarray(0, soFar.byteLength))).toBe(0)
        sizes.push(soFar.byteLength)
        return false
      })
      expect(Buffer.compare(all, bytes)).toBe(0)
      expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
    }))
  })

  test('no more is read than the limit says', async () => {
    const tooLarge = expect.objectContaining({ name: 'WireError', kind: 'too-large' }) as Error
    expect((await streamOf(['abc']).readAll({ maxBytes: 3 })).byteLength).toBe(3)
    await expect(streamOf(['abcd']).readAll({ maxBytes: 3 })).rejects.toEqual(tooLarge)
    await expect(streamOf(['ab', 'cd']).readUntil(() => false, { maxBytes: 3 })).rejects.toEqual(tooLarge)
    await expect(streamOf([frames]).allFrames({ maxBytes: 3 })).rejects.toEqual(tooLarge)
    await expect(streamOf(['{}', '{}']).allValues({ maxBytes: 3 })).rejects.toEqual(tooLarge)
  })

  test('nothing waits longer than it is told', async () => {
    const deadline = expect.objectContaining({ name: 'WireError', kind: 'deadline' }) as Error
    const limits = { timeoutMs: 10 }
    await expect(streamOf([], true).read(10)).rejects.toEqual(deadline)
    await expect(streamOf(['a'], true).readAll(limits)).rejects.toEqual(deadline)
    await expect(streamOf(['a'], true).readUntil(() => false, limits)).rejects.toEqual(deadline)
    await expect(streamOf([frames], true).allFrames(limits)).rejects.toEqual(deadline)
    await expect(streamOf(['{'], true).nextValue(10)).rejects.toEqual(deadline)
  })

  test('are waited for no longer where there is always one more', async () => {
    const queue = byteQueue({ pause() {}, resume() {} })
    let under = true
    const pour = () => {
      queue.push(Buffer.from(' '))
      if (under) setImmediate(pour)
    }
    pour()
    const limits = { timeoutMs: 50 }
    const late = { name: 'WireError', kind: 'deadline', message: expect.stringMatching(/sent \d+ bytes, and did not close the stream within 50 ms/) as string }
    try {
      const stream = byteStream(queue)
      await expect(stream.readAll(limits)).rejects.toMatchObject(late)
      await expect(stream.readUntil(() => false, limits)).rejects.toMatchObject(late)
      await expect(stream.allValues(limits)).rejects.toMatchObject(late)
      await expect(stream.nextValue(50)).rejects.toMatchObject(late)
    } finally {
      under = false
    }
  })

  test('are put together whatever the size of the pieces they come in', async () => {
    const pieces = [1, 2_000, 1_023, 1_024, 70_000, ...Array.from({ length: 200 }, () => 999)].map((size, index) => Buffer.alloc(size, index + 1))
    const queue = byteQueue({ pause() {}, resume() {} })
    for (const piece of pieces) queue.push(piece)
    queue.finish()
    expect((await byteStream(queue).readAll()).equals(Buffer.concat(pieces))).toBe(true)
  })
})

describe('frames and values', () => {
  test('one by one, and all', async () => {
    const stream = streamOf([frames.subarray(0, 5), frames.subarray(5)])
    expect([await stream.nextFrame(), await stream.nextFrame(), await stream.nextFrame()]).toMatchObject([{ stream: 'stdout' }, { stream: 'stderr', offset: 11 }, undefined])
    expect(await streamOf([frames]).allFrames()).toHaveLength(2)
    const values = streamOf(['{"a":1}{"a"', ':2}\n[3]'])
    expect([await values.nextValue(), await values.nextValue(), await values.nextValue(), await values.nextValue()]).toEqual([{ a: 1 }, { a: 2 }, [3], undefined])
  })

  test('a stream that ends in the midst says so', async () => {
    await expect(streamOf([frames.subarray(0, 9)]).nextFrame()).rejects.toThrow(FrameError)
    await expect(streamOf([frames.subarray(0, 9)]).allFrames()).rejects.toThrow(FrameError)
    await expect(streamOf(['{']).allValues()).rejects.toThrow(JsonStreamError)
  })

  test('what came whole before an error is handed out first, in one chunk as in two', async () => {
    for (const chunks of [[Buffer.concat([frames, Buffer.from('garbage')])], [frames, 'garbage']]) {
      const stream = streamOf(chunks, true)
      expect(await stream.nextFrame(1000)).toMatchObject({ stream: 'stdout' })
      expect(await stream.nextFrame(1000)).toMatchObject({ stream: 'stderr' })
      await expect(stream.nextFrame(1000)).rejects.toThrow(FrameError)
      await expect(stream.nextFrame(1000)).rejects.toThrow(FrameError)
    }
    const values = streamOf(['{"a":1} oops'], true)
    expect(await values.nextValue(1000)).toEqual({ a: 1 })
    await expect(values.nextValue(1000)).rejects.toThrow(JsonStreamError)
    await expect(streamOf([frames, 'garbage'], true).allFrames({ timeoutMs: 1000 })).rejects.toThrow(FrameError)
  })

  test('a chunk may bring any number of items', async () => {
    expect(await streamOf(['{}'.repeat(500_000)]).allValues()).toHaveLength(500_000)
    expect(await streamOf([Buffer.concat(Array.from({ length: 200_000 }, () => encodeFrame('stdout', new Uint8Array())))]).allFrames()).toHaveLength(200_000)
  })
})
