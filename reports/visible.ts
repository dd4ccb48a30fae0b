import { printable } from '../harness/wire/sanitize.ts'

/**
 * Makes text of any length and any number of lines safe to show: what a terminal or a reader could take for
 * something else becomes a visible escape, as `printable` has it. Newlines and tabs stay as they are.
 */
export function visible(text: string): string {
  // Most of what reports show: nothing to be done, and reports show megabytes.
  if (!/[^\x20-\x7e\n\t]/.test(text)) return text
  return text
    .split('\n')
    .map((line) => line.split('\t').map((part) => printable(part, Infinity)).join('\t'))
    .join('\n')
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
}
