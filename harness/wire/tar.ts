import { Readable } from 'node:stream'
import { extract, pack, type Header } from 'tar-stream'

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

/** Bytes that are no whole tar archive. */
export class TarError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'TarError'
  }
}

const blockSize = 512

/**
 * Reads a whole archive strictly: headers with true checksums, whole blocks, and two blocks of zeros at the end.
 * @throws TarError
 */
export async function readTar(bytes: Uint8Array): Promise<TarEntry[]> {
  if (bytes.byteLength % blockSize !== 0) throw new TarError(`the archive has ${bytes.byteLength} bytes, which is no multiple of ${blockSize}`)
  const tail = bytes.subarray(-2 * blockSize)
  if (tail.byteLength < 2 * blockSize || tail.some((byte) => byte !== 0)) throw new TarError('the archive does not end in two blocks of zeros')
  const unpacked = extract()
  const entries: TarEntry[] = []
  Readable.from([bytes]).pipe(unpacked)
  try {
    for await (const entry of unpacked) {
      const parts: Uint8Array[] = []
      for await (const part of entry) parts.push(part as Uint8Array)
      entries.push(entryOf(entry.header, Buffer.concat(parts)))
    }
  } catch (error) {
    throw new TarError(`the archive is malformed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return entries
}

/** Packs entries, in their order, to the same bytes every time. */
export async function packTar(inputs: readonly TarInput[]): Promise<Buffer> {
  const packed = pack()
  for (const { content = '', type = 'file', ...header } of inputs) {
    const mode = header.mode ?? (type === 'directory' ? 0o755 : 0o644)
    packed.entry({ uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0), ...header, type, mode }, type === 'file' ? Buffer.from(content) : Buffer.alloc(0))
  }
  packed.finalize()
  const parts: Uint8Array[] = []
  for await (const part of packed) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}

function entryOf(header: Header, content: Buffer): TarEntry {
  return {
    name: header.name,
    type: header.type ?? 'file',
    size: header.size ?? 0,
    // Go has long put the bits of the file's type above them, and Docker keeps to that.
    mode: (header.mode ?? 0) & 0o7777,
    uid: header.uid ?? 0,
    gid: header.gid ?? 0,
    uname: header.uname ?? '',
    gname: header.gname ?? '',
    mtime: header.mtime ?? new Date(0),
    linkname: header.linkname ?? undefined,
    pax: (header as { pax?: Record<string, string> | null }).pax ?? {},
    content,
  }
}
