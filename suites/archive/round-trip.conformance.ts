import fc from 'fast-check'
import { expect, operation, type Api, type Box } from '../../harness/case/index.ts'
import { packTar, readTar, type TarEntry, type TarInput } from '../../harness/wire/tar.ts'
import { byName, get, plainName, put } from './archive.ts'

const download = operation('GET /containers/{id}/archive')
const upload = operation('PUT /containers/{id}/archive')

/** The same trees in every run, so that a verdict does not depend on luck. */
const sampled = { seed: 20_260_101, numRuns: 10 }

/** Half of the names are of the kind that most have, and the rest has whatever a file system takes. */
const name = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcdefghijkABC0123-_.'), minLength: 1, maxLength: 12 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.string({ unit: fc.constantFrom('n', 'ä', ' '), minLength: 90, maxLength: 120 }),
).map((text) => text.replace(/[\0/]/g, '+')).filter((text) => text !== '.' && text !== '..' && !text.startsWith('.wh.') && Buffer.byteLength(text) <= 255)

// No 0, which the packer takes for a missing mode; times as far as the packer writes them, owners that a user namespace has.
const metadata = {
  mode: fc.integer({ min: 1, max: 0o777 }),
  uid: fc.nat(65_535),
  gid: fc.nat(65_535),
  mtime: fc.integer({ min: 1, max: 2 ** 31 - 1 }).map((seconds) => new Date(seconds * 1000)),
}
const special = { ...metadata, mode: fc.oneof({ arbitrary: metadata.mode, weight: 3 }, { arbitrary: fc.integer({ min: 0o1000, max: 0o7777 }), weight: 1 }) }

/** Sizes on both sides of whole blocks. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 1500 }),
  fc.tuple(fc.constantFrom(0, 1, 511, 512, 513, 1024, 10_240, 65_537), fc.nat(255)).map(([size, byte]) => Uint8Array.from({ length: size }, (_, index) => (index * 7 + byte) & 0xff)),
)

type Node = { readonly [key: string]: Node } | Leaf
type Leaf = { readonly leaf: Omit<TarInput, 'name'> }

/** Where links lead: nowhere out of the tree by `..`, which some daemons refuse. */
const target = fc.oneof(fc.constantFrom('/no/such', '/data/hello', '.', 'x'.repeat(120)), name)

const leaf: fc.Arbitrary<Leaf> = fc
  .oneof(
    { arbitrary: fc.record({ type: fc.constant('file' as const), content, ...special }), weight: 3 },
    fc.record({ type: fc.constant('symlink' as const), linkname: target, ...metadata, mode: fc.constant(0o777) }),
    fc.record({ type: fc.constant('fifo' as const), ...metadata }),
  )
  .map((entry) => ({ leaf: entry }))

const { tree } = fc.letrec<{ tree: Node; node: Node }>((tie) => ({
  tree: fc.dictionary(name, tie('node'), { maxKeys: 6, noNullPrototype: true }),
  node: fc.oneof({ depthSize: 'small', withCrossShrink: false }, leaf, leaf, tie('tree')),
}))

/** The entries of a tree, folders before what is in them; a folder's own are drawn from the same stock. */
function entriesOf(node: Node, path: string, folders: readonly Omit<TarInput, 'name'>[]): TarInput[] {
  if (isLeaf(node)) return [{ name: path, ...node.leaf }]
  const own = { name: `${path}/`, type: 'directory' as const, ...folders[path.length % folders.length] }
  return [own, ...Object.entries(node).flatMap(([key, child]) => entriesOf(child, `${path}/${key}`, folders))]
}

function isLeaf(node: Node): node is Leaf {
  return typeof node.leaf === 'object' && typeof (node.leaf as { type?: unknown }).type === 'string'
}

/** Not a tree without anything in it. */
const full = fc.dictionary(name, fc.oneof(leaf, tree), { minKeys: 3, maxKeys: 8, noNullPrototype: true })

const trees = fc.tuple(full, fc.array(fc.record(special), { minLength: 3, maxLength: 3 }))

/**
 * Trees as entries to pack, each below a folder of its own: `tree0` and so on.
 * The last file of each gets a second name; setuid and the like with two names are a case of their own.
 */
