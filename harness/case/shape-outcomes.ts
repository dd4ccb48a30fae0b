import type { Operation } from '../schema/operations.ts'
import type { ApiVersion } from '../versions.ts'
import { printable } from '../wire/sanitize.ts'
import { knownFailingsOf, refuted, type KnownFailing } from './known-failings.ts'
import type { Outcome, Requirement } from './outcome.ts'
import type { ShapeObservation, ShapeViolation } from './shape.ts'

/** What all cases of one version saw of one operation's answers. */
export type VersionedObservation = ShapeObservation & { readonly version: ApiVersion }

/** The requirement that an operation's answers have their documented shape. Its id is the operation's with `-shape`. */
export function shapeRequirement(operation: Operation): Requirement {
  return {
    id: `${operation.id}-shape`,
    title: 'must answer in the documented shape: content type, fields, types, the form of errors',
    level: 'must',
    area: operation.area as Requirement['area'],
    operation: operation.operation,
    sources: ['operation'],
    needs: [],
    alone: false,
    disposable: false,
    ...(operation.since && { since: operation.since }),
    ...(operation.removedIn && { removedIn: operation.removedIn }),
  }
}

/**
 * Turns what all cases saw in passing into one outcome per operation and version: a violation is
 * charged once, to the shape of the operation that answered, and not to each case that happened to call it.
 */
export function shapeOutcomes(
  operations: readonly Operation[],
  observations: readonly VersionedObservation[],
  known: readonly KnownFailing[],
): { requirement: Requirement; outcome: Outcome }[] {
  const grouped = Map.groupBy(observations, ({ operation, version }) => `${operation} ${version}`)
  return [...grouped.values()].flatMap((group) => {
    const [first] = group
    const operation = operations.find(({ id }) => id === first?.operation)
    if (first === undefined || operation === undefined) return []
    const requirement = shapeRequirement(operation)
    const violations = distinct(group.flatMap((observation) => observation.violations))
    return [{ requirement, outcome: outcomeOf(requirement, first.version, violations, known) }]
  })
}

function outcomeOf(requirement: Requirement, version: ApiVersion, violations: readonly ShapeViolation[], known: readonly KnownFailing[]): Outcome {
  const base = { id: requirement.id, version, startedAt: 0, durationMs: 0, waitedMs: 0 }
  const entries = knownFailingsOf(known, requirement.id, version)
  const unlisted = violations.filter((violation) => !entries.some((entry) => textOf(violation).includes(entry.because)))
  const seen = entries.filter((entry) => violations.some((violation) => textOf(violation).includes(entry.because)))
  const stale = refuted(entries.filter((entry) => !seen.includes(entry)))
  const transcript = violations.slice(0, 10).map(({ exchange }) => exchange)

  if (unlisted.length > 0) {
    const [first] = unlisted
    const difference = unlisted.map(textOf).join('\n')
    return {
      ...base,
      verdict: 'fail',
      reason: `${unlisted.length} ${unlisted.length === 1 ? 'violation' : 'violations'} of the documented shape, the first: ${first === undefined ? '' : textOf(first)}`,
      failure: {
        documented: requirement.title,
        difference,
        ...(first && { sent: `${first.exchange.method} ${printable(first.exchange.path, 500)}`, received: `status ${first.status}` }),
      },
      transcript: unlisted.slice(0, 10).map(({ exchange }) => exchange),
    }
  }
  if (stale !== undefined) {
    return { ...base, verdict: 'stale', reason: `"${stale.because}" is listed as known to fail ("${stale.reason}"), and did not: take the entry off the list`, transcript: [] }
  }
  const [entry] = seen
  if (entry !== undefined) {
    return {
      ...base,
      verdict: 'known',
      reason: seen.map(({ reason }) => reason).join('; '),
      link: entry.link,
      failure: { documented: requirement.title, difference: violations.map(textOf).join('\n') },
      transcript,
    }
  }
  return { ...base, verdict: 'pass', transcript: [] }
}

function textOf(violation: ShapeViolation): string {
  return `${violation.status} ${violation.pointer === '' ? '/' : printable(violation.pointer, 300)}: ${printable(violation.message, 300)}`
}

function distinct(violations: readonly ShapeViolation[]): ShapeViolation[] {
  const byShape = Map.groupBy(violations, ({ status, pointer, keyword }) => `${status} ${pointer.replace(/\/(\d+|[0-9a-f]{64})(?=\/|$)/g, '/*')} ${keyword}`)
  return [...byShape.values()].flatMap(([first]) => (first === undefined ? [] : [first]))
}
