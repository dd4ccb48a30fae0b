const width = 16

/**
 * Bytes as lines of offset, sixteen bytes in hexadecimal, and the same as ASCII with a dot for all else.
 * @param from the offset that the first byte is given
 */
export function hexdump(bytes: Uint8Array, from = 0): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.byteLength; at += width) {
    const row = [...bytes.subarray(at, at + width)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0'))
    const halves = `${hex.slice(0, 8).join(' ').padEnd(23)}  ${hex.slice(8).join(' ').padEnd(23)}`
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${(from + at).toString(16).padStart(8, '0')}  ${halves}  |${ascii}|`)
  }
  return lines.join('\n')
}
