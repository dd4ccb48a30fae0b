import { pack, type Header } from 'tar-stream'
import { printable } from './sanitize.ts'

/** What an entry of an archive is. */
export type TarType = NonNullable<Header['type']>

/** An entry of an archive, with its content. */
export type TarEntry = {
  readonly name: string
  readonly type: TarType
  readonly size: number
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly uname: string
  readonly gname: string
  readonly mtime: Date
  readonly linkname: string | undefined
  /** The PAX records that went with it. */
  readonly pax: Readonly<Record<string, string>>
  readonly content: Buffer
}

/** An entry to be packed; what is left out gets a fixed value, so that the same entries are the same bytes. */
export type TarInput = {
  readonly name: string
  readonly type?: TarType
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly uname?: string
  readonly gname?: string
  readonly mtime?: Date
  readonly linkname?: string
  readonly devmajor?: number
  readonly devminor?: number
  readonly content?: Uint8Array | string
}

/** What an archive says of an entry before its content comes. */
export type TarHeader = Omit<TarEntry, 'content'>

/** A step through an archive: an entry begins, or a part of the content of the one that began last. */
export type TarPiece = { readonly kind: 'entry'; readonly header: TarHeader } | { readonly kind: 'content'; readonly bytes: Uint8Array }

/** Bytes that are no whole tar archive. */
export class TarError extends Error {
  /** Of the block that can't be right, or of the end where it came too early. */
  readonly offset: number

  constructor(offset: number, message: string, options?: { cause?: unknown }) {
    super(`${message} (at byte ${offset} of the archive)`, options)
    this.name = 'TarError'
    this.offset = offset
  }
}

/** Takes an archive apart as its bytes arrive, so that its size does not matter. */
export type TarDecoder = {
  /** @returns what these bytes bring; content as views of them. @throws TarError as soon as a block can't be right */
  push(bytes: Uint8Array): TarPiece[]
  /** The archive has ended. @throws TarError where that is too early */
  end(): void
}

const blockSize = 512
/** Bytes that the PAX records of an entry, or a long name, may have. */
const metaLimit = 1024 * 1024
/** Seconds from 1970 that a Date can hold. */
const maxSeconds = 8.64e12

/**
 * A strict decoder of ustar, PAX and GNU archives (POSIX.1-2017, pax, "ustar Interchange Format"): headers with true checksums and
 * well-formed numbers, whole blocks, and two blocks of zeros at the end, after which nothing but zeros may come. After an error it is at its end.
 */
