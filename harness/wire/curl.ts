import type { Exchange } from './exchange.ts'

/** Headers that curl sets by itself, or that would be wrong for a repeated request. */
const ownHeaders = new Set(['host', 'content-length', 'connection', 'upgrade', 'transfer-encoding'])

/**
 * A shell line that repeats a request. Secrets were blanked when it was recorded, and stay so.
 * @param endpoint as `describeEndpoint` says it: `unix:///…`, `tcp://…`, `https://…`; anything else becomes `$DAEMON`
 */
export function curlLine(exchange: Exchange, endpoint: string): string {
  const parts = ['curl', '-sS', '-i', ...(endpoint.startsWith('unix://') ? ['--unix-socket', quote(endpoint.slice('unix://'.length))] : [])]
  if (exchange.method === 'HEAD') parts.push('-I')
  else if (exchange.method !== 'GET' || exchange.requestBody !== undefined) parts.push('-X', quote(exchange.method))
  const upgrade = exchange.requestHeaders.some(([name]) => name.toLowerCase() === 'upgrade')
  if (upgrade) parts.push('--no-buffer', '-H', quote('Connection: Upgrade'), '-H', quote('Upgrade: tcp'))
  for (const [name, value] of exchange.requestHeaders) {
    if (!ownHeaders.has(name.toLowerCase())) parts.push('-H', quote(`${name}: ${value}`))
  }
  const body = exchange.requestBody
  let before = ''
  if (body !== undefined && body.size > 0) {
    const bytes = Buffer.from(body.base64, 'base64')
    const text = bytes.toString('utf8')
    const whole = bytes.byteLength === body.size
    if (whole && Buffer.from(text).equals(bytes) && !text.includes('\0')) parts.push('--data-binary', quote(text))
    else {
      // Where only a part was recorded the line says so, and repeats what there is.
      before = `${whole ? '' : `: the first ${bytes.byteLength} of ${body.size} bytes; `}base64 -d <<< ${quote(body.base64)} | `
      parts.push('--data-binary', '@-')
    }
  }
  parts.push(quote(urlOf(exchange.path, endpoint)))
  return before + parts.join(' ')
}

function urlOf(path: string, endpoint: string): string {
  if (endpoint.startsWith('unix://')) return `http://localhost${path}`
  if (endpoint.startsWith('tcp://')) return `http://${endpoint.slice('tcp://'.length)}${path}`
  if (/^https?:\/\//.test(endpoint)) return `${endpoint}${path}`
  return `http://DAEMON${path}`
}

/** For a POSIX shell: in single quotes, unless nothing in it has a meaning there. Control characters stay out of terminals. */
function quote(text: string): string {
  if (/^[A-Za-z0-9_\/:=.,@%+-]+$/.test(text)) return text
  if (/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(text)) {
    const escaped = [...Buffer.from(text)].map((byte) => (byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`))
    return `$'${escaped.join('')}'`
  }
  return `'${text.replaceAll("'", `'\\''`)}'`
}
