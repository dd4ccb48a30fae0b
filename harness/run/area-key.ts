import type { ApiVersion } from '../versions.ts'

/** The name of a version's area, as progress counts it: `v1.24 containers`. */
export function areaKey(version: ApiVersion, area: string): string {
  return `v${version} ${area}`
}
