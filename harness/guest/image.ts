import { readFileSync } from 'node:fs'
import { packTar, type TarInput } from '../wire/tar.ts'
import { applets } from './applets.ts'
import { archiveTime, imageArchive, sha256 } from './archive.ts'

/** The architectures that the guest is built for, as Go names them. */
export type GuestArch = 'amd64' | 'arm64'

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
  const directory = (name: string, mode = 0o755): TarInput => ({ name, type: 'directory', mode, mtime: archiveTime })
  const file = (name: string, content: string | Uint8Array, mode = 0o644): TarInput => ({ name, content, mode, mtime: archiveTime })
  const symlink = (name: string, linkname: string): TarInput => ({ name, type: 'symlink', linkname, mode: 0o777, mtime: archiveTime })
  return packTar([
    directory('bin/'),
    file('bin/guest', program, 0o755),
    ...applets.map((applet): TarInput => ({ name: `bin/${applet}`, type: 'link', linkname: 'bin/guest', mode: 0o755, mtime: archiveTime })),
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
 * The guest's image as `docker save` writes one: what `/images/load` takes.
 * @param reference the name it gets, with a tag: `plimsoll/guest:1`
 */
export async function guestArchive(arch: GuestArch, reference: string): Promise<Buffer> {
  return imageArchive([{ references: [reference], layers: [await guestRootfs(arch)], config, architecture: arch, createdBy: 'plimsoll guest' }])
}

/** Twelve hex digits that change whenever the guest does. */
export async function guestDigest(arch: GuestArch): Promise<string> {
  return sha256(await guestRootfs(arch)).slice(0, 12)
}
