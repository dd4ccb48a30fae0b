import { markup, type Markup } from '../markup.ts'

/** Two values that a failure compares, as its text shows them, and the text before and after them. */
type Compared = { readonly before: string; readonly expected: string; readonly got: string }

/**
 * The text of a difference, with what was expected and what came set below each other and the place where they part marked,
 * where the text says both.
 */
export function differenceMarkup(text: string): Markup {
  const compared = parse(text)
  if (compared === undefined) return markup`${text}`
  const { before, expected, got } = compared
  const [head, tail] = shared(expected, got)
  const side = (name: string, value: string) =>
    markup`<span class="side"><b>${name}</b> ${value.slice(0, head)}<mark>${value.slice(head, value.length - tail)}</mark>${value.slice(value.length - tail)}</span>`
  return markup`${before}${side('expected', expected)}${side('got', got)}`
}

/** The forms in which failures name both values. */
function parse(text: string): Compared | undefined {
  const long = /^(.*); expected (.*); got (.*)$/s.exec(text)
  if (long !== null) return { before: long[1] ?? '', expected: long[2] ?? '', got: long[3] ?? '' }
  const status = /^(.*?\bexpected status )(\d{3}), got (\d{3})\b/s.exec(text)
  if (status !== null) return { before: text, expected: `status ${status[2]}`, got: `status ${status[3]}` }
  const short = /^expected ('[^'\n]*'|[\w.]+) to (?:be|equal|deeply equal) ('[^'\n]*'|[\w.]+)/.exec(text)
  return short === null ? undefined : { before: text, expected: short[2] ?? '', got: short[1] ?? '' }
}

/** How many characters two texts share at their beginning and at their end, the two not overlapping. */
function shared(one: string, other: string): [head: number, tail: number] {
  const limit = Math.min(one.length, other.length)
  let head = 0
  while (head < limit && one[head] === other[head]) head += 1
  let tail = 0
  while (tail < limit - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1
  return [head, tail]
}
