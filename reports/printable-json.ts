// What JSON may hold as it is, but a terminal or a reader could take for something else: DEL and C1, bidirectional
// overrides, zero-width characters, separators, the byte order mark, noncharacters. C0 and lone surrogates JSON escapes itself.
const unsafe = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g

/**
 * JSON with a newline at its end, with what could act on a terminal or mislead a reader written as `\u` escapes. They stand within
 * strings only, so that the parsed value is the same.
 * @param indent spaces of each level; all on one line without
 */
export function printableJson(value: object, indent?: number): string {
  return `${JSON.stringify(value, null, indent).replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
}
