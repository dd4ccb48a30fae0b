import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunked, mutated } from './chunkings.ts'
import { packTar, readTar, TarError, type TarInput } from './tar.ts'
import { tarReader } from './tar-reader.ts'

/** What a reader makes of chunks, with neighbouring pieces of content put together. */
function outcomeOf(chunks: readonly Uint8Array[]): { seen: string[]; error: string | undefined } {
  const reader = tarReader()
  const seen: string[] = []
  try {
    for (const item of chunks.flatMap((chunk) => reader.push(chunk))) {
      if ('entry' in item) seen.push(`${JSON.stringify(item.entry)} `)
      else seen[seen.length - 1] += Buffer.from(item.content).toString('hex')
    }
    reader.end()
    return { seen, error: undefined }
  } catch (error) {
    if (!(error instanceof TarError)) throw error
    return { seen, error: error.message }
  }
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

describe('the reader of archives', () => {
  test('any chunking gives the same, or the same error; any bytes an archive or a TarError', async () => {
    const archives = await Promise.all(fc.sample(inputs, { numRuns: 15, seed: 1 }).map(packTar))
    const valid = fc.constantFrom(...archives.map((archive) => new Uint8Array(archive)))
    fc.assert(fc.property(chunked(fc.oneof(valid, mutated(valid), fc.uint8Array({ maxLength: 2000 }))), ({ bytes, chunks }) => {
      const whole = outcomeOf([bytes])
      const parts = outcomeOf(chunks)
      expect(parts.error).toBe(whole.error)
      if (whole.error === undefined) expect(parts.seen).toEqual(whole.seen)
    }), { numRuns: 300 })
  })
})
