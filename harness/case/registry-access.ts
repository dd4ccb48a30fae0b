import type { IncomingHttpHeaders } from 'node:http'

/** A user's name and password, as a registry checks them. */
export type Credentials = { readonly username: string; readonly password: string }

/**
 * Whom a registry lets in.
 * - `basic`: who shows the credentials (RFC 7617).
 * - `token`: who shows a token (RFC 6750), which the registry's own token service gives for the credentials or for the identity token. With the
 *   credentials, a client that asks for one also gets the identity token.
 */
export type RegistryAccess = ({ readonly scheme: 'basic' } & Credentials) | ({ readonly scheme: 'token'; readonly token: string; readonly identityToken: string } & Credentials)

type Asked = { readonly method: string; readonly query: URLSearchParams; readonly headers: IncomingHttpHeaders }

/** What stands at a registry's door. */
export type Gate = {
  /** What a request must be challenged with; undefined where it may pass. */
  challenge(headers: IncomingHttpHeaders, host: string): string | undefined
  /** The answer of the token service; undefined where it gives none. */
  token(asked: Asked, body: string): object | undefined
}

/** @param wanted undefined: everyone is let in */
export function access(wanted: RegistryAccess | undefined): Gate {
  if (wanted === undefined) return { challenge: () => undefined, token: () => undefined }
  const basic = `Basic ${Buffer.from(`${wanted.username}:${wanted.password}`).toString('base64')}`
  if (wanted.scheme === 'basic') {
    return { challenge: ({ authorization }) => (authorization === basic ? undefined : 'Basic realm="plimsoll"'), token: () => undefined }
  }
  const { token, identityToken, username, password } = wanted
  const granted = { token, access_token: token, expires_in: 300 }
  return {
    challenge: ({ authorization }, host) => (authorization === `Bearer ${token}` ? undefined : `Bearer realm="http://${host}/token",service="plimsoll"`),
    token({ method, query, headers }, body) {
      if (method === 'GET') {
        if (headers.authorization !== basic) return undefined
        return query.get('offline_token') === 'true' ? { ...granted, refresh_token: identityToken } : granted
      }
      // As OAuth 2 has it, RFC 6749, sections 4.3 and 6.
      const form = new URLSearchParams(body)
      const known =
        form.get('grant_type') === 'refresh_token' ? form.get('refresh_token') === identityToken : form.get('username') === username && form.get('password') === password
      return known ? { ...granted, refresh_token: identityToken } : undefined
    },
  }
}
