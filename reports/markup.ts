import { visible } from './visible.ts'

const escaped = Symbol('escaped')

/** HTML or XML that is known to be escaped. Parsed JSON can't pass for it: its key is a symbol that only this file has. */
export type Markup = { readonly [escaped]: string }

/** What can stand in a template. `false` and `undefined` leave nothing behind. */
export type Insertion = string | number | false | undefined | Markup | readonly Markup[]

/**
 * A template for HTML and XML: what is put in is escaped, for text and for quoted attributes alike, unless it is a
 * template's own result. Control characters and what else acts on a reader's screen become visible escapes.
 */
export function markup(literals: TemplateStringsArray, ...values: readonly Insertion[]): Markup {
  const [first = '', ...rest] = literals
  return { [escaped]: first + rest.map((literal, index) => textOf(values[index]) + literal).join('') }
}

/** Markup that is taken as it is: for the project's own style and script. Never for what came from elsewhere. */
export function trusted(text: string): Markup {
  return { [escaped]: text }
}

/** The text of a template. */
export function markupText(content: Markup): string {
  return content[escaped]
}

function textOf(value: Insertion): string {
  if (value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map(textOf).join('')
  if (typeof value === 'object' && escaped in value) return value[escaped]
  return escapeMarkup(String(value))
}

function escapeMarkup(text: string): string {
  const shown = visible(text)
  if (!/[&<>"']/.test(shown)) return shown
  return shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}
