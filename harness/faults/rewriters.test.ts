import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFrames, encodeFrame } from '../wire/frames.ts'
import { packTar, readTar, TarError } from '../wire/tar.ts'
import type { Rewriter } from './fault.ts'
import { frames, framesReordered, lastFrameLost, lastFrameTwice, littleEndian, ofStream, padded, ttyBytes, withPayload, writeFrame } from './frames-rewriter.ts'
import { jsonBody, jsonStream } from './json-rewriters.ts'
import { each, watched, whole } from './rewriters.ts'
import { changeTar, isEntry, withName, withNumber, withTypeflag } from './tar-rewriter.ts'

/** All that a rewriter gives for bytes that come in parts of some length. */
function through(rewriter: Rewriter, bytes: Uint8Array, part = 3): Buffer {
  const out: Uint8Array[] = []
  for (let at = 0; at < bytes.byteLength && rewriter.over !== true; at += part) out.push(rewriter.push(Buffer.from(bytes.subarray(at, at + part))))
  out.push(rewriter.end())
  return Buffer.concat(out)
}

const output = Buffer.concat([encodeFrame('stdout', Buffer.from('one\n')), encodeFrame('stderr', Buffer.from('two\n')), encodeFrame('stdout', Buffer.from('three'))])
const read = (bytes: Buffer) => decodeFrames(bytes).map(({ stream, payload }) => `${stream} ${Buffer.from(payload).toString()}`)

describe('frames', () => {
  test('that are left as they are stay byte for byte, however they come', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), (part) => through(frames((frame) => frame), output, part).equals(output)))
  })

  test('are lost, doubled and reordered', () => {
    expect(read(through(lastFrameLost(), output))).toEqual(['stdout one\n', 'stderr two\n'])
    expect(read(through(lastFrameTwice(), output))).toEqual(['stdout one\n', 'stderr two\n', 'stdout three', 'stdout three'])
    expect(read(through(framesReordered(), output))).toEqual(['stderr two\n', 'stdout one\n', 'stdout three'])
  })

  test('get another stream, another payload, another header', () => {
    expect(read(through(frames((frame) => ofStream(frame, 2)), output))).toEqual(['stderr one\n', 'stderr two\n', 'stderr three'])
    expect(read(through(frames((frame) => withPayload(frame, (payload) => payload.subarray(1))), output))).toEqual(['stdout ne\n', 'stderr wo\n', 'stdout hree'])
    expect(littleEndian(writeFrame(1, Buffer.alloc(3))).subarray(4, 8)).toEqual(Buffer.from([3, 0, 0, 0]))
    expect(padded(writeFrame(1, Buffer.alloc(0))).subarray(0, 4)).toEqual(Buffer.from([1, 0, 0x20, 0]))
  })

  test('end early', () => {
    expect(read(through(frames((frame, index) => (index > 0 ? 'over' : frame)), output))).toEqual(['stdout one\n'])
  })

  test('of a tty there are none: only what is for a tty touches them', () => {
    const tty = Buffer.from('plain output\r\n')
    expect(through(lastFrameLost(), tty).equals(tty)).toBe(true)
    expect(through(ttyBytes(() => Buffer.from('!')), tty, 100).toString()).toBe('!')
    expect(through(ttyBytes(() => Buffer.from('!')), output).equals(output)).toBe(true)
  })
})

describe('JSON', () => {
  test('of a stream is changed value by value; what stays keeps its bytes', () => {
    const stream = '{"a":1}\r\n{"a": 2}\n{"a":"}"}\n'
    expect(through(jsonStream(() => 'same'), Buffer.from(stream)).toString()).toBe(stream)
    expect(through(jsonStream((value) => ((value as { a: unknown }).a === 2 ? { values: [] } : 'same')), Buffer.from(stream)).toString()).toBe('{"a":1}\n{"a":"}"}\n')
    expect(through(jsonStream((value) => ({ values: [value, value] })), Buffer.from('{"a":1}\n')).toString()).toBe('{"a":1}\n{"a":1}\n')
    expect(through(jsonStream((_, index) => (index > 0 ? 'over' : 'same')), Buffer.from(stream)).toString()).toBe('{"a":1}')
  })

  test('of a body is changed; what is no JSON keeps its bytes', () => {
    expect(through(jsonBody(() => ({ b: 2 })), Buffer.from('{"a":1}\n')).toString()).toBe('{"b":2}\n')
    expect(through(jsonBody(() => ({ b: 2 })), Buffer.from('no JSON')).toString()).toBe('no JSON')
  })
})

describe('archives', () => {
  const packed = () => packTar([{ name: 'dir', type: 'directory' }, { name: 'dir/file', content: 'content', mode: 0o640, mtime: new Date(5_000) }, { name: 'dir/link', type: 'symlink', linkname: 'file' }])

  test('that are left as they are stay byte for byte', async () => {
    const bytes = await packed()
    expect(changeTar(bytes, (entry) => entry).equals(bytes)).toBe(true)
    expect(changeTar(Buffer.from('no archive'), () => undefined).toString()).toBe('no archive')
  })

  test('get other modes, times, types and names, and stay archives', async () => {
    const changed = await readTar(changeTar(await packed(), (entry) => withName(withNumber(withNumber(entry, 'mode', 0o600), 'mtime', 9), `x/${entry.name}`)))
    expect(changed.map(({ name, mode, mtime }) => [name.replace(/\/$/, ''), mode, mtime.getTime()])).toEqual(['x/dir', 'x/dir/file', 'x/dir/link'].map((name) => [name, 0o600, 9_000]))
    expect((await readTar(changeTar(await packed(), (entry) => (entry.typeflag === '2' ? withTypeflag(entry, '0') : entry)))).map(({ type }) => type)).toEqual(['directory', 'file', 'file'])
    expect((await readTar(changeTar(await packed(), (entry, index) => (index === 0 ? undefined : entry)))).map(({ name }) => name)).toEqual(['dir/file', 'dir/link'])
    expect(isEntry({ typeflag: 'x', name: '', header: Buffer.alloc(0), content: Buffer.alloc(0) })).toBe(false)
  })

  test('lose their end', async () => {
    await expect(readTar(changeTar(await packed(), (entry) => entry, () => new Uint8Array()))).rejects.toThrow(TarError)
  })
})

describe('a rewriter that is watched', () => {
  const altered = (rewriter: Rewriter, bytes = output): boolean => {
    let told = false
    through(watched(rewriter, () => (told = true)), bytes)
    return told
  }
  test.each<[what: string, rewriter: () => Rewriter, told: boolean]>([
    ['nothing is changed', () => each((bytes) => bytes), false],
    ['all is held back, and then comes as it was', () => whole((bytes) => bytes), false],
    ['frames are held back, and then come as they were', () => frames((frame) => frame), false],
    ['something is lost at the end', lastFrameLost, true],
    ['something is added', lastFrameTwice, true],
    ['a byte is changed', () => each((bytes) => bytes.map((byte) => byte ^ 1)), true],
    ['it is over before the end', () => frames((frame, index) => (index > 0 ? 'over' : frame)), true],
    ['the end is swallowed', () => ({ push: (bytes) => bytes, end: () => new Uint8Array(), keepsOpen: true }), true],
  ])('tells that it altered something: %s', (_, rewriter, told) => {
    expect(altered(rewriter())).toBe(told)
  })
})
