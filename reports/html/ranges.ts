import type { ApiVersion } from '../../harness/versions.ts'

/**
 * Versions for people, neighbours put together: `v1.18 to v1.21, v1.24`.
 * @param versions those to name
 * @param all the versions that were run, oldest first: they say who is a neighbour of whom
 */
export function nameVersions(versions: readonly ApiVersion[], all: readonly ApiVersion[]): string {
  const places = versions.map((version) => all.indexOf(version)).sort((one, other) => one - other)
  const ranges: { first: number; last: number }[] = []
  for (const place of places) {
    const range = ranges.at(-1)
    if (range !== undefined && place === range.last + 1) range.last = place
    else ranges.push({ first: place, last: place })
  }
  return ranges
    .map(({ first, last }) => (last === first ? `v${all[first]}` : `v${all[first]}${last === first + 1 ? ',' : ' to'} v${all[last]}`))
    .join(', ')
}
