/** An API version as the daemon writes it: `1.24`. */
export type ApiVersion = `${number}.${number}`

/** The versions at which something holds: from `since` on, until before `removedIn`. An open end is left out. */
export type Span = {
  readonly since?: ApiVersion
  readonly removedIn?: ApiVersion
}

/** The versions that this suite documents, oldest first. */
export const documentedVersions = ['1.18', '1.19', '1.20', '1.21', '1.22', '1.23', '1.24', '1.25'] as const satisfies readonly ApiVersion[]

/** Whether `text` has the form of an API version. */
export function isApiVersion(text: string): text is ApiVersion {
  return /^\d{1,4}\.\d{1,4}$/.test(text)
}

/**
 * Orders two versions by their numbers, so that 1.9 comes before 1.10.
 * @returns a negative number, zero or a positive number, as for `Array.sort`.
 */
export function compareVersions(a: ApiVersion, b: ApiVersion): number {
  const [majorA, minorA] = numbersOf(a)
  const [majorB, minorB] = numbersOf(b)
  return majorA - majorB || minorA - minorB
}

/** Whether `version` lies within `span`. */
export function covers(span: Span, version: ApiVersion): boolean {
  if (span.since !== undefined && compareVersions(version, span.since) < 0) return false
  if (span.removedIn !== undefined && compareVersions(version, span.removedIn) >= 0) return false
  return true
}

/** A span for people: `1.20 to 1.23`, `from 1.25`, `to 1.23`, `every version`. */
export function describeSpan(span: Span): string {
  const last = span.removedIn === undefined ? undefined : before(span.removedIn)
  if (span.since !== undefined && last !== undefined) return span.since === last ? span.since : `${span.since} to ${last}`
  if (span.since !== undefined) return `from ${span.since}`
  if (last !== undefined) return `to ${last}`
  return 'every version'
}

/** From the first of some versions to the last, for people: `1.18 to 1.25`, `1.24`, and `none` where there is none. */
export function describeRange(versions: readonly ApiVersion[]): string {
  const [first, last] = [versions.at(0), versions.at(-1)]
  return first === undefined ? 'none' : first === last ? first : `${first} to ${last}`
}

/**
 * Reads the `--api` option: `all`, or versions and ranges in a list (`1.20..1.23,1.25`).
 * @param text what the user wrote
 * @param known the versions to choose from, oldest first
 * @returns the chosen ones of `known`, oldest first, each once
 * @throws RangeError saying which part is wrong and what is possible
 */
export function selectVersions(text: string, known: readonly ApiVersion[] = documentedVersions): ApiVersion[] {
  if (text.trim() === 'all') return [...known]
  const chosen = new Set<ApiVersion>()
  for (const part of text.split(',').map((item) => item.trim())) {
    const [first, last = first, ...rest] = part.split('..').map((item) => item.trim().replace(/^v/, ''))
    if (first === undefined || last === undefined || rest.length > 0 || !isApiVersion(first) || !isApiVersion(last)) {
      throw new RangeError(`"${part}" is not an API version: write 1.24, 1.20..1.25, a list of these, or all`)
    }
    if (compareVersions(first, last) > 0) throw new RangeError(`the range ${part} is empty: its first version is newer than its last`)
    const within = known.filter((version) => compareVersions(version, first) >= 0 && compareVersions(version, last) <= 0)
    if (within.length === 0) throw new RangeError(`no case is documented for ${part}: this suite covers ${describeRange(known)}`)
    for (const version of within) chosen.add(version)
  }
  return known.filter((version) => chosen.has(version))
}

function numbersOf(version: ApiVersion): [major: number, minor: number] {
  const [major, minor] = version.split('.')
  return [Number(major), Number(minor)]
}

function before(version: ApiVersion): ApiVersion {
  const [major, minor] = numbersOf(version)
  return `${major}.${minor - 1}`
}
