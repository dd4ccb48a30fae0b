import type { ApiVersion } from '../versions.ts'
import { matchesPattern } from '../pattern.ts'

/** A failure that is understood: why it is there, and who shows it. */
export type KnownFailing = {
  /** The id of a requirement, or a pattern in which `*` stands for any run of characters: then each of them fails so. */
  readonly id: string
  /** The versions at which it fails so. */
  readonly versions: readonly ApiVersion[]
  /** A part of the failure's text: another failure of the same case is no known one. */
  readonly because: string
  readonly reason: string
  readonly link: string
  /** Not each case of the pattern fails so, or not each time, as a race of the daemon's has it: a pass does not make the entry stale. */
  readonly sometimes?: true
}

/** The entry for a case at a version, whatever its failure says. */
export function knownFailingsOf(entries: readonly KnownFailing[], id: string, version: ApiVersion): KnownFailing[] {
  return entries.filter((entry) => matchesPattern(entry.id, id) && entry.versions.includes(version))
}

/** The entry that is refuted where its case passes. */
export function refuted(entries: readonly KnownFailing[]): KnownFailing | undefined {
  return entries.find(({ sometimes }) => !sometimes)
}

/** The entry that this very failure is known by. */
export function knownAs(entries: readonly KnownFailing[], id: string, version: ApiVersion, failureText: string): KnownFailing | undefined {
  return knownFailingsOf(entries, id, version).find((entry) => failureText.includes(entry.because))
}
