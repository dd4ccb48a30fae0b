import type { Place } from '../../harness/case/index.ts'

/** The mount points that an answer shows of a container, in the order of where they are mounted: the daemon has them in none. */
export function mountsOf(container: Place): Readonly<Record<string, unknown>>[] {
  return container
    .list('Mounts')
    .toSorted((one, other) => one.textAt('Destination').localeCompare(other.textAt('Destination')))
    .map((mount) => mount.at() as Readonly<Record<string, unknown>>)
}
