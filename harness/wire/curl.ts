import type { Exchange } from './exchange.ts'
import { headerValue } from './head.ts'

/** Headers that curl sets by itself, or that would be wrong for a repeated request. */
const ownHeaders = new Set(['host', 'content-length', 'connection', 'upgrade', 'transfer-encoding'])

/**
 * A line for a POSIX shell that repeats a request, header by header. Secrets were blanked when it was recorded, and stay so.
 * @param endpoint as `describeEndpoint` says it: `unix:///…`, `tcp://…`, `https://…`; anything else becomes the host DAEMON
 */
export function curlLine(exchange: Exchange, endpoint: string): string {
  const { method, path, requestHeaders: headers, requestBody: body } = exchange
  const parts = ['curl', '-sS', '-i', ...(endpoint.startsWith('unix://') ? ['--unix-socket', quote(endpoint.slice('unix://'.length))] : [])]
  if (method === 'HEAD') parts.push('-I')
  else if (method !== 'GET' || body !== undefined) parts.push('-X', quote(method))
  // What curl would make of a path by itself.
  if (/[[\]{}]/.test(path)) parts.push('--globoff')
  if (/\/\.{1,2}(?:[/?#]|$)/.test(path)) parts.push('--path-as-is')
  const upgrade = headerValue(headers, 'Upgrade')
  if (upgrade !== undefined) parts.push('--no-buffer', '-H', quote('Connection: Upgrade'), '-H', quote(`Upgrade: ${upgrade}`))
  for (const [name, value] of headers) {
    // With nothing after the colon curl would leave the header out.
    if (!ownHeaders.has(name.toLowerCase())) parts.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`))
  }
  let before = ''
  if (body !== undefined && body.size > 0) {
    // curl takes any body for a form's, unless told otherwise.
    if (headerValue(headers, 'Content-Type') === undefined) parts.push('-H', quote('Content-Type:'))
    const bytes = Buffer.from(body.base64, 'base64')
    const text = bytes.toString('utf8')
    const whole = bytes.byteLength === body.size
    if (whole && Buffer.from(text).equals(bytes) && !unsafe.test(text)) parts.push('--data-raw', quote(text))
    else {
      // Where only a part was recorded the line says so, and repeats what there is.
      before = `${whole ? '' : `: the first ${bytes.byteLength} of ${body.size} bytes; `}printf %s ${quote(body.base64)} | base64 -d | `
      parts.push('--data-binary', '@-')
    }
  }
  parts.push(quote(urlOf(path, endpoint)))
  return before + parts.join(' ')
}

function urlOf(path: string, endpoint: string): string {
  if (endpoint.startsWith('unix://')) return `http://localhost${path}`
  if (endpoint.startsWith('tcp://')) return `http://${endpoint.slice('tcp://'.length)}${path}`
  if (/^https?:\/\//.test(endpoint)) return `${endpoint}${path}`
  return `http://DAEMON${path}`
}

// Control characters, and what turns the direction of a text: they stay out of terminals.
const unsafe = /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/

/** For a POSIX shell: in single quotes, unless nothing in it has a meaning there; by printf where a character should not be seen. */
function quote(text: string): string {
  if (/^[A-Za-z0-9_\/:=.,@%+-]+$/.test(text)) return text
  if (!unsafe.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  const escaped = [...Buffer.from(text)].map((byte) => (/[\w/:=.,@+ -]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`))
  return `"$(printf '${escaped.join('')}')"`
}
