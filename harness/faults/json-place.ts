/** The way to values inside JSON: names of fields, `[]` for each entry of a list, `*` for each value of a map. */
export type Place = readonly string[]

/** A place for people: `HostConfig.PortBindings.*[].HostIp`. */
export function writePlace(place: Place): string {
  return place.map((part, index) => (part === '[]' || index === 0 ? part : `.${part}`)).join('')
}

/** What is made of the field at the end of a place; undefined takes it out. */
export type Change = (value: unknown) => unknown

/**
 * A copy of a JSON value with every field at a place changed. What is not there is not made.
 * @returns the same value where nothing is at that place
 */
export function changeAt(value: unknown, place: Place, change: Change): unknown {
  const [part, ...rest] = place
  if (part === undefined) return change(value)
  if (part === '[]') {
    if (!Array.isArray(value)) return value
    return sameOr(value, value.map((entry) => changeAt(entry, rest, change)).filter((entry) => entry !== undefined))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const names = part === '*' ? Object.keys(value) : Object.hasOwn(value, part) ? [part] : []
  if (names.length === 0) return value
  const entries = Object.entries(value).flatMap(([name, inner]): [string, unknown][] => {
    if (!names.includes(name)) return [[name, inner]]
    const changed = changeAt(inner, rest, change)
    return changed === undefined ? [] : [[name, changed]]
  })
  const changed = Object.fromEntries(entries)
  return entries.length === Object.keys(value).length && entries.every(([name, inner]) => Object.is((value as Record<string, unknown>)[name], inner)) ? value : changed
}

/** Whether a JSON value has something at a place. */
export function hasPlace(value: unknown, place: Place): boolean {
  const [part, ...rest] = place
  if (part === undefined) return true
  if (part === '[]') return Array.isArray(value) && value.some((entry) => hasPlace(entry, rest))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (part === '*') return Object.values(value).some((inner) => hasPlace(inner, rest))
  return Object.hasOwn(value, part) && hasPlace((value as Record<string, unknown>)[part], rest)
}

function sameOr(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return before.length === after.length && before.every((entry, index) => Object.is(entry, after[index])) ? before : after
}
