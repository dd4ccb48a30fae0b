// Test support: the blocks of an archive, one by one, also those that no packer would write.
import { tarBlock, writeTarChecksum } from './tar-header.ts'

/** A header block with its checksum, from fields at their places, as latin1. */
export function headerBlock(fields: Readonly<Record<number, string>>): Buffer {
  const bytes = Buffer.alloc(tarBlock)
  const all = {
    100: '0000644\0', 108: '0000000\0', 116: '0000000\0', 124: '00000000000\0', 136: '00000000000\0', 156: '0', 257: 'ustar\x0000', 329: '0000000\0', 337: '0000000\0', ...fields,
  }
  for (const [at, text] of Object.entries(all)) bytes.write(text, Number(at), 'latin1')
  if (fields[148] === undefined) writeTarChecksum(bytes)
  return bytes
}

/** A size as its field has it, in octal. */
export function sizeField(size: number): string {
  return `${size.toString(8).padStart(11, '0')}\0`
}

/** The two blocks of zeros that end an archive. */
export const ending = Buffer.alloc(2 * tarBlock)

/** Content, up to whole blocks. */
export function padded(text: string): Buffer {
  return Buffer.concat([Buffer.from(text), Buffer.alloc((tarBlock - (Buffer.byteLength(text) % tarBlock)) % tarBlock)])
}

/** A PAX record with its length. */
export function paxRecord(keyword: string, value: string): string {
  const rest = Buffer.byteLength(` ${keyword}=${value}\n`)
  const length = [1, 2, 3, 4, 5, 6, 7].map((digits) => rest + digits).find((sum) => String(sum).length === sum - rest)
  return `${length} ${keyword}=${value}\n`
}

/** A header that stands before an entry and says more of it: of PAX (`x`, `g`) or GNU (`L`, `K`). */
export function extendedHeader(flag: string, body: string): Buffer {
  return Buffer.concat([headerBlock({ 0: 'ahead', 124: sizeField(Buffer.byteLength(body)), 156: flag }), padded(body)])
}
