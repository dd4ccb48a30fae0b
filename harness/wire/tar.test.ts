import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunked, mutated } from './chunkings.ts'
import { packTar, readTar, tarDecoder, TarError, type TarInput, type TarPiece } from './tar.ts'

/** A header by hand; the checksum is right unless it is given. */
function header(fields: { name?: string; mode?: string; size?: string | Uint8Array; mtime?: string | Uint8Array; type?: string; linkname?: string; magic?: string; checksum?: string; prefix?: string } = {}): Buffer {
  const block = Buffer.alloc(512)
  const put = (at: number, value: string | Uint8Array) => void block.set(typeof value === 'string' ? Buffer.from(value, 'latin1') : value, at)
  put(0, fields.name ?? 'file')
  put(100, fields.mode ?? '0000644\0')
  put(124, fields.size ?? '00000000000\0')
  put(136, fields.mtime ?? '00000000000\0')
  put(156, fields.type ?? '0')
  put(157, fields.linkname ?? '')
  put(257, fields.magic ?? 'ustar\x0000')
  put(345, fields.prefix ?? '')
  put(148, '        ')
  put(148, fields.checksum ?? `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `)
  return block
}

const padded = (text: string) => Buffer.concat([Buffer.from(text), Buffer.alloc((512 - (Buffer.byteLength(text) % 512)) % 512)])
const octal = (size: number) => `${size.toString(8).padStart(11, '0')}\0`
const record = (key: string, value: string) => {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  const length = rest + String(rest + String(rest).length).length
  return `${length} ${key}=${value}\n`
}
const pax = (records: string, type = 'x') => Buffer.concat([header({ type, size: octal(Buffer.byteLength(records)) }), padded(records)])
const end = Buffer.alloc(1024)

/** What a decoder makes of chunks, with neighbouring pieces of content put together. */
function decode(chunks: readonly Uint8Array[]): { seen: string[]; error: string | undefined } {
  const decoder = tarDecoder()
  const pieces: TarPiece[] = []
  let error: string | undefined
  try {
    for (const chunk of chunks) pieces.push(...decoder.push(chunk))
    decoder.end()
  } catch (thrown) {
    if (!(thrown instanceof TarError)) throw thrown
    error = thrown.message
  }
  const seen: string[] = []
  for (const piece of pieces) {
    if (piece.kind === 'entry') seen.push(`${JSON.stringify(piece.header)} `)
    else seen[seen.length - 1] += Buffer.from(piece.bytes).toString('hex')
  }
  return { seen, error }
}

async function errorOf(...parts: Uint8Array[]): Promise<TarError> {
  try {
    await readTar(Buffer.concat(parts))
  } catch (error) {
    if (error instanceof TarError) return error
    throw error
  }
  throw new Error('no TarError came')
}

const inputs = fc.array(
  fc.record({
    name: fc.string({ unit: fc.constantFrom('a', 'b', '/', 'ü', '.'), minLength: 1, maxLength: 300 }).map((name) => `f${name}x`),
    content: fc.uint8Array({ maxLength: 1500 }),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.integer({ min: 0, max: 0o777777 }),
    gid: fc.integer({ min: 0, max: 0o777777 }),
    uname: fc.constantFrom('', 'root'),
    mtime: fc.integer({ min: 0, max: 2_000_000_000 }).map((seconds) => new Date(seconds * 1000)),
  }),
  { maxLength: 4 },
)

