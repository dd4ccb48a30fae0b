import type { BodyRecord, Exchange, HeaderLines } from './exchange.ts'

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'x-registry-auth', 'x-registry-config', 'cookie', 'set-cookie'])
const secretMember = /("(?:password|auth|identitytoken|registrytoken|secret|token|unlockkey)"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi

/** What stands in the place of a secret. */
export const blank = '<blanked>'

/** Blanks the secrets of an exchange before it is kept: credentials in headers and in JSON bodies. */
export function blankSecrets(exchange: Exchange): Exchange {
  return {
    ...exchange,
    requestHeaders: blankHeaders(exchange.requestHeaders),
    ...(exchange.responseHeaders && { responseHeaders: blankHeaders(exchange.responseHeaders) }),
    ...(exchange.requestBody && { requestBody: blankBody(exchange.requestBody) }),
    ...(exchange.responseBody && { responseBody: blankBody(exchange.responseBody) }),
  }
}

function blankHeaders(headers: HeaderLines): HeaderLines {
  return headers.map(([name, value]) => [name, secretHeaders.has(name.toLowerCase()) ? blank : value])
}

function blankBody(body: BodyRecord): BodyRecord {
  // latin1 keeps every byte as it is on the way there and back.
  const text = Buffer.from(body.base64, 'base64').toString('latin1')
  if (!/^\s*[{[]/.test(text)) return body
  const blanked = text.replace(secretMember, (_, member: string) => `${member}"${blank}"`)
  return blanked === text ? body : { base64: Buffer.from(blanked, 'latin1').toString('base64'), size: body.size }
}
