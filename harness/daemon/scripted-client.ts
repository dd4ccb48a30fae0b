// Test support: a client without a daemon. Its answers are scripted, and it writes down what it was asked.
import { wholeAnswer, type Answer, type Client } from '../wire/http.ts'
import type { RequestOptions } from '../wire/request.ts'

/** What the script says to one request. */
export type ScriptedAnswer = { readonly status?: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }

/** A request as the client was asked to make it. */
export type ScriptedRequest = { readonly method: string; readonly path: string; readonly body: unknown }

/** Makes an answer as a daemon's would be read: an object or a list is its JSON, a text its bytes. */
export function scriptedAnswer({ status = 200, body = '', headers = {} }: ScriptedAnswer, method = 'GET', path = '/'): Answer {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const lines = Object.entries(headers)
  const responseBody = { base64: bytes.toString('base64'), size: bytes.byteLength }
  return wholeAnswer({ status, headers: lines }, { method, path, requestHeaders: [], status, reason: '', responseHeaders: lines, responseBody, atMs: 0, durationMs: 1 }, bytes)
}

/**
 * A client that answers as the script says.
 * @param script an error is thrown as the wire's own would be; undefined is a 404
 */
export function scriptedClient(script: (request: ScriptedRequest) => ScriptedAnswer | Error | undefined): Client & { readonly requests: readonly ScriptedRequest[] } {
  const requests: ScriptedRequest[] = []
  return {
    endpoint: { kind: 'socket', path: '/scripted.sock' },
    requests,
    async request(method: string, path: string, options: RequestOptions = {}) {
      const request = { method, path, body: options.body }
      requests.push(request)
      const said = script(request) ?? { status: 404, body: { message: 'page not found' } }
      if (said instanceof Error) throw said
      const answer = scriptedAnswer(said, method, path)
      options.recording?.record(answer.exchange)
      return answer
    },
    stream: () => Promise.reject(new TypeError('a scripted client has no streams')),
    close: () => Promise.resolve(),
  }
}
