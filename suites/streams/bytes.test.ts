import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteQueue } from '../../harness/wire/byte-queue.ts'
import { byteStream, type ByteStream } from '../../harness/wire/byte-stream.ts'
import { encodeFrame, type StreamName } from '../../harness/wire/frames.ts'
import { emitted, expectBytes, expectNext, pattern, readPattern } from './bytes.ts'

function streamOf(...frames: readonly (readonly [StreamName, Uint8Array])[]): ByteStream {
  const queue = byteQueue({ pause() {}, resume() {} })
  for (const [name, payload] of frames) queue.push(encodeFrame(name, payload))
  queue.finish()
  return byteStream(queue)
}

describe('pattern', () => {
  test('has byte i mod 256 at i, wherever it begins', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(2000), (from, length) => {
        const bytes = pattern(from, length)
        expect(bytes.byteLength).toBe(length)
        expect(bytes.every((byte, index) => byte === (from + index) % 256)).toBe(true)
      }),
    )
  })
  test('is as long as is asked for, beyond the room that is kept', () => {
    const bytes = pattern(3, 3 * 1024 * 1024)
    expect(bytes.byteLength).toBe(3 * 1024 * 1024)
    expect([bytes[0], bytes[1], bytes.at(-1)]).toEqual([3, 4, 2])
  })
})

describe('emitted', () => {
  test('counts the pattern on through both streams, and passes over what fills nothing', () => {
    const { stdout, stderr } = emitted(['outfill=3', 'errfill=2', 'outsize=2:2', 'out=', 'out=end', 'err=END'])
    expect(stdout).toEqual(Buffer.concat([Buffer.from([0, 1, 2, 5, 6, 7, 8]), Buffer.from('end')]))
    expect(stderr).toEqual(Buffer.concat([Buffer.from([3, 4]), Buffer.from('END')]))
  })
})

describe('expectBytes', () => {
  test('says where the bytes part, and what stands there', () => {
    expect(() => expectBytes('it', Buffer.from('same'), Buffer.from('same'))).not.toThrow()
    expect(() => expectBytes('it', Buffer.from('one two'), Buffer.from('one tree'))).toThrow('it: 7 bytes came where 8 were written; from byte 5 on they differ: expected "ree", got "wo"')
    expect(() => expectBytes('it', Buffer.from('on'), Buffer.from('one'))).toThrow('from byte 2 on they differ: expected "e", got the end')
  })
})

describe('readPattern', () => {
  test('counts the bytes of one stream to its end, or as far as is asked', async () => {
    expect(await readPattern(streamOf(['stdout', pattern(0, 300)], ['stdout', pattern(300, 7)]), 'stdout')).toBe(307)
    const stream = streamOf(['stderr', pattern(5, 10)], ['stderr', pattern(15, 10)])
    expect(await readPattern(stream, 'stderr', 5, (total) => total >= 15)).toBe(15)
    expect(await readPattern(stream, 'stderr', 15)).toBe(25)
  })
  test('refuses a byte that is lost, doubled or another, and a frame of the other stream', async () => {
    await expect(readPattern(streamOf(['stdout', pattern(0, 5)], ['stdout', pattern(6, 5)]), 'stdout')).rejects.toThrow('the frame after 5 bytes')
    await expect(readPattern(streamOf(['stdout', pattern(0, 5)], ['stdout', pattern(4, 5)]), 'stdout')).rejects.toThrow('the frame after 5 bytes')
    await expect(readPattern(streamOf(['stdout', Buffer.from([0, 1, 3])]), 'stdout')).rejects.toThrow('from byte 2 on')
    await expect(readPattern(streamOf(['stdout', pattern(0, 5)], ['stderr', pattern(5, 5)]), 'stdout')).rejects.toThrow('a frame of stderr')
  })
})

describe('expectNext', () => {
  test('takes a text in however many frames', async () => {
    const stream = streamOf(['stdout', Buffer.from('re')], ['stdout', Buffer.from('ady\n')], ['stderr', Buffer.from('x')])
    await expectNext('the greeting', stream, 'ready\n')
    await expectNext('the rest', stream, 'x', 'stderr')
  })
  test('refuses another text, another stream, more, and an end before', async () => {
    await expect(expectNext('it', streamOf(['stdout', Buffer.from('no')]), 'yes')).rejects.toThrow('it: 2 bytes came where 3 were written')
    await expect(expectNext('it', streamOf(['stderr', Buffer.from('yes')]), 'yes')).rejects.toThrow('a frame of stderr comes')
    await expect(expectNext('it', streamOf(['stdout', Buffer.from('yes!')]), 'yes')).rejects.toThrow('4 bytes came')
  })
})
