import { pack } from 'tar-stream'
import { TarError } from './tar-error.ts'
import { tarBlock } from './tar-header.ts'
import { tarReader, type TarHeader, type TarKind } from './tar-reader.ts'

export { TarError } from './tar-error.ts'

/** What an entry of an archive is. */
export type TarType = TarKind

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
  readonly devmajor: number
  readonly devminor: number
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

/** Entries with their PAX records that a whole archive may have: each takes far more memory than bytes, and more is taken for garbage. */
const maxItems = 10_000
/** What is read before they are counted again. */
const pieceSize = 1024 * 1024

/**
 * Reads a whole archive with the strict reader of `tar-reader.ts`. Contents are parts of `bytes`: nothing is unpacked anywhere.
 * @throws TarError
 */
export async function readTar(bytes: Uint8Array): Promise<TarEntry[]> {
  const reader = tarReader()
  const headers: TarHeader[] = []
  let items = 0
  for (let at = 0; at < bytes.byteLength; at += pieceSize) {
    for (const item of reader.push(bytes.subarray(at, at + pieceSize))) {
      if (!('entry' in item)) continue
      headers.push(item.entry)
      items += 1 + Object.keys(item.entry.pax).length
      if (items > maxItems) throw new TarError(`more than ${maxItems} entries and records`, { offset: item.entry.offset })
    }
  }
  reader.end()
  return headers.map((header) => entryOf(header, Buffer.from(bytes.buffer, bytes.byteOffset + header.offset + tarBlock, header.size)))
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

function entryOf(header: TarHeader, content: Buffer): TarEntry {
  const { name, type, size, uid, gid, uname, gname, devmajor, devminor, pax } = header
  return {
    name,
    type,
    size,
    // Go has long put the bits of the file's type above them, and Docker keeps to that.
    mode: header.mode & 0o7777,
    uid,
    gid,
    uname,
    gname,
    mtime: new Date(header.mtime * 1000),
    linkname: header.linkname === '' ? undefined : header.linkname,
    devmajor,
    devminor,
    pax,
    content,
  }
}
