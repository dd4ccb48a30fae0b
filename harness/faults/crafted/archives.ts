import type { Alteration } from '../fault.ts'
import { whole } from '../rewriters.ts'
import { changeTar, isEntry, tarRewriter, withName, withNumber, withTypeflag, type TarBlocks } from '../tar-rewriter.ts'
import { bodyOf, header, status, type Crafted } from './define.ts'

const get = 'GET /containers/{id}/archive'
const head = 'HEAD /containers/{id}/archive'
const put = 'PUT /containers/{id}/archive'
const exported = 'GET /containers/{id}/export'
const saved = 'GET /images/{name}/get'

const each = (change: (entry: TarBlocks) => TarBlocks | undefined) => bodyOf(200, () => tarRewriter((entry) => (isEntry(entry) ? change(entry) : entry)))
const half = bodyOf(200, () => whole((bytes) => bytes.subarray(0, Math.floor(bytes.byteLength / 1024) * 512 + 100)))
const noEnd = bodyOf(200, () => tarRewriter((entry) => entry, () => new Uint8Array()))
const requestTar = (change: Parameters<typeof changeTar>[1]) => (): Alteration => ({ requestBody: (body) => changeTar(body, change) })

/** The stat in the header is base64 of JSON: name, size, mode (as Go has it), mtime, linkTarget. */
const stat = (change: (stat: Record<string, unknown>) => Record<string, unknown>) =>
  header('X-Docker-Container-Path-Stat', (value) => Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(value, 'base64').toString('utf8')) as Record<string, unknown>))).toString('base64'))

const statFaults = ([['get', get], ['head', head]] as const).flatMap(([word, operation]): Crafted[] => {
  const fault = (id: string, does: string, wrong: () => Alteration): Crafted => ({ id: `archive-stat-${id}-${word}`, operation, sentence: `${operation} ${does}`, words: ['stat', id], touches: (seen) => seen.status === 200, wrong })
  return [
    fault('size', 'has a size in its stat that is one too big', stat((it) => ({ ...it, size: Number(it.size) + 1 }))),
    fault('name', 'has the whole path as the name in its stat', stat((it) => ({ ...it, name: `/tmp/${String(it.name)}` }))),
    fault('mode', 'has the mode in its stat without the bits of the type', stat((it) => ({ ...it, mode: Number(it.mode) & 0o777 }))),
    fault('permissions', 'has other permissions in its stat', stat((it) => ({ ...it, mode: Number(it.mode) ^ 0o100 }))),
    fault('mtime', 'has no time in its stat', stat((it) => ({ ...it, mtime: '0001-01-01T00:00:00Z' }))),
    fault('link', 'has no target of a link in its stat', stat((it) => ({ ...it, linkTarget: '' }))),
    fault('base64', 'has the stat without base64', header('X-Docker-Container-Path-Stat', (value) => Buffer.from(value, 'base64').toString('latin1'))),
  ]
})

