import { gunzipSync } from 'node:zlib'
import { Nonconformance, placesIn } from '../../harness/case/index.ts'
import { parseJson } from '../../harness/wire/json.ts'
import { readTar } from '../../harness/wire/tar.ts'
import type { Registry } from './registry.ts'

/**
 * The digests of the blobs that a pushed manifest names: its layers and, but for schema 1, its configuration.
 * @throws Nonconformance where the registry has no such manifest, or it is none
 */
export function blobsOf(registry: Registry, path: string, reference: string): { readonly config: string | undefined; readonly layers: readonly string[] } {
  const manifest = registry.manifest(path, reference)
  if (manifest === undefined) throw new Nonconformance(`the registry has no manifest of ${path}:${reference}`)
  const place = placesIn(() => parse(manifest.content))
  if (place.at('schemaVersion') === 1) return { config: undefined, layers: place.list('fsLayers').map((layer) => layer.textAt('blobSum')) }
  return { config: place.textAt('config', 'digest'), layers: place.list('layers').map((layer) => layer.textAt('digest')) }
}

/**
 * The files in the layers of a pushed image, by name.
 * @throws Nonconformance where a layer is not there; TarError where it is no tar archive
 */
export async function filesOf(registry: Registry, path: string, reference: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const digest of blobsOf(registry, path, reference).layers) {
    const blob = registry.blob(digest)
    if (blob === undefined) throw new Nonconformance(`the manifest names ${digest}, which the registry does not have`)
    for (const { name, content } of await readTar(unzipped(blob))) files.set(name, content.toString('utf8'))
  }
  return files
}

const maxLayer = 16 * 1024 * 1024

function unzipped(blob: Buffer): Buffer {
  if (blob[0] !== 0x1f || blob[1] !== 0x8b) return blob
  try {
    return gunzipSync(blob, { maxOutputLength: maxLayer })
  } catch (error) {
    throw new Nonconformance(`a layer can't be unzipped: ${String(error)}`)
  }
}

function parse(content: Buffer): unknown {
  try {
    return parseJson(content.toString('utf8'))
  } catch (error) {
    throw new Nonconformance(`a manifest is no JSON: ${String(error)}`)
  }
}
