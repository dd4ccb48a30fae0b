/** The place of a value in JSON: names of fields, and `[]` for the entries of a list. */
export type Place = readonly string[]

/** Places that are kept of one body: a map of a thousand labels tells no more than ten. */
const placeLimit = 5_000

/**
 * All places of a JSON value, each once, in the form of `writePlace`.
 * @param filled only those that hold something: no null
 */
export function placesOf(value: unknown, filled = false): string[] {
  const found = new Set<string>()
  const walk = (at: unknown, place: Place) => {
    if (found.size >= placeLimit || (filled && at === null)) return
    if (place.length > 0) found.add(writePlace(place))
    if (Array.isArray(at)) at.forEach((entry) => walk(entry, [...place, '[]']))
    else if (typeof at === 'object' && at !== null) for (const [name, inner] of Object.entries(at)) walk(inner, [...place, name])
  }
  walk(value, [])
  return [...found]
}

/** A place as text, in which names keep their dots and slashes: parts as in a JSON pointer. */
export function writePlace(place: Place): string {
  return place.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The place that a text of `writePlace` names. */
export function readPlace(text: string): string[] {
  return text.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The place that the documented surface names: `HostConfig.PortBindings.*[].HostIp`, in which `*` stands for any name. */
export function documentedPlace(name: string): string[] {
  return name.split('.').flatMap((part) => {
    const lists = /(\[\])+$/.exec(part)?.[0] ?? ''
    const bare = part.slice(0, part.length - lists.length)
    return [...(bare === '' ? [] : [bare]), ...Array<string>(lists.length / 2).fill('[]')]
  })
}

/** Whether a place is the one that is documented. */
export function isPlace(documented: Place, place: Place): boolean {
  return documented.length === place.length && documented.every((part, index) => part === place[index] || (part === '*' && place[index] !== '[]'))
}