function archivesOf(sample: { readonly seed: number; readonly numRuns: number }): TarInput[][] {
  return fc.sample(trees, sample).map(([root, folders], index) => {
    const entries = entriesOf(root, `tree${index}`, folders)
    const file = entries.findLast(({ type, mode = 0 }) => type === 'file' && mode <= 0o777)
    return file === undefined ? entries : [...entries, { ...file, name: `tree${index}/~second`, type: 'link', linkname: file.name, content: '' }]
  })
}

/** What must come back of an entry. Owners are asked for by cases of their own. */
function essence(entry: TarEntry): object {
  const { type, mode, mtime, devmajor, devminor } = entry
  return { type, mode, mtime: mtime.toISOString(), devmajor, devminor, linkname: entry.linkname ?? '', content: entry.content.toString('latin1') }
}

/** A tree by its names. A file that has two is written out under both, for which of them is a link is the daemon's choice. */
function essences(entries: readonly TarEntry[]): Record<string, object> {
  const named = byName(entries)
  return Object.fromEntries([...named].map(([key, entry]) => {
    const held = entry.type === 'link' ? named.get(plainName(entry.linkname ?? '')) : undefined
    return [key, essence(held ?? entry)]
  }))
}

/** Compares trees entry by entry, so that a failure names the one that differs. */
function expectSame(found: Readonly<Record<string, object>>, wanted: Readonly<Record<string, object>>, where: string): void {
  expect(Object.keys(found).sort(), `the names in ${where}`).toEqual(Object.keys(wanted).sort())
  for (const [key, entry] of Object.entries(wanted)) expect(found[key], `${JSON.stringify(key)} in ${where}`).toEqual(entry)
}

async function downloaded(api: Api, box: Box, path: string): Promise<Buffer> {
  const answer = await get(api, box, path)
  expect(answer).toAnswer(200)
  return answer.body
}

upload.must('keep all of a tree: what is unpacked comes back with the same names, types, permissions, times, targets and contents', {
  id: 'archive-round-trip-tree', versions: 'ends', timeoutMs: 180_000,
}, async ({ api, stage }) => {
  const box = await stage.container()
  for (const [index, entries] of archivesOf(sampled).entries()) {
    const packed = await packTar(entries)
    expect(await put(api, box, '/tmp', packed)).toAnswer(200)
    const back = await readTar(await downloaded(api, box, `/tmp/tree${index}`))
    expectSame(essences(back), essences(await readTar(packed)), `tree ${index} of the sample with seed ${sampled.seed}`)
  }
})

download.must('answer an archive that, unpacked elsewhere, is answered there again', { id: 'archive-round-trip-copy', versions: 'ends', timeoutMs: 180_000 }, async ({ api, stage }) => {
  const [one, other] = [await stage.container(), await stage.container()]
  const sample = { seed: sampled.seed + 1, numRuns: 4 }
  for (const [index, entries] of archivesOf(sample).entries()) {
    expect(await put(api, one, '/tmp', entries)).toAnswer(200)
    const first = await downloaded(api, one, `/tmp/tree${index}`)
    expect(await put(api, other, '/data/sub', first)).toAnswer(200)
    const again = await readTar(await downloaded(api, other, `/data/sub/tree${index}`))
    expectSame(essences(again), essences(await readTar(first)), `tree ${index} of the sample with seed ${sample.seed}`)
  }
})

download.must('answer the whole root file system as an archive that another container takes', { id: 'archive-round-trip-root', versions: 'ends', timeoutMs: 180_000 }, async ({ api, stage, bystanders }) => {
  const box = await stage.container()
  const answer = await get(api, bystanders.exited, '/')
  expect(answer).toAnswer(200)
  // A folder of its own, so that nothing of the new container is in the way.
  expect(await put(api, box, '/tmp', [{ name: 'root/', type: 'directory' }])).toAnswer(200)
  const entries = await readTar(answer.body)
  expect(await put(api, box, '/tmp/root', answer.body)).toAnswer(200)
  const again = await readTar(await downloaded(api, box, '/tmp/root/.'))
  const inside = (all: readonly TarEntry[]) => Object.fromEntries(Object.entries(essences(all)).filter(([key]) => key !== '' && key !== '.'))
  expectSame(inside(again), inside(entries), 'the copy of the root file system')
})
