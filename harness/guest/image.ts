import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { packTar, type TarInput } from '../wire/tar.ts'
import { applets } from './applets.ts'

/** The architectures that the guest is built for, as Go names them. */
export type GuestArch = 'amd64' | 'arm64'

/** When everything in the image was made: a fixed time, so that the image is the same everywhere. */
const created = new Date('2025-01-01T00:00:00Z')

/** What the guest's image says beside its files. */
const config = {
  Env: ['PATH=/bin'],
  Cmd: ['hold'],
  WorkingDir: '/',
  Labels: { 'plimsoll.guest': 'true' },
}

/** The file tree that the guest's containers see, as a tar: what `/images/create?fromSrc=-` takes. It says nothing of Env and Cmd. */
export async function guestRootfs(arch: GuestArch): Promise<Buffer> {
  const program = readFileSync(new URL(`prebuilt/linux-${arch}`, import.meta.url))
  const directory = (name: string, mode = 0o755): TarInput => ({ name, type: 'directory', mode, mtime: created })
  const file = (name: string, content: string | Uint8Array, mode = 0o644): TarInput => ({ name, content, mode, mtime: created })
  const symlink = (name: string, linkname: string): TarInput => ({ name, type: 'symlink', linkname, mode: 0o777, mtime: created })
  return packTar([
    directory('bin/'),
    file('bin/guest', program, 0o755),
    ...applets.map((applet): TarInput => ({ name: `bin/${applet}`, type: 'link', linkname: 'bin/guest', mode: 0o755, mtime: created })),
    directory('data/'),
    file('data/hello', 'hello\n'),
    symlink('data/link', 'hello'),
    symlink('data/nowhere', '/no/such'),
    directory('data/sub/'),
    file('data/sub/deep', 'deep\n'),
    directory('dev/'),
    directory('etc/'),
    file('etc/group', 'root:x:0:\nguest:x:1000:\nextra:x:2000:guest\n'),
    file('etc/passwd', 'root:x:0:0:root:/:/bin/sh\nguest:x:1000:1000:guest:/:/bin/sh\n'),
    directory('proc/'),
    directory('run/'),
    directory('sys/'),
    directory('tmp/', 0o1777),
  ])
}

/**
 * The guest's image as `docker save` writes one: what `/images/load` takes. It holds both layouts, the one of
 * Docker 1.0 to 1.9 (`repositories`, a folder per layer) and the one from 1.10 on (`manifest.json`).
 * @param reference the name it gets, with a tag: `plimsoll/guest:1`
 */
export async function guestArchive(arch: GuestArch, reference: string): Promise<Buffer> {
  const layer = await guestRootfs(arch)
  const diffId = sha256(layer)
  const image = { architecture: arch, os: 'linux', created: created.toISOString(), config }
  const imageConfig = JSON.stringify({
    ...image,
    rootfs: { type: 'layers', diff_ids: [`sha256:${diffId}`] },
    history: [{ created: created.toISOString(), created_by: 'plimsoll guest' }],
  })
  const configId = sha256(imageConfig)
  const layerId = sha256(`${configId} ${diffId}`)
  const [repository = reference, tag = 'latest'] = splitReference(reference)
  return packTar([
    { name: `${configId}.json`, content: imageConfig, mtime: created },
    { name: `${layerId}/`, type: 'directory', mtime: created },
    { name: `${layerId}/VERSION`, content: '1.0', mtime: created },
    { name: `${layerId}/json`, content: JSON.stringify({ id: layerId, ...image, container_config: config, Size: layer.byteLength }), mtime: created },
    { name: `${layerId}/layer.tar`, content: layer, mtime: created },
    { name: 'manifest.json', content: JSON.stringify([{ Config: `${configId}.json`, RepoTags: [reference], Layers: [`${layerId}/layer.tar`] }]), mtime: created },
    { name: 'repositories', content: JSON.stringify({ [repository]: { [tag]: layerId } }), mtime: created },
  ])
}

/** Twelve hex digits that change whenever the guest does. */
export async function guestDigest(arch: GuestArch): Promise<string> {
  return sha256(await guestRootfs(arch)).slice(0, 12)
}

function splitReference(reference: string): [repository: string, tag: string | undefined] {
  const colon = reference.lastIndexOf(':')
  return colon > reference.lastIndexOf('/') ? [reference.slice(0, colon), reference.slice(colon + 1)] : [reference, undefined]
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
