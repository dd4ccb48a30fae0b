import { describe, expect, test } from 'vitest'
import { beginningOf, hostileTars } from './hostile-tars.ts'
import { readTar } from './tar.ts'
import { ending, extendedHeader, headerBlock, paxRecord, sizeField } from './tar-blocks.ts'
import { TarError } from './tar-error.ts'
import { tarReader } from './tar-reader.ts'

/** What an answer may bring at most, unless a case asks for more. */
const wholeAnswer = 16 * 2 ** 20
/** Far more than it takes, and far less than what grows with the square of an archive: a busy machine is slow. */
const withinMs = 20_000

describe('an archive that wishes ill', () => {
  test.each(hostileTars.map((tar) => [tar.name, tar] as const))('%s', async (_, tar) => {
    const bytes = beginningOf(tar, 4 * 2 ** 20)
    const began = performance.now()
    const read = await readTar(bytes).catch((error: unknown) => error)
    expect(performance.now() - began).toBeLessThan(withinMs)
    if (tar.expected instanceof RegExp) {
      expect(read).toBeInstanceOf(TarError)
      const { message } = read as TarError
      expect(message).toMatch(tar.expected)
      expect(message.length).toBeLessThan(1_000)
    } else {
      expect((read as { name: string }[]).map(({ name }) => name)).toEqual(tar.expected)
    }
  })

  // What is between is cut by the network as it likes.
  test.each(hostileTars.map((tar) => [tar.name, tar] as const))('%s, a byte at a time', (_, tar) => {
    const bytes = beginningOf(tar, 64 * 2 ** 10).subarray(0, 64 * 2 ** 10)
    const ended = (pieces: Iterable<Uint8Array>) => {
      const reader = tarReader()
      const names: string[] = []
      try {
        for (const piece of pieces) for (const item of reader.push(piece)) if ('entry' in item) names.push(item.entry.name)
        reader.end()
        return names
      } catch (error) {
        expect(error).toBeInstanceOf(TarError)
        return [...names, (error as TarError).message]
      }
    }
    expect(ended(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(ended([bytes]))
  })

  test('a million entries pass through the reader, which keeps none; an archive that is kept has fewer', async () => {
    const entries = beginningOf({ name: '', bytes: Buffer.alloc(0), endless: headerBlock({ 0: 'a' }), expected: [] }, 2 ** 20)
    const reader = tarReader()
    let seen = 0
    while (seen < 1_000_000) seen += reader.push(entries).length
    reader.push(ending)
    reader.end()
    expect(seen).toBeGreaterThanOrEqual(1_000_000)
    await expect(readTar(Buffer.alloc(wholeAnswer, entries))).rejects.toThrow(/more than 10000 entries/)
  }, 60_000)

  test('records without number take no memory without bound', async () => {
    const records = Array.from({ length: 40_000 }, (_, index) => paxRecord(`k${index}`, '')).join('')
    const entry = Buffer.concat([extendedHeader('x', records), headerBlock({ 0: 'a' })])
    const before = process.memoryUsage().rss
    await expect(readTar(Buffer.concat([...Array.from<Buffer>({ length: 100 }).fill(entry), ending]))).rejects.toThrow(/more than 10000 entries and records/)
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20)
  })

  test('an extended header that comes a byte at a time takes no more than it has', () => {
    const reader = tarReader()
    const size = 2 ** 20
    reader.push(headerBlock({ 0: 'ahead', 124: sizeField(size), 156: 'L' }))
    const before = process.memoryUsage().rss
    for (let sent = 0; sent < size - 1; sent++) reader.push(Uint8Array.of(0x6e))
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20)
    reader.push(Uint8Array.of(0))
    expect(reader.push(headerBlock({ 0: 'a' })).length).toBe(1)
  })

  test('the prototype of all objects is as it was', () => {
    for (const key of ['owned', 'path', 'size']) expect(key in {}).toBe(false)
    expect(Object.prototype.toString.call({})).toBe('[object Object]')
  })
})
