import { quoted, TarError } from './tar-error.ts'
import { isZero, parseTarHeader, tarBlock, type TarBlockHeader, type TarFormat } from './tar-header.ts'
import { parsePax, paxNumber, type PaxRecords } from './tar-pax.ts'

/** What an entry is. */
export type TarKind = 'file' | 'link' | 'symlink' | 'character-device' | 'block-device' | 'directory' | 'fifo' | 'contiguous-file'

/** An entry, with what extended headers say of it put in. */
export type TarHeader = {
  readonly name: string
  readonly type: TarKind
  readonly typeflag: string
  readonly format: TarFormat
  /** The whole field, which may hold the bits of the file's type above the permissions. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  /** Seconds since 1970, with a fraction where a PAX record has one. */
  readonly mtime: number
  /** Empty but for links. */
  readonly linkname: string
  readonly uname: string
  readonly gname: string
  readonly devmajor: number
  readonly devminor: number
  readonly pax: PaxRecords
  /** Of its header block, counted from the start of the archive. */
  readonly offset: number
}

/** What the reader finds, in the order of the archive: an entry, then the parts of its content as they arrive. */
export type TarItem = { readonly entry: TarHeader } | { readonly content: Uint8Array }

/** Takes an archive apart as its bytes arrive, and keeps none of them longer than a block or an extended header. */
export type TarReader = {
  /** @returns what these bytes bring. @throws TarError as soon as a byte can't be right */
  push(bytes: Uint8Array): TarItem[]
  /** The archive has ended. @throws TarError where that is before its end: two blocks of zeros */
  end(): void
}

const kinds: Readonly<Record<string, TarKind>> = {
  '0': 'file', '1': 'link', '2': 'symlink', '3': 'character-device', '4': 'block-device', '5': 'directory', '6': 'fifo', '7': 'contiguous-file',
}

/** Bytes that an extended header may have; more is taken for garbage. */
const maxExtended = 1024 * 1024
/** Records that hold for every entry; each entry has all of them, so that many would make much of little. */
const maxGlobal = 64

/** What a header that stands before an entry says of it. */
type Ahead = { readonly pax?: PaxRecords; readonly longName?: Buffer; readonly longLink?: Buffer }

/** What the next bytes are. */
type State =
  | { readonly at: 'header' }
  | { readonly at: 'content'; left: number; padding: number }
  | { readonly at: 'extended'; readonly flag: string; readonly offset: number; readonly body: Buffer; left: number; padding: number }
  | { readonly at: 'padding'; left: number }
  | { readonly at: 'end'; blocks: number }

/**
 * A strict reader of POSIX.1-1988 and POSIX.1-2001 (PAX) archives and of GNU's long names: it forgives nothing, and after an error it
 * is at its end. Checked are each header's fields and checksum, PAX records, names that an entry must have, sizes that it can't have,
 * zeros where padding stands, and the end: two blocks of zeros, and nothing but zeros in whole blocks after them.
 */
