/**
 * Draws some of a list, the same ones for the same seed and list, in the order of the list.
 * @param size how many; all where there are no more
 * @param seed any whole number
 */
export function drawSample<T>(all: readonly T[], size: number, seed: number): T[] {
  const next = generator(seed)
  const keyed = all.map((item, index) => ({ item, index, key: next() }))
  return keyed.toSorted((one, other) => one.key - other.key).slice(0, size).toSorted((one, other) => one.index - other.index).map(({ item }) => item)
}

/** Numbers from 0 to 1 by the method of Tommy Ettinger's mulberry32, which is short and good enough to draw by. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
