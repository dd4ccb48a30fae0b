/** A source of numbers that gives the same ones for the same seed. */
export type Random = {
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number
  /** True in one of `count` cases. */
  oneIn(count: number): boolean
  pick<T>(values: readonly [T, ...T[]]): T
  bytes(length: number): Uint8Array
}

/**
 * Mulberry32, started from a hash of everything that names an input, so that any input can be made again by itself.
 * @param names the seed, the decoder, the number of the input
 */
export function randomOf(...names: readonly (string | number)[]): Random {
  let state = 0x811c9dc5
  for (const character of names.join(' ')) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number) => next() % limit
  return {
    below,
    oneIn: (count) => below(count) === 0,
    pick: (values) => values[below(values.length)] ?? values[0],
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  }
}
