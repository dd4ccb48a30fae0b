import { expect, test } from 'vitest'
import { packTar, readTar } from '../wire/tar.ts'
import { imageArchive, sha256, splitReference } from './archive.ts'

const layer = (name: string) => packTar([{ name, content: `${name}\n` }])

async function opened(bytes: Buffer) {
  const entries = await readTar(bytes)
  const json = (name: string) => JSON.parse(entries.find((entry) => entry.name === name)?.content.toString('utf8') ?? 'null')
  return { names: entries.map(({ name }) => name), json }
}

test('an archive names its images in both layouts, each with the same layers', async () => {
  const layers = [await layer('low'), await layer('high')]
  const bytes = await imageArchive([{ references: ['one:1', 'two:2'], layers, config: { Cmd: ['run'] }, architecture: 'arm64', createdBy: 'test' }])
  const { names, json } = await opened(bytes)
  const [{ Config, RepoTags, Layers }] = json('manifest.json')
  expect(RepoTags).toEqual(['one:1', 'two:2'])
  expect(json(Config)).toMatchObject({ architecture: 'arm64', os: 'linux', config: { Cmd: ['run'] }, rootfs: { diff_ids: layers.map((each) => `sha256:${sha256(each)}`) } })
  const [low, high] = Layers.map((path: string) => path.split('/')[0])
  expect(json('repositories')).toEqual({ one: { '1': high }, two: { '2': high } })
  expect(json(`${low}/json`)).not.toHaveProperty('parent')
  expect(json(`${high}/json`)).toMatchObject({ id: high, parent: low })
  expect(names).toEqual(expect.arrayContaining([`${low}/VERSION`, `${low}/layer.tar`, `${high}/VERSION`, `${high}/layer.tar`]))
})

test('the same image is the same bytes, and another configuration is another image', async () => {
  const image = { references: ['one:1'], layers: [await layer('low')], config: {}, architecture: 'amd64', createdBy: 'test' }
  expect(await imageArchive([image])).toEqual(await imageArchive([image]))
  const configOf = async (config: object) => (await opened(await imageArchive([{ ...image, config: { ...config } }]))).json('manifest.json')[0].Config
  expect(await configOf({ User: 'a' })).not.toBe(await configOf({ User: 'b' }))
})

test('an image says when it was made and for which version of an operating system', async () => {
  const bytes = await imageArchive([
    { references: [], layers: [], config: {}, architecture: 'amd64', createdBy: 'test', created: new Date('2025-03-01T00:00:00Z'), osVersion: '10.0' },
  ])
  const { json } = await opened(bytes)
  expect(json(json('manifest.json')[0].Config)).toMatchObject({ created: '2025-03-01T00:00:00.000Z', 'os.version': '10.0' })
})

test.each([
  ['name', 'name', 'latest'],
  ['name:tag', 'name', 'tag'],
  ['host:5000/name', 'host:5000/name', 'latest'],
  ['host:5000/name:tag', 'host:5000/name', 'tag'],
])('%s is repository %s and tag %s', (reference, repository, tag) => {
  expect(splitReference(reference)).toEqual([repository, tag])
})
