import { posix } from 'node:path'
import { expect } from '../../harness/case/index.ts'
import { parseJson } from '../../harness/wire/json.ts'
import { readTar, type TarEntry } from '../../harness/wire/tar.ts'

/** An archive of images, opened: the layout that the pages document. */
export type Archived = {
  readonly entries: readonly TarEntry[]
  /** The names that it holds: repository, tag, and the id of the layer that is uppermost. Absent where the archive has no such file. */
  readonly repositories: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
  /** The ids of the layers: the names of the folders that hold one, as documented; where there is none, the digests that manifest.json names, as Docker from 25 on has them. */
  readonly layers: readonly string[]
  /** What the file says that tells what a layer is. */
  described(layer: string): unknown
  /** All files in all layers, by name. */
  files(): Promise<Map<string, string>>
}

/**
 * Opens an archive as `GET /images/get` answers it.
 * @throws TarError, or an assertion's error where a file that should be a JSON object is none
 */
export async function openArchive(bytes: Uint8Array): Promise<Archived> {
  const entries = await readTar(bytes)
  const named = (name: string) => entries.find((entry) => entry.name === name)
  const repositories = named('repositories')?.content.toString('utf8')
  const folders = entries.flatMap(({ name }) => /^([0-9a-f]{64})\/layer\.tar$/.exec(name)?.[1] ?? [])
  const manifest = named('manifest.json')?.content.toString('utf8')
  const paths = new Map(
    folders.length > 0 || manifest === undefined ? folders.map((layer) => [layer, `${layer}/layer.tar`]) : layersOf(parse('manifest.json', manifest)).map((path) => [path.split('/').at(-1) ?? '', path]),
  )
  const layers = [...paths.keys()]
  return {
    entries,
    repositories: repositories === undefined ? undefined : (parse('repositories', repositories) as Archived['repositories']),
    layers,
    described: (layer) => parse(`${layer}/json`, named(`${layer}/json`)?.content.toString('utf8') ?? ''),
    async files() {
      const found = new Map<string, string>()
      for (const path of paths.values()) {
        const entry = named(path)
        // Podman has each layer once, and links to it.
        const layer = entry?.type === 'symlink' ? named(posix.join(posix.dirname(path), entry.linkname ?? '')) : entry
        for (const { name, content } of await readTar(layer?.content ?? Buffer.alloc(0))) found.set(name, content.toString('utf8'))
      }
      return found
    },
  }
}

/** The paths of the layers of all images that a manifest.json tells of, the lowest layer of each first. */
function layersOf(manifest: object): string[] {
  const images = Array.isArray(manifest) ? (manifest as readonly { readonly Layers?: unknown }[]) : []
  return images.flatMap(({ Layers }) => (Array.isArray(Layers) ? Layers.map(String) : []))
}

function parse(file: string, text: string): object {
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    expect.unreachable(`the file ${file} is no JSON: ${String(error)}`)
  }
  expect(value, `the file ${file}`).toEqual(expect.any(Object))
  return value as object
}
