import type { ApiVersion } from '../../harness/versions.ts'

/** The fragment of an area's section. */
export function areaAnchor(area: string): string {
  return `area-${area}`
}

/** The fragment of an operation's section: `op-post-containers-create`. */
export function operationAnchor(operation: string): string {
  return `op-${operation.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/-$/, '')}`
}

/** The fragment of a requirement, or of its evidence at a version. */
export function requirementAnchor(id: string, version?: ApiVersion): string {
  return version === undefined ? `r-${id}` : `r-${id}-v${version}`
}
