import { matchesPattern } from '../pattern.ts'
import { covers, type ApiVersion } from '../versions.ts'
import type { Requirement } from './outcome.ts'
import type { Phase, Selection } from './settings.ts'

/** Whether a selection takes a requirement. */
export function selects(selection: Selection, requirement: Requirement): boolean {
  const { areas, operations, only, sources } = selection
  if (areas !== undefined && !areas.includes(requirement.area)) return false
  if (operations !== undefined && !operations.some((operation) => sameOperation(operation, requirement.operation))) return false
  if (only !== undefined && !only.some((pattern) => matchesPattern(pattern, requirement.id))) return false
  if (sources !== undefined && !sources.some((source) => requirement.sources.some((own) => plainSource(own) === plainSource(source)))) return false
  return true
}

/** When in a run a requirement is held against the daemon. */
export function phaseOf({ inSwarm, alone }: Requirement): Phase {
  if (inSwarm) return alone ? 'swarm-alone' : 'swarm'
  return alone ? 'alone' : 'together'
}

/** Whether the cases of a phase run side by side. */
export function runsTogether(phase: Phase): boolean {
  return phase === 'together' || phase === 'swarm'
}

/** A source without the word that a numbered change has before it: `change 1.24/07` and `1.24/07` are the same. */
export function plainSource(source: string): string {
  return source.trim().replace(/^change\s+/, '')
}

/**
 * The versions of a run at which a requirement is held against the daemon.
 * @param quick the first and the last of them only, as for a requirement that says so of itself
 */
export function versionsOf(requirement: Requirement, versions: readonly ApiVersion[], quick: boolean): ApiVersion[] {
  const all = versions.filter((version) => covers(requirement, version))
  return quick || requirement.versions === 'ends' ? all.filter((_, index) => index === 0 || index === all.length - 1) : all
}

/** Compares `GET /containers/{id}/json` and `get /containers/{}/json` as the same operation. */
export function sameOperation(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

function plain(operation: string): string {
  return operation.trim().replace(/\{[^}]*\}/g, '{}').replace(/^\S+/, (method) => method.toUpperCase()).replace(/\s+/, ' ')
}
