/** What a path can be, in the guest's words. */
export type Kind = 'file' | 'directory' | 'symlink' | 'fifo' | 'char' | 'block' | 'socket'

/** Bits of Go's os.FileMode for types. A character device is a device as well. */
const types: Readonly<Record<Kind, number>> = { file: 0, directory: 2 ** 31, symlink: 2 ** 27, block: 2 ** 26, char: 2 ** 26 + 2 ** 21, fifo: 2 ** 25, socket: 2 ** 24 }

/** Bits of os.FileMode, by the bits of chmod that they stand for. */
const special: readonly (readonly [chmod: number, go: number])[] = [[0o4000, 2 ** 23], [0o2000, 2 ** 22], [0o1000, 2 ** 20]]

/**
 * The mode that the path-stat header has: Go's os.FileMode, as the documents' example shows for a folder (2147484096 is 2^31 + 0700).
 * @param permissions as chmod takes them, with setuid, setgid and sticky
 */
export function goMode(kind: Kind, permissions: number): number {
  return special.reduce((mode, [chmod, go]) => mode + (permissions & chmod ? go : 0), types[kind] + (permissions & 0o777))
}
