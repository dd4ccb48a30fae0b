import { Readable } from 'node:stream'
import { expect, operation, WireError } from '../../harness/case/index.ts'
import { tarBlock as block, writeTarChecksum } from '../../harness/wire/tar-header.ts'
import { packTar } from '../../harness/wire/tar.ts'
import { contentAt, exists, put } from './archive.ts'

const upload = operation('PUT /containers/{id}/archive')

const reality = 'the page names no status for it; Docker 20.10 and Podman 4.3 answer 500'

/** Two files: a header, three blocks of content, a header, one block of content, and the end. */
const archive = (): Promise<Buffer> => packTar([{ name: 'first', content: 'x'.repeat(3 * block) }, { name: 'second', content: 'y'.repeat(block) }])

/** A copy with other bytes in it. */
function written(bytes: Buffer, at: number, text: string): Buffer {
  const copy = Buffer.from(bytes)
  copy.write(text, at, 'latin1')
  return copy
}

/** A copy whose first header has something that is no number for its size, and else nothing wrong. */
function sizeless(bytes: Buffer): Buffer {
  const copy = written(bytes, 124, 'lots and lo\0')
  writeTarChecksum(copy.subarray(0, block))
  return copy
}

for (const { id, what, damage } of [
  { id: 'archive-put-truncated-header', what: 'breaks off in the middle of its first header', damage: (whole: Buffer) => whole.subarray(0, 300) },
  { id: 'archive-put-truncated-content', what: 'breaks off in the middle of a file', damage: (whole: Buffer) => whole.subarray(0, 2 * block + 100) },
  { id: 'archive-put-truncated-later-header', what: 'breaks off in the middle of a later header', damage: (whole: Buffer) => whole.subarray(0, 4 * block + 100) },
  { id: 'archive-put-checksum-wrong', what: 'has a wrong checksum in its first header', damage: (whole: Buffer) => written(whole, 0, 'z') },
  { id: 'archive-put-checksum-wrong-later', what: 'has a wrong checksum in a later header', damage: (whole: Buffer) => written(whole, 4 * block, 'z') },
  { id: 'archive-put-size-no-number', what: 'has a size that is no number', damage: sizeless },
]) {
  upload.must(`refuse an archive that ${what}`, { id, versions: 'ends', reality }, async ({ api, stage }) => {
    const box = await stage.container()
    const whole = await archive()
    const refusal = await put(api, box, '/tmp', damage(whole))
    expect(refusal).toAnswer(400, 500)
    expect(refusal.text.trim(), 'a message that says why').not.toBe('')
    expect(await exists(api, box, '/tmp/second')).toBe(false)
    // It was only the damage that was refused, and what is there of it is no obstacle.
    expect(await put(api, box, '/tmp', whole)).toAnswer(200)
    expect(await contentAt(api, box, '/tmp/first')).toBe('x'.repeat(3 * block))
    expect(await contentAt(api, box, '/tmp/second')).toBe('y'.repeat(block))
  })
}

upload.must('refuse a link to a name that is nowhere', { id: 'archive-put-hard-link-nowhere', reality }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await put(api, box, '/tmp', [{ name: 'link', type: 'link', linkname: 'no/such' }])).toAnswer(400, 404, 500)
  expect(await exists(api, box, '/tmp/link')).toBe(false)
})

upload.should('let the container be used after a client that went away in the middle of an archive', { id: 'archive-put-abandoned' }, async ({ api, stage }) => {
  const box = await stage.container()
  async function* part() {
    yield (await packTar([{ name: 'abandoned', content: 'z'.repeat(3 * block) }])).subarray(0, 2 * block)
    throw new Error('the client goes away')
  }
  const sent = api.put(`${box.path}/archive`, { query: { path: '/tmp' }, body: Readable.from(part()), headers: { 'Content-Type': 'application/x-tar' } })
  const answer = await sent.catch((error: unknown) => {
    if (error instanceof WireError) return undefined
    throw error
  })
  expect(answer?.status, 'the status for half an archive').not.toBe(200)
  // Other names, for the daemon may still be at work on the first archive.
  expect(await put(api, box, '/tmp', await archive())).toAnswer(200)
  expect(await contentAt(api, box, '/tmp/first')).toBe('x'.repeat(3 * block))
  expect(await contentAt(api, box, '/tmp/second')).toBe('y'.repeat(block))
})
