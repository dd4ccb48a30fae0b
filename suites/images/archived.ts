import { expect } from '../../harness/case/index.ts'
import { parseJson } from '../../harness/wire/json.ts'
import { readTar, type TarEntry } from '../../harness/wire/tar.ts'

/** An archive of images, opened: the layout that the pages document. */
export type Archived = {
  readonly entries: readonly TarEntry[]
  /** The names that it holds: repository, tag, and the id of the layer that is uppermost. Absent where the archive has no such file. */
  readonly repositories: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
  /** The ids of the layers: the names of the folders that hold one. */
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
  const layers = entries.flatMap(({ name }) => /^([0-9a-f]{64})\/layer\.tar$/.exec(name)?.[1] ?? [])
  return {
    entries,
    repositories: repositories === undefined ? undefined : (parse('repositories', repositories) as Archived['repositories']),
    layers,
    described: (layer) => parse(`${layer}/json`, named(`${layer}/json`)?.content.toString('utf8') ?? ''),
    async files() {
      const found = new Map<string, string>()
      for (const layer of layers) {
        for (const { name, content } of await readTar(named(`${layer}/layer.tar`)?.content ?? Buffer.alloc(0))) found.set(name, content.toString('utf8'))
      }
      return found
    },
  }
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
