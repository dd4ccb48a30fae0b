/** Memory that a socket reads into, so that many bytes come in one read and need no allocation each. */
export type ReadSlabs = {
  /** Room for the next read. */
  room(): Uint8Array
  /** The first `count` bytes of the room last given, which the socket has filled; they stay as they are. */
  take(count: number): Uint8Array
}

const smallest = 64 * 1024
const largest = 1024 * 1024
/** The least room that a read is given; Node itself reads 64 KiB at a time. */
const leastRoom = 16 * 1024

/**
 * Slabs for one connection. They grow from 64 KiB to 1 MiB while reads fill them, for a connection that brings an archive: most bring
 * little. An unread view keeps its slab in memory.
 */
export function readSlabs(): ReadSlabs {
  let slab = Buffer.allocUnsafeSlow(smallest)
  let used = 0
  return {
    room() {
      if (slab.byteLength - used < leastRoom) {
        slab = Buffer.allocUnsafeSlow(Math.min(largest, slab.byteLength * 2))
        used = 0
      }
      return slab.subarray(used)
    },
    take(count) {
      const taken = slab.subarray(used, used + count)
      used += count
      return taken
    },
  }
}
