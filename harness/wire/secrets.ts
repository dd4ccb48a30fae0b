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
