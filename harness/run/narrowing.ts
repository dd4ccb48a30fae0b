import type { Selection } from '../case/settings.ts'
import { documentedVersions, type ApiVersion } from '../versions.ts'

/** What keeps a part of the suite out of a run. */
export type Narrowing = { readonly selection: Selection; readonly versions: readonly ApiVersion[]; readonly quick: boolean; readonly bail: boolean }

/** The options that keep a part of the suite out of a run; none where all of it runs. */
export function narrowingOf({ selection, versions, quick, bail }: Narrowing): string[] {
  const selected = [
    ['--area', selection.areas],
    ['--operation', selection.operations],
    ['--only', selection.only],
    ['--source', selection.sources],
  ] as const
  return [
    ...selected.flatMap(([option, values]) => (values === undefined ? [] : [`${option} ${values.join(',')}`])),
    ...(documentedVersions.every((version) => versions.includes(version)) ? [] : [`--api ${versions.join(',')}`]),
    ...(quick ? ['--quick'] : []),
    ...(bail ? ['--bail'] : []),
  ]
}
