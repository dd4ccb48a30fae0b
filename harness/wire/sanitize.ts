// What a terminal or a reader could take for something else: control characters (C0, DEL, C1), the
// bidirectional marks, overrides and isolates, zero-width characters, line and paragraph separators, the byte
// order mark, and surrogates without a partner.
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * Makes text of a daemon safe to show in a terminal: what would act there becomes a visible escape.
 * Tab and newline become escapes too, so that one value stays on one line.
 * @param text bytes are read as UTF-8, invalid ones become U+FFFD
 * @param limit characters that are kept; a longer text ends in `…`
 */
export function printable(text: string | Uint8Array, limit = 1000): string {
  const whole = typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString('utf8')
  const cut = whole.length > limit ? `${whole.slice(0, limit)}…` : whole
  return cut.replace(unsafe, escapeOf).replaceAll('\t', '\\t').replaceAll('\n', '\\n')
}

function escapeOf(character: string): string {
  if (character === '\r') return '\\r'
  const code = character.charCodeAt(0)
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
