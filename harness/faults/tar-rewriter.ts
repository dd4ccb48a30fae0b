import { tarBlock, writeTarChecksum } from '../wire/tar-header.ts'
import type { Rewriter } from './fault.ts'
import { whole } from './rewriters.ts'

/** An entry of an archive as its blocks stand there: one header, its content, filled up to whole blocks. */
export type TarBlocks = { readonly name: string; readonly typeflag: string; readonly header: Buffer; readonly content: Buffer }

/**
 * Takes an archive apart into its entries; extended headers are entries of their own.
 * @returns the entries and what follows the last one; undefined where the bytes are no archive
 */
export function splitTar(bytes: Buffer): { entries: TarBlocks[]; rest: Buffer } | undefined {
  const entries: TarBlocks[] = []
  let at = 0
  while (at + tarBlock <= bytes.byteLength && bytes[at] !== 0) {
    const header = bytes.subarray(at, at + tarBlock)
    const size = Number.parseInt(header.toString('latin1', 124, 136).replace(/[\0 ].*$/s, '') || '0', 8)
    if (Number.isNaN(size)) return undefined
    const end = at + tarBlock + Math.ceil(size / tarBlock) * tarBlock
    entries.push({ name: header.toString('utf8', 0, 100).replace(/\0.*$/s, ''), typeflag: String.fromCharCode(header[156] ?? 0), header, content: bytes.subarray(at + tarBlock, end) })
    at = end
  }
  return entries.length === 0 ? undefined : { entries, rest: bytes.subarray(at) }
}

/** Changes an archive, entry by entry; what is no archive stays as it is. */
export function changeTar(bytes: Buffer, change: (entry: TarBlocks, index: number, all: readonly TarBlocks[]) => TarBlocks | undefined, changeRest: (rest: Buffer) => Uint8Array = (rest) => rest): Buffer {
  const split = splitTar(bytes)
  if (split === undefined) return bytes
  const kept = split.entries.map(change).filter((entry) => entry !== undefined)
  return Buffer.concat([...kept.flatMap(({ header, content }) => [header, content]), changeRest(split.rest)])
}

/** The same on its way. */
export function tarRewriter(...changes: readonly [Parameters<typeof changeTar>[1], Parameters<typeof changeTar>[2]?]): Rewriter {
  return whole((bytes) => changeTar(bytes, ...changes))
}

/** An entry with a number of its header written anew, in octal. */
export function withNumber(entry: TarBlocks, field: 'mode' | 'uid' | 'gid' | 'mtime' | 'size', value: number): TarBlocks {
  const [at, length] = { mode: [100, 8], uid: [108, 8], gid: [116, 8], size: [124, 12], mtime: [136, 12] }[field] as [number, number]
  return changedHeader(entry, (header) => header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1'))
}

/** An entry of another type; what is no link has no target. */
export function withTypeflag(entry: TarBlocks, typeflag: string): TarBlocks {
  const isLink = typeflag === '1' || typeflag === '2'
  return { ...changedHeader(entry, (header) => (isLink ? header : header.fill(0, 157, 257)).write(typeflag, 156, 'latin1')), typeflag }
}

/** An entry of another name, which must fit the header's own field. */
export function withName(entry: TarBlocks, name: string): TarBlocks {
  return { ...changedHeader(entry, (header) => header.fill(0, 0, 100).write(name.slice(0, 99), 0, 'utf8')), name }
}

/** Whether an entry stands for itself, and does not only say something of the next. */
export function isEntry({ typeflag }: TarBlocks): boolean {
  return !['x', 'g', 'L', 'K'].includes(typeflag)
}

function changedHeader(entry: TarBlocks, change: (header: Buffer) => void): TarBlocks {
  const header = Buffer.from(entry.header)
  change(header)
  writeTarChecksum(header)
  return { ...entry, header }
}