describe('packTar and readTar', () => {
  test('what is packed is read', async () => {
    await fc.assert(fc.asyncProperty(inputs, async (entries) => {
      const read = await readTar(await packTar(entries))
      expect(read.map(({ name, content, mode, uid, gid, uname, mtime, size }) => ({ name, content, mode, uid, gid, uname, mtime, size }))).toEqual(
        entries.map((entry) => ({ ...entry, content: Buffer.from(entry.content), size: entry.content.byteLength })),
      )
    }), { numRuns: 50 })
  })

  test('the same entries are the same bytes', async () => {
    const entries: TarInput[] = [{ name: 'd/', type: 'directory' }, { name: 'd/f', content: 'x' }, { name: 'l', type: 'symlink', linkname: 'd/f' }, { name: 'closed', mode: 0 }]
    expect((await packTar(entries)).equals(await packTar(entries))).toBe(true)
    expect(await readTar(await packTar(entries))).toMatchObject([
      { name: 'd/', type: 'directory', mode: 0o755, mtime: new Date(0) },
      { name: 'd/f', type: 'file', mode: 0o644, linkname: undefined },
      { name: 'l', type: 'symlink', linkname: 'd/f' },
      { name: 'closed', mode: 0 },
    ])
  })

  test.each(['ustar', 'pax', 'gnu'])('reads what GNU tar writes as %s', async (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-tar-'))
    try {
      const long = 'n'.repeat(90)
      mkdirSync(join(folder, 'tree', long), { recursive: true })
      writeFileSync(join(folder, 'tree', long, 'file'), 'content'.repeat(300))
      symlinkSync(long, join(folder, 'tree', 'link'))
      const entries = await readTar(execFileSync('tar', ['-C', folder, `--format=${format}`, '--sort=name', '-c', 'tree'], { maxBuffer: 1e8 }))
      expect(entries.map(({ name, type }) => `${type} ${name}`)).toEqual(['directory tree/', 'symlink tree/link', `directory tree/${long}/`, `file tree/${long}/file`])
      expect(entries[3]?.content.toString()).toBe('content'.repeat(300))
      expect(entries[1]?.linkname).toBe(long)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('tarDecoder', () => {
  test('any chunking gives the same, or the same error; any bytes an archive or a TarError', async () => {
    const archives = await Promise.all(fc.sample(inputs, { numRuns: 15, seed: 1 }).map(packTar))
    const valid = fc.constantFrom(...archives.map((archive) => new Uint8Array(archive)))
    fc.assert(fc.property(chunked(fc.oneof(valid, mutated(valid), fc.uint8Array({ maxLength: 2000 }))), ({ bytes, chunks }) => {
      const whole = decode([bytes])
      const parts = decode(chunks)
      expect(parts.error).toBe(whole.error)
      if (whole.error === undefined) expect(parts.seen).toEqual(whole.seen)
    }), { numRuns: 300 })
  })

  test('content is handed on as views of what arrived', () => {
    const decoder = tarDecoder()
    decoder.push(header({ size: octal(3) }))
    const bytes = new Uint8Array(padded('abc'))
    const [piece] = decoder.push(bytes)
    expect(piece?.kind === 'content' && piece.bytes.buffer).toBe(bytes.buffer)
  })

  test('reads numbers in base 256, as Go writes what has no room in octal', async () => {
    const size = Buffer.alloc(12)
    size[0] = 0x80
    size[11] = 3
    const mtime = Buffer.alloc(12, 0xff)
    const [entry] = await readTar(Buffer.concat([header({ size, mtime }), padded('abc'), end]))
    expect(entry).toMatchObject({ size: 3, content: Buffer.from('abc'), mtime: new Date(-1000) })
  })

  test('PAX records stand above the header, those of the entry above the global ones', async () => {
    const records = record('path', 'long/näme') + record('size', '3') + record('mtime', '1.5') + record('uid', '4294967294') + record('SCHILY.xattr.user.a', 'b=c\nd') + record('__proto__', 'x')
    const [first, second] = await readTar(Buffer.concat([pax(record('gname', 'all') + record('path', 'global'), 'g'), pax(records), header({}), padded('abc'), header({ name: 'other' }), end]))
    expect(first).toMatchObject({ name: 'long/näme', size: 3, uid: 4294967294, gname: 'all', mtime: new Date(1500) })
    expect(first?.pax['SCHILY.xattr.user.a']).toBe('b=c\nd')
    expect(Object.hasOwn(first?.pax ?? {}, '__proto__')).toBe(true)
    expect(second).toMatchObject({ name: 'global', gname: 'all', size: 0 })
  })

  test('only what can have content has any, whatever size is given', async () => {
    const entries = await readTar(Buffer.concat([header({ type: '5', size: octal(4096) }), header({ type: '1', size: octal(3), linkname: 'x' }), header({ type: '7', size: octal(3) }), padded('abc'), end]))
    expect(entries.map(({ type, content }) => `${type} ${content.toString()}`)).toEqual(['directory ', 'link ', 'contiguous-file abc'])
  })

  test("GNU's long names", async () => {
    const long = 'n'.repeat(200)
    const magic = 'ustar  \0'
    const [entry] = await readTar(Buffer.concat([
      header({ type: 'L', size: octal(201), magic }), padded(`${long}\0`), header({ type: 'K', size: octal(2), magic }), padded('t\0'), header({ type: '2', magic, linkname: 'cut' }), end,
    ]))
    expect(entry).toMatchObject({ name: long, linkname: 't', type: 'symlink' })
  })

  test.each<[string, () => Uint8Array[], number, RegExp]>([
    ['nothing at all', () => [], 0, /two blocks of zeros/],
    ['an end of one block', () => [header(), Buffer.alloc(512)], 1024, /two blocks of zeros/],
    ['no end, though the content is zeros', () => [header({ size: octal(1024) }), Buffer.alloc(1024)], 1536, /two blocks of zeros/],
    ['half a block at the end', () => [end, Buffer.alloc(100)], 1124, /no multiple of 512/],
    ['something after the end', () => [end, Buffer.alloc(512), header()], 1536, /after the end/],
    ['a block of zeros in the midst', () => [header(), Buffer.alloc(512), header(), end], 1024, /single block/],
    ['a wrong checksum', () => [header({ checksum: '000001\0 ' }), end], 0, /checksum of a header is 1,/],
    ['a checksum that is no number', () => [header({ checksum: 'xxxxxx\0 ' }), end], 0, /no octal/],
    ['no ustar', () => [header({ magic: 'nothing!' }), end], 0, /magic "nothing!"/],
    ['a size in decimal', () => [header({ size: '00000000009\0' }), end], 0, /the size of a header/],
    ['a negative size', () => [header({ size: Buffer.alloc(12, 0xff) }), end], 0, /announces -1 bytes/],
    ['a size beyond all numbers', () => [header({ size: Buffer.from([0x80, 1, ...Buffer.alloc(10)]) }), end], 0, /announces 1\.2/],
    ['a time beyond all dates', () => [header({ mtime: Buffer.from([0x80, 1, ...Buffer.alloc(10)]) }), end], 0, /of the time/],
    ['an end in the content', () => [header({ size: octal(600) }), Buffer.alloc(512)], 1024, /88 bytes before/],
    ['an end after PAX records', () => [pax(record('path', 'x')), end], 0, /after what announces/],
    ['too many PAX records', () => [header({ type: 'x', size: octal(2 ** 20 + 1) })], 0, /more than the 1048576/],
    ['a PAX record of the wrong length', () => [pax('99 path=x\n'), header(), end], 0, /PAX records/],
    ['a PAX record of negative length', () => [pax('-5 a=bbbbbbb\n'), header(), end], 0, /PAX records/],
    ['a PAX record without a value', () => [pax('7 path\n'), header(), end], 0, /PAX records/],
    ['a PAX size that is no number', () => [pax(record('size', '0x10')), header(), end], 1024, /PAX record size is "0x10"/],
  ])('refuses %s', async (_, parts, offset, message) => {
    const error = await errorOf(...parts())
    expect(error).toMatchObject({ name: 'TarError', offset, message: expect.stringMatching(message) as string })
  })

  test('gives the same error for ever', () => {
    const decoder = tarDecoder()
    expect(() => decoder.push(header({ checksum: '000001\0 ' }))).toThrow(TarError)
    expect(() => decoder.push(end)).toThrow(/checksum/)
    expect(() => decoder.end()).toThrow(/checksum/)
  })
})
