import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packTar, readTar, type TarInput } from './tar.ts'
import { ending, extendedHeader as extended, headerBlock as block, padded, paxRecord as record } from './tar-blocks.ts'
import { TarError } from './tar-error.ts'
import { writeTarChecksum } from './tar-header.ts'
import { tarReader, type TarHeader } from './tar-reader.ts'

/** Reads an archive in the pieces given. */
function read(pieces: readonly Uint8Array[]): { header: TarHeader; content: string }[] {
  const reader = tarReader()
  const entries: { header: TarHeader; parts: Uint8Array[] }[] = []
  for (const item of pieces.flatMap((piece) => reader.push(piece))) {
    if ('entry' in item) entries.push({ header: item.entry, parts: [] })
    else entries.at(-1)?.parts.push(Uint8Array.from(item.content))
  }
  reader.end()
  return entries.map(({ header, parts }) => ({ header, content: Buffer.concat(parts).toString('latin1') }))
}

const inputs: fc.Arbitrary<TarInput[]> = fc.array(
  fc.record({
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }).map((name) => `f${name.replaceAll('\0', '').replace(/\/+$/, '')}`),
    content: fc.uint8Array({ maxLength: 2000 }),
    mode: fc.nat(0o7777),
    // tar-stream writes six digits of an owner, and times of 31 bits.
    uid: fc.nat(0o777777),
    mtime: fc.nat(2 ** 31 - 1).map((seconds) => new Date(seconds * 1000)),
  }),
  { maxLength: 6 },
)

