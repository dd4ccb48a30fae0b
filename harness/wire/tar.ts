import { pack } from 'tar-stream'
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

/**
 * Reads a whole archive with the strict reader of `tar-reader.ts`.
 * @throws TarError
 */
export async function readTar(bytes: Uint8Array): Promise<TarEntry[]> {
  const reader = tarReader()
  const entries: { readonly header: TarHeader; readonly parts: Uint8Array[] }[] = []
  for (const item of reader.push(bytes)) {
    if ('entry' in item) entries.push({ header: item.entry, parts: [] })
    else entries.at(-1)?.parts.push(item.content)
  }
  reader.end()
  return entries.map(({ header, parts }) => entryOf(header, Buffer.concat(parts)))
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
