import type { Results } from './results.ts'

// What JSON may hold as it is, but a terminal or a reader could take for something else: DEL and C1, bidirectional
// overrides, zero-width characters, separators, the byte order mark, noncharacters. C0 and lone surrogates JSON escapes itself.
const unsafe = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g

/**
 * The content of `results.json`: JSON, with what could act on a terminal or mislead a reader written as `\u` escapes. They
 * stand within strings only, so that the parsed value is the same.
 */
export function formatResults(results: Results): string {
  return `${JSON.stringify(results).replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
}
