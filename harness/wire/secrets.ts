import type { BodyRecord, Exchange, HeaderLines } from './exchange.ts'

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'x-registry-auth', 'x-registry-config', 'cookie', 'set-cookie'])
// A swarm's tokens by the look of them, for they stand in members of harmless names: {"JoinTokens":{"Worker":"SWMTKN-1-…"}}.
const swarmToken = /SWM(?:TKN|KEY)-\d+-[\w-]+/g
const secretMember = /("(?:password|auth|identitytoken|registrytoken|secret|token|jointoken|unlockkey)"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi

/** What stands in the place of a secret. */
export const blank = '<blanked>'

/** Blanks the secrets of an exchange before it is kept: credentials in headers, in JSON bodies and in pieces of JSON that crossed the connection. */
export function blankSecrets(exchange: Exchange): Exchange {
  return {
    ...exchange,
    requestHeaders: blankHeaders(exchange.requestHeaders),
    ...(exchange.responseHeaders && { responseHeaders: blankHeaders(exchange.responseHeaders) }),
    ...(exchange.requestBody && { requestBody: blankBody(exchange.requestBody) }),
    ...(exchange.responseBody && { responseBody: blankBody(exchange.responseBody) }),
    ...(exchange.chunks && { chunks: exchange.chunks.map((chunk) => ({ ...chunk, ...blankBody(chunk) })) }),
  }
}

function blankHeaders(headers: HeaderLines): HeaderLines {
  return headers.map(([name, value]) => [name, secretHeaders.has(name.toLowerCase()) ? blank : value])
}

function blankBody(body: BodyRecord): BodyRecord {
  // latin1 keeps every byte as it is on the way there and back.
  const text = Buffer.from(body.base64, 'base64').toString('latin1')
  if (!/^\s*[{[]/.test(text)) return body
  const blanked = text.replace(secretMember, (_, member: string) => `${member}"${blank}"`).replace(swarmToken, blank)
  if (blanked === text) return body
  // The size goes along, so that a record of a whole body still counts as whole.
  return { base64: Buffer.from(blanked, 'latin1').toString('base64'), size: body.size + blanked.length - text.length }
}

/** How a text looks in base64 wherever it stands in a longer one: the characters that depend on it alone, for each of three beginnings. */
function base64Forms(secret: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), secret]).toString('base64')
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + secret.byteLength) * 8) / 6))
  })
}

/** Text that holds fewer characters of a secret than this tells nothing of it. */
const tellingLength = 4

/** Members of an outcome, an observation or a chunk whose words are the suite's own: a password may be one of them. */
const ownWords: ReadonlySet<string> = new Set(['id', 'operation', 'version', 'verdict', 'from'])

/**
 * Blanks values that must not be kept, wherever they stand in evidence: in its strings and in the bodies on record, as they are, percent-encoded,
 * and within base64. For credentials that were given to the suite, which a daemon may send back in any place. The names of members are the
 * suite's own, and so is what stands in those of `ownWords`: a password that is a common word spoils no id.
 */
export function blankValues<T>(data: T, secrets: readonly string[]): T {
  const forms = secrets.flatMap((secret) => {
    const base64 = base64Forms(Buffer.from(secret))
    return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64, ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))]
  })
  const wanted = [...new Set(forms)].filter((form) => form.length >= tellingLength)
  if (wanted.length === 0) return data
  const blanked = (text: string) => wanted.reduce((rest, form) => rest.replaceAll(form, blank), text)
  const bytes = (base64: string) => {
    const text = Buffer.from(base64, 'base64').toString('latin1')
    // As bytes: what is not ASCII of a secret stands there in UTF-8.
    const clean = wanted.reduce((rest, form) => rest.replaceAll(Buffer.from(form).toString('latin1'), blank), text)
    return clean === text ? base64 : Buffer.from(clean, 'latin1').toString('base64')
  }
  const member = (key: string, value: unknown) => {
    if (typeof value !== 'string') return walk(value)
    if (ownWords.has(key)) return value
    return key === 'base64' ? bytes(value) : blanked(value)
  }
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return blanked(value)
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, member(key, each)]))
  }
  return walk(data) as T
}
