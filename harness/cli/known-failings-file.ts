import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { KnownFailing } from '../case/known-failings.ts'
import { isRecord } from '../schema/load.ts'
import { isApiVersion, selectVersions } from '../versions.ts'
import { CouldNotRun } from './exit.ts'

/** A list of known failings, and the daemon that it is about. */
export type KnownFailingsFile = {
  readonly path: string
  readonly product: string
  /** How the daemon's version begins: `20.10.`. */
  readonly version: string
  readonly entries: readonly KnownFailing[]
}

const shippedFolder = fileURLToPath(new URL('../../ci/known-failings/', import.meta.url))

/** The list that comes with the suite for this daemon, if there is one. */
export function shippedKnownFailings(product: string, version: string): KnownFailingsFile | undefined {
  return readdirSync(shippedFolder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readKnownFailings(shippedFolder + name))
    .find((file) => file.product.toLowerCase() === product.toLowerCase() && version.startsWith(file.version))
}

/**
 * Reads a list of known failings.
 * @throws CouldNotRun saying which entry is wrong and how
 */
export function readKnownFailings(path: string): KnownFailingsFile {
  let content: unknown
  try {
    content = parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new CouldNotRun(`the known failings ${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  if (!isRecord(content) || !isRecord(content.daemon) || !Array.isArray(content.failings)) {
    throw new CouldNotRun(`${path} is no list of known failings: it needs "daemon" (product, version) and "failings"`)
  }
  const { product, version } = content.daemon
  if (typeof product !== 'string' || typeof version !== 'string') throw new CouldNotRun(`${path}: "daemon" needs a "product" and a "version", as text`)
  return { path, product, version, entries: content.failings.map((entry, index) => readEntry(entry, `${path}: entry ${index + 1}`)) }
}

function readEntry(entry: unknown, where: string): KnownFailing {
  if (!isRecord(entry)) throw new CouldNotRun(`${where} is no mapping`)
  const { id, because, reason, link, versions, sometimes, ...rest } = entry
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new CouldNotRun(`${where} has an unknown member "${unknown}"`)
  for (const [name, value] of Object.entries({ id, because, reason, link })) {
    if (typeof value !== 'string' || value === '') throw new CouldNotRun(`${where} lacks "${name}"`)
  }
  if (!/^https:\/\//.test(String(link))) throw new CouldNotRun(`${where}: "link" must be an https:// address that shows the reason`)
  if (sometimes !== undefined && sometimes !== true) throw new CouldNotRun(`${where}: "sometimes" is true, or left out`)
  return { id: String(id), because: String(because), reason: String(reason), link: String(link), versions: readVersions(versions, where), ...(sometimes && { sometimes }) }
}

function readVersions(versions: unknown, where: string): KnownFailing['versions'] {
  if (typeof versions === 'string') {
    try {
      return selectVersions(versions)
    } catch (error) {
      throw new CouldNotRun(`${where}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (!Array.isArray(versions) || versions.length === 0) throw new CouldNotRun(`${where} lacks "versions": a range ('1.18..1.23'), or a list in quotes`)
  return versions.map((version) => {
    if (typeof version !== 'string' || !isApiVersion(version)) throw new CouldNotRun(`${where}: ${String(version)} is no version; put it in quotes`)
    return version
  })
}