describe('the strict reader of tar', () => {
  test('gives back what was packed, in whatever pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 }), async (entries, sizes) => {
        const archive = await packTar(entries)
        const pieces: Uint8Array[] = []
        for (let at = 0, turn = 0; at < archive.byteLength; turn++) {
          const size = sizes[turn % sizes.length] ?? 1
          pieces.push(archive.subarray(at, at + size))
          at += size
        }
        const found = read(pieces)
        expect(found.map(({ header, content }) => [header.name, header.mode, header.uid, header.mtime, content])).toEqual(
          entries.map(({ name, mode, uid, mtime, content }) => [name, mode, uid, Number(mtime) / 1000, Buffer.from(content ?? '').toString('latin1')]),
        )
      }),
      { numRuns: 100 },
    )
  })

  test('takes no archive that is cut short', async () => {
    const archive = await packTar([{ name: 'one', content: 'x'.repeat(700) }, { name: 'n'.repeat(150), content: 'y' }])
    fc.assert(fc.property(fc.nat(archive.byteLength - 1), (length) => void expect(() => read([archive.subarray(0, length)])).toThrow(TarError)))
  })

  test('sees every byte that is changed outside of contents, or reads the same', async () => {
    const archive = await packTar([{ name: 'one', content: 'x' }, { name: 'd/', type: 'directory' }, { name: 'l', type: 'symlink', linkname: 'one' }])
    const whole = JSON.stringify(read([archive]))
    fc.assert(
      fc.property(fc.nat(archive.byteLength - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        fc.pre(at !== 512)
        const changed = Buffer.from(archive)
        changed[at] = (changed[at] ?? 0) ^ change
        try {
          // Only how a number is ended may differ: by a blank or a zero.
          expect(JSON.stringify(read([changed]))).toBe(whole)
          expect(at % 512).toBeOneOf([154, 155])
        } catch (error) {
          expect(error).toBeInstanceOf(TarError)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('throws nothing but TarError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 1200 }), fc.constantFrom(block({ 0: 'a' }), extended('x', record('path', 'b')), extended('x', 'garbage'), ending)), { maxLength: 8 }), (pieces) => {
        try {
          read(pieces)
        } catch (error) {
          expect(error).toBeInstanceOf(TarError)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('puts PAX records in the place of fields, for one entry', () => {
    const archive = [extended('x', record('path', 'lang/ä') + record('mtime', '12.5') + record('uid', '3000000')), block({ 0: 'short' }), block({ 0: 'plain' }), ending]
    expect(read(archive).map(({ header: { name, mtime, uid } }) => [name, mtime, uid])).toEqual([['lang/ä', 12.5, 3000000], ['plain', 0, 0]])
  })

  test('reads long names as GNU writes them, and numbers in base 256', () => {
    const name = 'long/'.repeat(40)
    const archive = [extended('L', `${name}\0`), block({ 0: 'long', 108: '\x80\0\0\0\x01\0\0\0', 257: 'ustar  \0' }), ending]
    expect(read(archive).map(({ header }) => [header.name, header.uid, header.format])).toEqual([[name, 2 ** 24, 'gnu']])
  })

  test('reads the prefix of a name, type flag NUL, and headers without a magic', () => {
    expect(read([block({ 0: 'name', 345: 'a/b' }), block({ 0: 'old', 156: '\0', 257: '\0'.repeat(8), 329: '\0'.repeat(8), 337: '\0'.repeat(8) }), ending]).map(({ header }) => [header.name, header.type, header.format])).toEqual([
      ['a/b/name', 'file', 'ustar'], ['old', 'file', 'v7'],
    ])
  })

  test.each<[string, Buffer[], RegExp]>([
    ['nothing at all', [], /two blocks of zeros/],
    ['one block of zeros', [Buffer.alloc(512)], /two blocks of zeros/],
    ['one block of zeros amid entries', [Buffer.alloc(512), block({ 0: 'a' }), ending], /a single block of zeros/],
    ['bytes behind the end', [ending, block({ 0: 'a' })], /follow the end/],
    ['half a block behind the end', [ending, Buffer.alloc(100)], /no multiple/],
    ['another magic', [block({ 0: 'a', 257: 'sutar\x0000' }), ending], /magic/],
    ['a wrong checksum', [block({ 0: 'a', 148: '000001\0 ' }), ending], /checksum/],
    ['a mode that is no number', [block({ 0: 'a', 100: '000x644\0' }), ending], /mode/],
    ['a mode that fills its field', [block({ 0: 'a', 100: '00000644' }), ending], /mode/],
    ['an empty size', [block({ 0: 'a', 124: '\0'.repeat(12) }), ending], /size/],
    ['bytes behind a name', [block({ 0: 'a\0b' }), ending], /bytes follow the end of a header's name/],
    ['bytes behind the fields', [block({ 0: 'a', 505: 'x' }), ending], /behind its last field/],
    ['no name', [block({}), ending], /without a name/],
    ['an unknown type', [block({ 0: 'a', 156: 'Q' }), ending], /unknown type/],
    ['a symlink without a target', [block({ 0: 'a', 156: '2' }), ending], /no target/],
    ['a file with a target', [block({ 0: 'a', 157: 'b' }), ending], /is no link/],
    ['a folder with content', [block({ 0: 'a/', 156: '5', 124: '00000000001\0' }), padded('x'), ending], /has a size/],
    ['padding that is not zero', [block({ 0: 'a', 124: '00000000001\0' }), Buffer.alloc(512, 'x'), ending], /padding/],
    ['a record with a wrong length', [extended('x', '9 path=b\nx'), block({ 0: 'a' }), ending], /PAX record/],
    ['a record without a newline', [extended('x', '9 path=bb'), block({ 0: 'a' }), ending], /newline/],
    ['a record twice', [extended('x', record('path', 'b').repeat(2)), block({ 0: 'a' }), ending], /twice/],
    ['a record that is no UTF-8', [block({ 0: 'x', 124: '00000000011\0', 156: 'x' }), Buffer.concat([Buffer.from('9 path=\xff\n', 'latin1'), Buffer.alloc(503)]), block({ 0: 'a' }), ending], /UTF-8/],
    ['a time that is no number', [extended('x', record('mtime', 'now')), block({ 0: 'a' }), ending], /no number/],
    ['extended headers before no entry', [extended('x', record('path', 'b')), ending], /followed by no entry/],
    ['a negative size', [block({ 0: 'a', 124: '\xff'.repeat(12) }), ending], /size/],
    ['a size beyond all numbers', [block({ 0: 'a', 124: `\x80\x01${'\0'.repeat(10)}` }), ending], /size/],
    ['a time beyond all dates', [block({ 0: 'a', 136: `\x80\x01${'\0'.repeat(10)}` }), ending], /mtime|time/],
    ['a record of negative length', [extended('x', '-5 a=bbbbbbb\n'), block({ 0: 'a' }), ending], /PAX record/],
    ['a size in a record that is no number', [extended('x', record('size', '0x10')), block({ 0: 'a' }), ending], /size/],
    ['two extended headers before one entry', [extended('x', record('path', 'b')), extended('x', record('path', 'c')), block({ 0: 'a' }), ending], /two extended headers/],
    ['an extended header of 2 MiB', [block({ 0: 'x', 124: '00010000000\0', 156: 'x' }), ending], /announces/],
    ['a long name without its zero', [extended('L', 'name'), block({ 0: 'a' }), ending], /one zero/],
  ])('refuses %s', (_, archive, message) => {
    expect(() => read(archive)).toThrow(message)
    expect(() => read(archive)).toThrow(TarError)
  })

  test('stays at its end after an error', () => {
    const reader = tarReader()
    expect(() => reader.push(Buffer.alloc(512, 'x'))).toThrow(TarError)
    expect(() => reader.push(ending)).toThrow(TarError)
    expect(() => reader.end()).toThrow(TarError)
  })

  test('keeps nothing of a content that passes through', () => {
    const reader = tarReader()
    const size = 2 ** 32
    const piece = Buffer.alloc(1024 * 1024)
    reader.push(block({ 0: 'big', 124: `${size.toString(8).padStart(11, '0')}\0` }))
    let seen = 0
    for (let sent = 0; sent < size; sent += piece.byteLength) {
      for (const item of reader.push(piece)) if ('content' in item) seen += item.content.byteLength
    }
    reader.push(ending)
    reader.end()
    expect(seen).toBe(size)
  })

  test('takes a header whose checksum was written anew', async () => {
    const archive = Buffer.from(await packTar([{ name: 'one' }]))
    archive.write('two', 0)
    writeTarChecksum(archive.subarray(0, 512))
    expect(read([archive]).map(({ header }) => header.name)).toEqual(['two'])
  })

  test('is the reader of readTar', async () => {
    await expect(readTar(Buffer.alloc(512))).rejects.toThrow(TarError)
  })
})
