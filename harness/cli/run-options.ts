import { InvalidArgumentError } from 'commander'
import type { KnownFailing } from '../case/known-failings.ts'
import type { Catalogued } from '../case/runner.ts'
import { matchesPattern } from '../pattern.ts'
import { shapeRequirement } from '../case/shape-outcomes.ts'
import { loadCatalogue } from '../schema/load.ts'
import { selectVersions, type ApiVersion } from '../versions.ts'
import { CouldNotRun } from './exit.ts'
import { readKnownFailings, shippedKnownFailings } from './known-failings-file.ts'

/**
 * The list of known failings that an option asks for; without one, that which comes with the suite for the daemon.
 * @throws CouldNotRun where there is no such list, or an entry is about no requirement: it would never be found stale
 */
export function knownFailingsFor(option: string | undefined, product: string, version: string, catalogue: readonly Catalogued[]): { from: string; entries: readonly KnownFailing[] } | undefined {
  if (option === 'none') return undefined
  const file = option === undefined ? shippedKnownFailings(product, version) : readKnownFailings(option)
  if (file === undefined) return undefined
  const ids = [...catalogue.map(({ requirement }) => requirement), ...loadCatalogue().operations.map(shapeRequirement)].map(({ id }) => id)
  const lost = file.entries.find((entry) => !ids.some((id) => matchesPattern(entry.id, id)))
  if (lost !== undefined) throw new CouldNotRun(`${file.path}: no case is called "${lost.id}": take the entry off, or write the id as "plimsoll list" has it`)
  return { from: file.path, entries: file.entries }
}

/** The versions that `--api` names. @throws InvalidArgumentError */
export function versionsArgument(text: string): ApiVersion[] {
  try {
    return selectVersions(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
  }
}

/** The number that `--workers` names. @throws InvalidArgumentError */
export function workersArgument(text: string): number {
  const workers = Number(text)
  if (!Number.isInteger(workers) || workers < 1 || workers > 64) throw new InvalidArgumentError('write a number from 1 to 64')
  return workers
}

/** Reads options that are whole numbers of at least so many. What it returns throws InvalidArgumentError. */
export function wholeNumberArgument(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (!Number.isSafeInteger(number) || number < least) throw new InvalidArgumentError('write a whole number')
    return number
  }
}

/** The seconds that `--answer-within` names. @throws InvalidArgumentError */
export function secondsArgument(text: string): number {
  const seconds = Number(text)
  if (!(seconds > 0 && seconds <= 3600)) throw new InvalidArgumentError('write a number of seconds, at most 3600')
  return seconds
}
