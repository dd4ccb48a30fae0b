import { createHash } from 'node:crypto'
import { packTar, type TarInput } from '../wire/tar.ts'

/** An image to be put into an archive. */
export type ArchivedImage = {
  /** Its names, each with a tag. */
  readonly references: readonly string[]
  /** Its layers as tar archives, the lowest first. */
  readonly layers: readonly Uint8Array[]
  /** What its containers get: `Env`, `Cmd`, `Labels` and so on. */
  readonly config: Readonly<Record<string, unknown>>
  readonly architecture: string
  readonly createdBy: string
  /** When it was made; a fixed time otherwise, so that the same image is the same bytes. */
  readonly created?: Date
  /** Of the operating system; only Windows images have one. */
  readonly osVersion?: string
}

/** When everything in an archive was made that says nothing else. */
export const archiveTime = new Date('2025-01-01T00:00:00Z')

/**
 * An archive of images as `docker save` writes one: what `/images/load` takes. It holds both layouts, the one of
 * Docker 1.0 to 1.9 (`repositories`, a folder per layer) and the one from 1.10 on (`manifest.json`).
 */
export async function imageArchive(images: readonly ArchivedImage[]): Promise<Buffer> {
  const files = new Map<string, TarInput>()
  const repositories: Record<string, Record<string, string>> = {}
  const manifest: object[] = []
  for (const { references, layers, config, architecture, createdBy, created = archiveTime, osVersion } of images) {
    const image = { architecture, os: 'linux', ...(osVersion !== undefined && { 'os.version': osVersion }), created: created.toISOString(), config }
    const diffIds = layers.map((layer) => `sha256:${sha256(layer)}`)
    const history = layers.map(() => ({ created: created.toISOString(), created_by: createdBy }))
    const imageConfig = JSON.stringify({ ...image, rootfs: { type: 'layers', diff_ids: diffIds }, history })
    const configId = sha256(imageConfig)
    put({ name: `${configId}.json`, content: imageConfig })

    const layerIds: string[] = []
    for (const [index, layer] of layers.entries()) {
      const parent = layerIds.at(-1)
      const id = sha256(`${configId} ${diffIds[index]} ${parent ?? ''}`)
      layerIds.push(id)
      put({ name: `${id}/`, type: 'directory' })
      put({ name: `${id}/VERSION`, content: '1.0' })
      put({ name: `${id}/json`, content: JSON.stringify({ id, ...(parent !== undefined && { parent }), ...image, container_config: config, Size: layer.byteLength }) })
      put({ name: `${id}/layer.tar`, content: layer })
    }
    manifest.push({ Config: `${configId}.json`, RepoTags: references, Layers: layerIds.map((id) => `${id}/layer.tar`) })
    for (const reference of references) {
      const [repository, tag] = splitReference(reference)
      repositories[repository] = { ...repositories[repository], [tag]: layerIds.at(-1) ?? '' }
    }
  }
  put({ name: 'manifest.json', content: JSON.stringify(manifest) })
  put({ name: 'repositories', content: JSON.stringify(repositories) })
  return packTar([...files.values()])

  function put(file: TarInput): void {
    files.set(file.name, { ...file, mtime: archiveTime })
  }
}

/** A name's repository and its tag, which is `latest` where it has none. */
export function splitReference(reference: string): readonly [repository: string, tag: string] {
  const colon = reference.lastIndexOf(':')
  return colon > reference.lastIndexOf('/') ? [reference.slice(0, colon), reference.slice(colon + 1)] : [reference, 'latest']
}

/** In hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
