import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, operation, type Api, type Box } from '../../harness/case/index.ts'
import { packTar } from '../../harness/wire/tar.ts'
import { contentAt, put } from './archive.ts'

const upload = operation('PUT /containers/{id}/archive')

/** An archive of `fixtures/make`. */
const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url))

/** `squeezed/numbers` of the fixtures: what `seq 20000` writes. */
const numbers = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join('')

async function unpacked(api: Api, box: Box): Promise<void> {
  expect(await contentAt(api, box, '/tmp/squeezed/file')).toBe('unpacked again\n')
  expect((await contentAt(api, box, '/tmp/squeezed/numbers')) === numbers, 'whether the long file is what was packed').toBe(true)
}

upload.must('unpack an archive that is compressed with bzip2', { id: 'archive-put-bzip2' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/tmp', fixture('squeezed.tar.bz2'))).toAnswer(200)
  await unpacked(api, box)
})

upload.must('unpack an archive that is compressed with xz', {
  id: 'archive-put-xz', reality: 'Docker lets the xz program of its host do it, and answers 500 where there is none',
}, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/tmp', fixture('squeezed.tar.xz'))).toAnswer(200)
  await unpacked(api, box)
})

upload.must('unpack an archive that is compressed with gzip as fast or as small as can be', { id: 'archive-put-gzip-levels', versions: 'ends' }, async ({ api, stage }) => {
  const box = await stage.container()
  for (const level of [0, 1, 9]) {
    const archive = gzipSync(await packTar([{ name: `level${level}`, content: numbers }]), { level })
    expect(await put(api, box, '/tmp', archive)).toAnswer(200)
    expect((await contentAt(api, box, `/tmp/level${level}`)) === numbers, `whether the file packed at level ${level} is what was packed`).toBe(true)
  }
})

for (const { id, name, damage, what } of [
  { id: 'archive-put-gzip-damaged', name: 'gzip', damage: (archive: Buffer) => flip(archive, archive.byteLength - 6), what: 'whose checksum is wrong' },
  { id: 'archive-put-gzip-truncated', name: 'gzip', damage: (archive: Buffer) => archive.subarray(0, archive.byteLength / 2), what: 'that breaks off in the middle' },
  { id: 'archive-put-bzip2-damaged', name: 'bzip2', damage: (archive: Buffer) => flip(archive, archive.byteLength / 2), what: 'that was damaged in the middle' },
  { id: 'archive-put-xz-damaged', name: 'xz', damage: (archive: Buffer) => flip(archive, archive.byteLength / 2), what: 'that was damaged in the middle' },
]) {
  upload.must(`refuse an archive compressed with ${name} ${what}`, {
    id, versions: 'ends', reality: 'the page names no status for it; Docker 20.10 and Podman 4.3 answer 500',
  }, async ({ api, stage }) => {
    const box = await stage.container()
    const whole = await compressed(name)
    expect(await put(api, box, '/tmp', damage(whole))).toAnswer(400, 500)
    // It was only the damage that was refused.
    expect(await put(api, box, '/tmp', whole)).toAnswer(200)
    await unpacked(api, box)
  })
}

async function compressed(name: string): Promise<Buffer> {
  if (name !== 'gzip') return fixture(`squeezed.tar.${name === 'xz' ? 'xz' : 'bz2'}`)
  return gzipSync(await packTar([{ name: 'squeezed/file', content: 'unpacked again\n' }, { name: 'squeezed/numbers', content: numbers }]))
}

function flip(archive: Buffer, at: number): Buffer {
  const changed = Buffer.from(archive)
  changed[Math.floor(at)] = (changed[Math.floor(at)] ?? 0) ^ 0xff
  return changed
}

upload.must('take an archive whose length is not known before, in chunks of any size', { id: 'archive-put-chunked' }, async ({ api, stage }) => {
  const box = await stage.container()
  const archive = await packTar([{ name: 'one', content: numbers }, { name: 'two', content: 'short' }])
  const sizes = [1, 511, 512, 513, 7, 65_536, 3]
  const pieces = sizes.map((size, index) => archive.subarray(sum(sizes.slice(0, index)), sum(sizes.slice(0, index)) + size))
  const body = Readable.from([...pieces, archive.subarray(sum(sizes))])
  expect(await api.put(`${box.path}/archive`, { query: { path: '/tmp' }, body, headers: { 'Content-Type': 'application/x-tar' } })).toAnswer(200)
  expect((await contentAt(api, box, '/tmp/one')) === numbers, 'whether the long file is what was packed').toBe(true)
  expect(await contentAt(api, box, '/tmp/two')).toBe('short')
})

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0)

upload.must('take an archive as application/octet-stream', { id: 'archive-put-octet-stream', since: '1.25' }, async ({ api, stage }) => {
  const box = await stage.container()
  const body = await packTar([{ name: 'file', content: 'as octets' }])
  expect(await api.put(`${box.path}/archive`, { query: { path: '/tmp' }, body, headers: { 'Content-Type': 'application/octet-stream' } })).toAnswer(200)
  expect(await contentAt(api, box, '/tmp/file')).toBe('as octets')
})
