import { printable } from '../harness/wire/sanitize.ts'

/**
 * Makes text of any length and any number of lines safe to show: what a terminal or a reader could take for
 * something else becomes a visible escape, as `printable` has it. Newlines and tabs stay as they are.
 */
export function visible(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map((part) => printable(part, Infinity)).join('\t'))
    .join('\n')
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
}