export function tarReader(): TarReader {
  let state: State = { at: 'header' }
  let offset = 0
  const block = Buffer.alloc(tarBlock)
  let filled = 0
  let global: PaxRecords = {}
  let ahead: Ahead = {}
  let failed: unknown

  function push(bytes: Uint8Array): TarItem[] {
    const items: TarItem[] = []
    for (let position = 0; position < bytes.byteLength; ) {
      const rest = bytes.subarray(position)
      const taken = state.at === 'header' || state.at === 'end' ? takeBlock(rest, items) : takeRun(state, rest, items)
      position += taken
      offset += taken
    }
    return items
  }

  /** Collects a block, and reads it once it is whole. */
  function takeBlock(rest: Uint8Array, items: TarItem[]): number {
    const part = rest.subarray(0, tarBlock - filled)
    block.set(part, filled)
    filled += part.byteLength
    if (filled < tarBlock) return part.byteLength
    filled = 0
    const start = offset + part.byteLength - tarBlock
    if (isZero(block)) {
      if (state.at !== 'end' && Object.keys(ahead).length > 0) throw new TarError('an extended header is followed by no entry', { offset: start })
      state = { at: 'end', blocks: state.at === 'end' ? state.blocks + 1 : 1 }
    } else if (state.at === 'end') {
      throw new TarError(state.blocks === 1 ? 'a single block of zeros, where the end has two' : 'bytes follow the end of the archive', { offset: start })
    } else {
      readHeader(start, items)
    }
    return part.byteLength
  }

  function readHeader(start: number, items: TarItem[]): void {
    const header = parseTarHeader(Buffer.from(block), start)
    if (header.size < 0) throw new TarError(`a header's size is ${header.size}`, { offset: start })
    if ('xgLK'.includes(header.typeflag)) {
      if (header.size > maxExtended) throw new TarError(`an extended header announces ${header.size} bytes`, { offset: start })
      state = next({ at: 'extended', flag: header.typeflag, offset: start + tarBlock, body: Buffer.alloc(header.size), left: header.size, padding: paddingOf(header.size) })
      return
    }
    const entry = entryOf(header, global, ahead, start)
    ahead = {}
    items.push({ entry })
    state = next({ at: 'content', left: entry.size, padding: paddingOf(entry.size) })
  }

  /** Takes bytes of content, of an extended header or of padding. */
  function takeRun(run: Exclude<State, { at: 'header' | 'end' }>, rest: Uint8Array, items: TarItem[]): number {
    const part = rest.subarray(0, run.left)
    if (run.at === 'content') items.push({ content: part })
    else if (run.at === 'extended') run.body.set(part, run.body.byteLength - run.left)
    else if (!isZero(part)) throw new TarError('padding that is not zero', { offset: offset + part.findIndex((byte) => byte !== 0) })
    run.left -= part.byteLength
    state = next(run)
    return part.byteLength
  }

  /** Goes on to what follows where nothing is left of a run. */
  function next(run: Exclude<State, { at: 'header' | 'end' }>): State {
    if (run.left > 0) return run
    if (run.at === 'extended') take(run.flag, run.body, run.offset)
    return run.at !== 'padding' && run.padding > 0 ? { at: 'padding', left: run.padding } : { at: 'header' }
  }

  function take(flag: string, body: Buffer, start: number): void {
    const twice = (what: string): never => {
      throw new TarError(`two ${what} stand before one entry`, { offset: start })
    }
    if (flag === 'g') {
      global = { ...global, ...parsePax(body, start) }
      if (Object.keys(global).length > maxGlobal) throw new TarError(`more than ${maxGlobal} global records`, { offset: start })
    } else if (flag === 'x') ahead = ahead.pax === undefined ? { ...ahead, pax: parsePax(body, start) } : twice('extended headers')
    else if (flag === 'L') ahead = ahead.longName === undefined ? { ...ahead, longName: gnuText(body, start) } : twice('long names')
    else ahead = ahead.longLink === undefined ? { ...ahead, longLink: gnuText(body, start) } : twice('long link names')
  }

  return {
    push(bytes) {
      if (failed !== undefined) throw failed
      try {
        return push(bytes)
      } catch (error) {
        failed = error
        throw error
      }
    },
    end() {
      if (failed !== undefined) throw failed
      if (state.at !== 'end' && (state.at !== 'header' || filled > 0)) throw new TarError(`the archive breaks off in the middle of ${placeOf(state)}`, { offset })
      if (filled > 0) throw new TarError(`the archive has ${offset} bytes, which is no multiple of ${tarBlock}`, { offset })
      if (state.at !== 'end' || state.blocks < 2) throw new TarError('the archive does not end in two blocks of zeros', { offset })
    },
  }
}

function placeOf(state: State): string {
  return state.at === 'header' ? 'a header' : state.at === 'extended' ? 'an extended header' : state.at === 'content' ? 'the content of an entry' : 'the padding of an entry'
}

function paddingOf(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock
}

/** GNU ends a long name with a zero. */
function gnuText(body: Buffer, offset: number): Buffer {
  const end = body.indexOf(0)
  if (end !== body.byteLength - 1) throw new TarError('a long name that does not end in one zero', { offset })
  return body.subarray(0, end)
}

function entryOf(header: TarBlockHeader, global: PaxRecords, ahead: Ahead, offset: number): TarHeader {
  const fail = (message: string): never => {
    throw new TarError(message, { offset })
  }
  const type = kinds[header.typeflag] ?? fail(`an entry of the unknown type ${JSON.stringify(header.typeflag)}`)
  const pax = { ...global, ...ahead.pax }
  const named = (keyword: string) => (Object.hasOwn(pax, keyword) ? pax[keyword] : undefined)
  const name = named('path') ?? (ahead.longName ?? header.name).toString('utf8')
  const linkname = named('linkpath') ?? (ahead.longLink ?? header.linkname).toString('utf8')
  const size = paxNumber(pax, 'size', 'whole', offset) ?? header.size
  const isLink = type === 'link' || type === 'symlink'
  if (name === '') fail('an entry without a name')
  if (isLink && linkname === '') fail(`the link ${quoted(name)} has no target`)
  if (!isLink && linkname !== '') fail(`${quoted(name)} is no link, and has a link name`)
  if (type !== 'file' && type !== 'contiguous-file' && size !== 0) fail(`${quoted(name)} is a ${type}, and has a size of ${size}`)
  return {
    name,
    type,
    typeflag: header.typeflag,
    format: header.format,
    mode: header.mode,
    uid: paxNumber(pax, 'uid', 'whole', offset) ?? header.uid,
    gid: paxNumber(pax, 'gid', 'whole', offset) ?? header.gid,
    size,
    mtime: paxNumber(pax, 'mtime', 'time', offset) ?? header.mtime,
    linkname,
    uname: named('uname') ?? header.uname.toString('utf8'),
    gname: named('gname') ?? header.gname.toString('utf8'),
    devmajor: header.devmajor,
    devminor: header.devminor,
    pax,
    offset,
  }
}
