import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canonicalJson } from '../../reports/canonical-json.ts'
import type { Requirement } from '../case/outcome.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a verdict depends on. */
const places = ['harness', 'schemas', 'suites']

/**
 * The SHA-256 of the suite as it is installed: of a list of its files in the order of their names, each line a file's own
 * SHA-256, two blanks and its path, as sha256sum writes it. Tests of ours are left out.
 */
export function suiteDigest(): string {
  const files = places
    .flatMap((place) => readdirSync(join(root, place), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.test\.[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort()
  return sha256(files.map((file) => `${sha256(readFileSync(join(root, file)))}  ${file}\n`).join(''))
}

/** The SHA-256 of all requirements, sorted by id, as canonical JSON. */
export function catalogueDigest(requirements: readonly Requirement[]): string {
  return sha256(canonicalJson(requirements.toSorted((one, other) => (one.id < other.id ? -1 : 1))))
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
