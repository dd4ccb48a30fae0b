import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect, operation, type CaseData } from '../../harness/case/index.ts'
import { tarBlock, writeTarChecksum } from '../../harness/wire/tar-header.ts'
import { packTar } from '../../harness/wire/tar.ts'
import { tarReader } from '../../harness/wire/tar-reader.ts'
import { head, made, statOf } from './archive.ts'

const download = operation('GET /containers/{id}/archive')
const upload = operation('PUT /containers/{id}/archive')

const gibibyte = 2 ** 30
const heavy: Omit<CaseData, 'id'> = { versions: 'ends', timeoutMs: 300_000 }

/** A mebibyte that is like no other: without it, a piece that is lost or doubled would not show. */
function piece(index: number): Buffer {
  const bytes = Buffer.alloc(2 ** 20, 'not one byte lost, none doubled\n')
  bytes.writeUInt32BE(index)
  return bytes
}

/** A file of one gibibyte as an archive, piece by piece. */
async function* archiveOf(name: string): AsyncGenerator<Uint8Array> {
  const whole = await packTar([{ name, content: '' }])
  // The header of an empty file, with the size put in and its checksum made anew.
  const header = Buffer.from(whole.subarray(0, tarBlock))
  header.write(`${gibibyte.toString(8).padStart(11, '0')}\0`, 124, 'latin1')
  writeTarChecksum(header)
  yield header
  for (let index = 0; index < gibibyte / 2 ** 20; index++) yield piece(index)
  yield Buffer.alloc(2 * tarBlock)
}

function hashOfPieces(): string {
  const hash = createHash('sha256')
  for (let index = 0; index < gibibyte / 2 ** 20; index++) hash.update(piece(index))
  return hash.digest('hex')
}

// Alone: while a gibibyte goes to the disk, whatever a daemon syncs there waits, up to half a minute on a busy one, and so would the other cases.
upload.must('take a file of 1 GiB and give it back without a byte lost, added or changed', { ...heavy, id: 'archive-put-large', alone: true }, async ({ api, stage }) => {
  const box = await stage.container()
  const body = Readable.from(archiveOf('large'))
  expect(await api.put(`${box.path}/archive`, { query: { path: '/tmp' }, body, headers: { 'Content-Type': 'application/x-tar' }, timeoutMs: 240_000 })).toAnswer(200)
  expect(statOf(await head(api, box, '/tmp/large')).size).toBe(gibibyte)

  const stream = await api.stream('GET', `${box.path}/archive`, { query: { path: '/tmp/large' } })
  expect(stream.status).toBe(200)
  const reader = tarReader()
  const hash = createHash('sha256')
  const entries: { readonly name: string; readonly size: number }[] = []
  await stream.pour((bytes) => {
    for (const item of reader.push(bytes)) {
      if ('content' in item) hash.update(item.content)
      else entries.push({ name: item.entry.name, size: item.entry.size })
    }
  }, 240_000)
  reader.end()
  expect(entries).toEqual([{ name: 'large', size: gibibyte }])
  expect(hash.digest('hex'), 'the SHA-256 of the content').toBe(hashOfPieces())
})

download.must('answer a file of more than 8 GiB with a size that its header can hold', { ...heavy, id: 'archive-get-size-beyond-octal' }, async ({ api, stage }) => {
  // Eleven octal digits end at 8 GiB; it is a hole, so no disk is filled, and only the beginning is read.
  const size = 9 * gibibyte
  const { box } = await made(stage, `truncate huge ${size}`)
  expect(statOf(await head(api, box, '/made/huge')).size).toBe(size)
  const stream = await api.stream('GET', `${box.path}/archive`, { query: { path: '/made/huge' } })
  expect(stream.status).toBe(200)
  const reader = tarReader()
  for (let bytes = await stream.read(); ; bytes = await stream.read()) {
    if (bytes === undefined) expect.unreachable('the answer ended before the first entry')
    const entry = reader.push(bytes).find((item) => 'entry' in item)
    if (entry === undefined) continue
    expect(entry.entry).toMatchObject({ name: 'huge', type: 'file', size })
    break
  }
  stream.close()
})
