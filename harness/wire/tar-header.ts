import { TarError } from './tar-error.ts'

/** Bytes of a block: headers are one, content is padded to whole ones. */
export const tarBlock = 512

/** Which of the formats a header's magic names: POSIX (`ustar`, version 00), GNU (`ustar  `), or none, as before 1988. */
export type TarFormat = 'ustar' | 'gnu' | 'v7'

/** The fields of one header block, as they stand there; names are bytes, since only PAX promises UTF-8. */
export type TarBlockHeader = {
  readonly format: TarFormat
  readonly typeflag: string
  /** With the prefix in front of it. */
  readonly name: Buffer
  /** The whole field: Go once put the bits of the file's type above the permissions. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  /** Seconds since 1970. */
  readonly mtime: number
  readonly linkname: Buffer
  readonly uname: Buffer
  readonly gname: Buffer
  readonly devmajor: number
  readonly devminor: number
}

/** Whether all bytes are zero. */
export function isZero(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.byteLength; index++) if (bytes[index] !== 0) return false
  return true
}

/**
 * Reads a header block as POSIX.1-1988 (ustar) lays it out: each field in its place, numbers in octal or, as GNU does for
 * large ones, in base 256, text padded with zeros, and a true checksum.
 * @param block its 512 bytes
 * @param offset where it begins in the archive
 * @throws TarError
 */
export function parseTarHeader(block: Buffer, offset: number): TarBlockHeader {
  const fail = (at: number, message: string): never => {
    throw new TarError(message, { offset: offset + at })
  }
  const format = formatOf(block)
  if (format === undefined) return fail(257, `a header's magic is ${JSON.stringify(block.toString('latin1', 257, 265))} instead of "ustar"`)
  checkSum(block, offset)

  const number = (at: number, length: number, field: string, empty: 'allowed' | 'refused' = 'refused') => parseNumber(block, at, length, field, empty, offset)
  const text = (at: number, length: number, field: string) => {
    const whole = block.subarray(at, at + length)
    const end = whole.indexOf(0)
    if (end === -1) return whole
    if (!isZero(whole.subarray(end))) fail(at + end, `bytes follow the end of a header's ${field}`)
    return whole.subarray(0, end)
  }

  const typeflag = String.fromCharCode(block[156] ?? 0)
  const prefix = format === 'ustar' ? text(345, 155, 'prefix') : Buffer.alloc(0)
  const name = text(0, 100, 'name')
  // GNU keeps times and sparse maps where POSIX has the prefix; what stands behind the old fields was never laid down.
  const spare = format === 'ustar' ? 500 : 495
  if (format !== 'v7' && !isZero(block.subarray(spare))) fail(spare, 'a header has bytes behind its last field')
  return {
    format,
    typeflag: typeflag === '\0' ? '0' : typeflag,
    name: prefix.byteLength === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]),
    mode: number(100, 8, 'mode'),
    uid: number(108, 8, 'uid'),
    gid: number(116, 8, 'gid'),
    size: number(124, 12, 'size'),
    mtime: number(136, 12, 'mtime'),
    linkname: text(157, 100, 'link name'),
    uname: format === 'v7' ? Buffer.alloc(0) : text(265, 32, 'user name'),
    gname: format === 'v7' ? Buffer.alloc(0) : text(297, 32, 'group name'),
    devmajor: format === 'v7' ? 0 : number(329, 8, 'device major', 'allowed'),
    devminor: format === 'v7' ? 0 : number(337, 8, 'device minor', 'allowed'),
  }
}

function formatOf(block: Buffer): TarFormat | undefined {
  const magic = block.toString('latin1', 257, 265)
  if (magic === 'ustar\x0000') return 'ustar'
  if (magic === 'ustar  \0') return 'gnu'
  return magic === '\0'.repeat(8) ? 'v7' : undefined
}

/**
 * Puts the right checksum into a header block, for one that was changed after it had been packed.
 * @param block its 512 bytes, which are written to
 */
export function writeTarChecksum(block: Buffer): void {
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}

function checkSum(block: Buffer, offset: number): void {
  const sum = sumOf(block)
  const written = parseNumber(block, 148, 8, 'checksum', 'refused', offset)
  if (written !== sum) throw new TarError(`a header's checksum is ${written}, its bytes add up to ${sum}`, { offset: offset + 148 })
}

/** The sum of the block's bytes, with the checksum's own field taken as blanks. */
function sumOf(block: Buffer): number {
  let sum = 8 * 0x20
  for (let index = 0; index < tarBlock; index++) if (index < 148 || index >= 156) sum += block[index] ?? 0
  return sum
}

function parseNumber(block: Buffer, at: number, length: number, field: string, empty: 'allowed' | 'refused', offset: number): number {
  const bytes = block.subarray(at, at + length)
  const first = bytes[0] ?? 0
  if (first === 0x80 || first === 0xff) return parseBase256(bytes, field, offset + at)
  const text = bytes.toString('latin1')
  if (empty === 'allowed' && isZero(bytes)) return 0
  // Digits may fill the field only where no room for an end was planned: POSIX wants one NUL or blank at least.
  const digits = /^ *([0-7]+)[ \0]+$/.exec(text)?.[1]
  if (digits === undefined) throw new TarError(`a header's ${field} is ${JSON.stringify(text)}, which is no octal number with an end`, { offset: offset + at })
  return Number.parseInt(digits, 8)
}

function parseBase256(bytes: Buffer, field: string, offset: number): number {
  const negative = bytes[0] === 0xff
  let value = 0n
  for (const byte of bytes.subarray(1)) value = (value << 8n) | BigInt(byte)
  if (negative) value -= 1n << BigInt(8 * (bytes.byteLength - 1))
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER)) {
    throw new TarError(`a header's ${field} is ${value}, beyond what any file has`, { offset })
  }
  return Number(value)
}