export function tarDecoder(): TarDecoder {
  const block = Buffer.alloc(blockSize)
  let state: 'header' | 'content' | 'meta' | 'padding' | 'end' = 'header'
  let filled = 0
  let zeroBlocks = 0
  let offset = 0
  let missing = 0
  let padding = 0
  let meta: { readonly type: string; readonly parts: Uint8Array[]; readonly at: number } | undefined
  let next: Extensions = { pax: {} }
  let globalPax: Readonly<Record<string, string>> = {}
  let failed: TarError | undefined

  /** Takes the block that has filled up; it ended at `offset`. */
  function endBlock(pieces: TarPiece[]): void {
    const at = offset - blockSize
    if (block.every((byte) => byte === 0)) {
      if (next.began !== undefined) throw new TarError(next.began, 'the archive ends after what announces an entry')
      zeroBlocks += 1
      if (zeroBlocks === 2) state = 'end'
      return
    }
    if (zeroBlocks === 1) throw new TarError(at, 'a single block of zeros stands before a header')
    const type = String.fromCharCode(block[156] ?? 0)
    if (metaTypes.includes(type)) {
      const { size } = readHeader(block, at, { pax: {} })
      if (size > metaLimit) throw new TarError(at, `what announces an entry has ${size} bytes, more than the ${metaLimit} that it may have`)
      meta = { type, parts: [], at }
      begin('meta', size)
      return
    }
    const header = readHeader(block, at, { ...next, pax: { ...globalPax, ...next.pax } })
    next = { pax: {} }
    pieces.push({ kind: 'entry', header })
    begin('content', withoutContent.has(header.type) ? 0 : header.size)
  }

  function begin(kind: 'content' | 'meta', size: number): void {
    state = kind
    missing = size
    padding = (blockSize - (size % blockSize)) % blockSize
    if (missing === 0) endContent()
  }

  function endContent(): void {
    state = padding > 0 ? 'padding' : 'header'
    if (meta === undefined) return
    const { type, parts, at } = meta
    const bytes = Buffer.concat(parts)
    meta = undefined
    if (type === 'g') globalPax = { ...globalPax, ...readPax(bytes, at) }
    else if (type === 'x') next = { ...next, began: at, pax: readPax(bytes, at) }
    else if (type === 'L') next = { ...next, began: at, name: readText(bytes) }
    else next = { ...next, began: at, linkname: readText(bytes) }
  }

  function step(bytes: Uint8Array, position: number, pieces: TarPiece[]): number {
    if (state === 'end') {
      const stray = bytes.subarray(position).findIndex((byte) => byte !== 0)
      if (stray !== -1) throw new TarError(offset + stray, 'something other than zeros comes after the end of the archive')
      offset += bytes.byteLength - position
      return bytes.byteLength
    }
    const wanted = state === 'header' ? blockSize - filled : state === 'padding' ? padding : missing
    const part = bytes.subarray(position, position + wanted)
    offset += part.byteLength
    if (state === 'header') {
      block.set(part, filled)
      filled += part.byteLength
      if (filled === blockSize) {
        filled = 0
        endBlock(pieces)
      }
    } else if (state === 'padding') {
      padding -= part.byteLength
      if (padding === 0) state = 'header'
    } else {
      missing -= part.byteLength
      if (meta === undefined) pieces.push({ kind: 'content', bytes: part })
      else meta.parts.push(part)
      if (missing === 0) endContent()
    }
    return position + part.byteLength
  }

  return {
    push(bytes) {
      if (failed !== undefined) throw failed
      const pieces: TarPiece[] = []
      try {
        for (let position = 0; position < bytes.byteLength; ) position = step(bytes, position, pieces)
      } catch (error) {
        if (error instanceof TarError) failed = error
        throw error
      }
      return pieces
    },
    end() {
      if (failed !== undefined) throw failed
      if (state === 'content' || state === 'meta') failed = new TarError(offset, `the archive ends ${missing} bytes before the end of an entry's content`)
      else if (state !== 'end') failed = new TarError(offset, 'the archive does not end in two blocks of zeros')
      else if (offset % blockSize !== 0) failed = new TarError(offset, `the archive has ${offset} bytes, which is no multiple of ${blockSize}`)
      if (failed !== undefined) throw failed
    },
  }
}

/**
 * Reads a whole archive, as strictly as `tarDecoder` does.
 * @throws TarError
 */
export async function readTar(bytes: Uint8Array): Promise<TarEntry[]> {
  const decoder = tarDecoder()
  const pieces = decoder.push(bytes)
  decoder.end()
  const entries: { header: TarHeader; parts: Uint8Array[] }[] = []
  for (const piece of pieces) {
    if (piece.kind === 'entry') entries.push({ header: piece.header, parts: [] })
    else entries.at(-1)?.parts.push(piece.bytes)
  }
  return entries.map(({ header, parts }) => ({ ...header, content: Buffer.concat(parts) }))
}

/** Packs entries, in their order, to the same bytes every time. */
export async function packTar(inputs: readonly TarInput[]): Promise<Buffer> {
  const packed = pack()
  for (const { content = '', type = 'file', ...header } of inputs) {
    // tar-stream takes the mode 0 for none given; a bit above those that it writes tells it otherwise.
    const mode = (header.mode ?? (type === 'directory' ? 0o755 : 0o644)) | 0o10000
    packed.entry({ uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0), ...header, type, mode }, type === 'file' ? Buffer.from(content) : Buffer.alloc(0))
  }
  packed.finalize()
  const parts: Uint8Array[] = []
  for await (const part of packed) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}

/** What precedes a header and stands above it. */
type Extensions = {
  readonly pax: Readonly<Record<string, string>>
  readonly name?: string
  readonly linkname?: string
  /** Where the first of it began. */
  readonly began?: number
}

// PAX records of one entry and of all that follow, GNU's long names of an entry and of what it links to.
const metaTypes = ['x', 'g', 'L', 'K']

const types: Readonly<Record<string, TarType>> = {
  '\0': 'file', 0: 'file', 1: 'link', 2: 'symlink', 3: 'character-device', 4: 'block-device', 5: 'directory', 6: 'fifo', 7: 'contiguous-file',
}

/** Types whose size, if they give one, announces no content: as Go's archive/tar reads them, with which the daemons write. */
const withoutContent: ReadonlySet<TarType> = new Set<TarType>(['link', 'symlink', 'character-device', 'block-device', 'directory', 'fifo'])