/** Faults of archives. */
export const archiveFaults: readonly Crafted[] = [
  ...statFaults,
  { id: 'archive-mode-lost', operation: get, sentence: 'files in an archive all have the same mode', words: ['mode', 'permission'], wrong: each((entry) => withNumber(entry, 'mode', 0o644)) },
  { id: 'archive-special-bits-lost', operation: get, sentence: 'setuid, setgid and sticky get lost in an archive', words: ['mode', 'setuid', 'sticky', 'bits'], wrong: each((entry) => withNumber(entry, 'mode', Number.parseInt(entry.header.toString('latin1', 100, 107), 8) & ~0o7000)) },
  { id: 'archive-mtime-lost', operation: get, sentence: 'files in an archive have no time', words: ['mtime', 'time'], wrong: each((entry) => withNumber(entry, 'mtime', 0)) },
  { id: 'archive-owner-lost', operation: get, sentence: 'files in an archive belong to somebody else', words: ['owner', 'uid'], wrong: each((entry) => withNumber(withNumber(entry, 'uid', 4321), 'gid', 4321)) },
  { id: 'archive-symlink-followed', operation: get, sentence: 'a symbolic link in an archive is an empty file', words: ['link', 'symlink'], wrong: each((entry) => (entry.typeflag === '2' ? withTypeflag(entry, '0') : entry)) },
  { id: 'archive-hard-link-lost', operation: get, sentence: 'a hard link in an archive is a symbolic one', words: ['link', 'hard'], wrong: each((entry) => (entry.typeflag === '1' ? withTypeflag(entry, '2') : entry)) },
  { id: 'archive-directory-entry-lost', operation: get, sentence: 'a directory has no entry of its own in its archive', words: ['directory'], wrong: bodyOf(200, () => tarRewriter((entry, index) => (index === 0 && entry.typeflag === '5' ? undefined : entry))) },
  { id: 'archive-last-entry-lost', operation: get, sentence: 'the last entry of an archive gets lost', words: ['directory'], wrong: bodyOf(200, () => tarRewriter((entry, index, all) => (index === all.length - 1 ? undefined : entry))) },
  { id: 'archive-entry-twice', operation: get, sentence: 'the last entry of an archive comes twice', words: ['directory'], wrong: bodyOf(200, () => whole((bytes) => changeTar(bytes, (entry, index, all) => (index === all.length - 1 ? { ...entry, content: Buffer.concat([entry.content, entry.header, entry.content]) } : entry)))) },
  { id: 'archive-absolute-names', operation: get, sentence: 'names in an archive begin with a slash', wrong: each((entry) => withName(entry, `/${entry.name}`)) },
  { id: 'archive-content-changed', operation: get, sentence: 'a byte of a file changes in an archive', wrong: each((entry) => (entry.content.byteLength > 0 && entry.content[0] !== 0 ? { ...entry, content: Buffer.concat([Buffer.from([(entry.content[0] ?? 0) ^ 1]), entry.content.subarray(1)]) } : entry)) },
  { id: 'archive-truncated', operation: get, sentence: 'an archive breaks off, with status 200', wrong: half },
  { id: 'archive-without-end', operation: get, sentence: 'an archive lacks the blocks that end it', wrong: noEnd },
  { id: 'archive-missing-path', operation: get, sentence: 'a path that does not exist is an empty archive', words: ['missing', 'unknown', 'no-path'], touches: (seen) => seen.status === 404, wrong: status(404, 200, 'OK') },
  { id: 'archive-put-last-lost', operation: put, sentence: 'the last entry of an archive is not unpacked', words: ['put', 'upload'], wrong: requestTar((entry, index, all) => (index === all.length - 1 ? undefined : entry)) },
  { id: 'archive-put-mode-lost', operation: put, sentence: 'modes of an archive are not unpacked', words: ['put', 'mode'], wrong: requestTar((entry) => (isEntry(entry) ? withNumber(entry, 'mode', 0o600) : entry)) },
  { id: 'archive-put-mtime-lost', operation: put, sentence: 'times of an archive are not unpacked', words: ['put', 'time'], wrong: requestTar((entry) => (isEntry(entry) ? withNumber(entry, 'mtime', 1_000_000_000) : entry)) },
  { id: 'archive-put-owner-lost', operation: put, sentence: 'owners in an archive are not unpacked', words: ['put', 'owner'], wrong: requestTar((entry) => (isEntry(entry) ? withNumber(withNumber(entry, 'uid', 0), 'gid', 0) : entry)) },
  { id: 'archive-put-links-lost', operation: put, sentence: 'symbolic links of an archive are unpacked as files', words: ['put', 'link'], wrong: requestTar((entry) => (entry.typeflag === '2' ? withTypeflag(entry, '0') : entry)) },
  { id: 'archive-put-pretended', operation: put, sentence: 'an archive is taken, and nothing is unpacked', words: ['put', 'upload'], wrong: requestTar(() => undefined) },
  { id: 'archive-put-missing-path', operation: put, sentence: 'an archive for a path that does not exist is taken', words: ['missing', 'unknown'], touches: (seen) => seen.status === 404, wrong: status(404, 200, 'OK') },
  { id: 'export-truncated', operation: exported, sentence: 'an exported container breaks off', wrong: half },
  { id: 'export-mode-lost', operation: exported, sentence: 'an exported container has one mode for all files', words: ['mode'], wrong: each((entry) => withNumber(entry, 'mode', 0o755)) },
  { id: 'export-links-lost', operation: exported, sentence: 'an exported container has files for its symbolic links', words: ['link'], wrong: each((entry) => (entry.typeflag === '2' ? withTypeflag(entry, '0') : entry)) },
  { id: 'export-times-lost', operation: exported, sentence: 'an exported container has no times', words: ['time'], wrong: each((entry) => withNumber(entry, 'mtime', 0)) },
  { id: 'save-without-manifest', operation: saved, sentence: 'a saved image lacks its manifest', wrong: each((entry) => (entry.name === 'manifest.json' || entry.name === 'repositories' ? undefined : entry)) },
  { id: 'save-truncated', operation: saved, sentence: 'a saved image breaks off', wrong: half },
  { id: 'save-layer-lost', operation: saved, sentence: 'a saved image lacks a layer', wrong: each((entry) => (entry.name.endsWith('layer.tar') ? undefined : entry)) },
]
