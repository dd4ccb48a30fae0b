import { visible } from './visible.ts'

/**
 * Text of anyone's as code in Markdown: shown letter by letter. What could end the code, begin a link or a table's next cell is
 * written as an entity; within code no service makes mentions of names and numbers.
 */
export function code(text: string, limit = 200): string {
  const shown = visible(text.length > limit ? `${text.slice(0, limit)}…` : text).replaceAll('\n', ' ')
  return `<code>${shown.replace(/[^\p{L}\p{N} ,…\-/.%?=+;'"]|(?<=www)\./giu, (character) => `&#${character.codePointAt(0)};`)}</code>`
}

/** A table. Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