function readHeader(block: Buffer, at: number, { pax, name: longName, linkname: longLinkname }: Extensions): TarHeader {
  let sum = 8 * 0x20
  for (let index = 0; index < blockSize; index += 1) if (index < 148 || index >= 156) sum += block[index] ?? 0
  const checksum = readNumber(block.subarray(148, 156), at, 'checksum')
  if (checksum !== sum) throw new TarError(at, `the checksum of a header is ${checksum}, and its bytes add up to ${sum}`)
  const magic = block.toString('latin1', 257, 265)
  if (magic !== 'ustar\x0000' && magic !== 'ustar  \0') throw new TarError(at, `a header has the magic "${printable(magic)}", which is neither that of ustar nor that of GNU`)

  const prefix = magic.startsWith('ustar\0') ? readText(block.subarray(345, 500)) : ''
  const short = readText(block.subarray(0, 100))
  const name = pax.path || longName || (prefix === '' ? short : `${prefix}/${short}`)
  const flag = String.fromCharCode(block[156] ?? 0)
  // POSIX: a type that is not known is read as a file. Before there were types, a slash at the end made a directory.
  const type = types[flag] ?? 'file'
  const number = (key: string, begin: number, end: number) => (pax[key] ? readDecimal(pax[key], at, key) : readNumber(block.subarray(begin, end), at, key))
  const size = number('size', 124, 136)
  if (!Number.isSafeInteger(size) || size < 0) throw new TarError(at, `an entry announces ${size} bytes`)
  const mtime = number('mtime', 136, 148)
  if (Math.abs(mtime) > maxSeconds) throw new TarError(at, `an entry is of the time ${mtime}`)
  const linkname = pax.linkpath || longLinkname || readText(block.subarray(157, 257))
  return {
    name,
    type: type === 'file' && flag !== '7' && name.endsWith('/') ? 'directory' : type,
    size,
    // Go has long put the bits of the file's type above them, and Docker keeps to that.
    mode: readNumber(block.subarray(100, 108), at, 'mode') & 0o7777,
    uid: number('uid', 108, 116),
    gid: number('gid', 116, 124),
    uname: pax.uname || readText(block.subarray(265, 297)),
    gname: pax.gname || readText(block.subarray(297, 329)),
    mtime: new Date(mtime * 1000),
    linkname: linkname === '' ? undefined : linkname,
    pax,
  }
}

/** Up to the first NUL. */
function readText(field: Buffer): string {
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? undefined : end)
}

/** Octal digits between blanks and NULs; or, as GNU and Go write what has no room so, two's complement with the highest bit set. */
function readNumber(field: Buffer, at: number, what: string): number {
  const first = field[0] ?? 0
  if ((first & 0x80) !== 0) {
    const negative = (first & 0x40) !== 0
    const magnitude = field.reduce((value, byte, index) => value * 256 + ((negative ? ~byte : byte) & (index === 0 ? 0x3f : 0xff)), 0)
    return negative ? -1 - magnitude : magnitude
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(field.toString('latin1'))?.[1]
  if (digits === undefined) throw new TarError(at, `the ${what} of a header is "${printable(field.toString('latin1'))}", which is no octal number`)
  return digits === '' ? 0 : Number.parseInt(digits, 8)
}

function readDecimal(text: string, at: number, what: string): number {
  if (!/^-?\d{1,20}(?:\.\d{0,20})?$/.test(text)) throw new TarError(at, `the PAX record ${what} is "${printable(text, 60)}", which is no number`)
  return Number(text)
}

/** PAX records: `<length> <key>=<value>`, each in a line, the length counting all of it. */
function readPax(bytes: Buffer, at: number): Record<string, string> {
  const records: [string, string][] = []
  for (let begin = 0; begin < bytes.byteLength; ) {
    const { length = '', key = '' } = /^(?<length>[1-9]\d{0,6}) (?<key>[^=]+)=/.exec(bytes.toString('latin1', begin, begin + 1024))?.groups ?? fail()
    const end = begin + Number(length)
    const keyEnd = begin + length.length + 1 + key.length
    if (end > bytes.byteLength || bytes[end - 1] !== 0x0a || keyEnd >= end) fail()
    records.push([bytes.toString('utf8', keyEnd - key.length, keyEnd), bytes.toString('utf8', keyEnd + 1, end - 1)])
    begin = end
  }
  // Not by assignment, which would take a record of the name __proto__ for something else.
  return Object.fromEntries(records)

  function fail(): never {
    throw new TarError(at, 'the PAX records of an entry are malformed')
  }
}
