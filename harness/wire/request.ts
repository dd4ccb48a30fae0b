import type { Readable } from 'node:stream'
import { authority, type Endpoint } from './endpoint.ts'
import type { Recording } from './recorder.ts'

/** What a request carries. A plain object or array is sent as JSON. */
export type RequestBody = Uint8Array | string | Readable | object

/** How a request is made. */
export type RequestOptions = {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: RequestBody
  /** For the whole answer. */
  readonly timeoutMs?: number
  /** Bytes of body that are read; more is an error. */
  readonly maxBytes?: number
  readonly recording?: Recording
  /** Ends the request, and the reading of its answer, at once: the error is a WireError of kind `aborted`. */
  readonly signal?: AbortSignal
}

/** What holds for all requests of a client. */
export type ClientOptions = {
  /** The most that any of them may wait for its whole answer, whatever it asks for itself. */
  readonly longestMs?: number | undefined
  /** Ends them all at once, and lets none begin. */
  readonly signal?: AbortSignal
}

/** The Host header for an endpoint: a daemon behind a socket has no name, so `localhost`. */
export function hostHeader(endpoint: Endpoint): string {
  return endpoint.kind === 'tcp' ? authority(endpoint) : 'localhost'
}

/** The bytes of a body and the headers that go with it. `recorded` is absent for a streamed body. */
export function encodeBody(options: Pick<RequestOptions, 'headers' | 'body'>): {
  headers: Record<string, string>
  body: Uint8Array | Readable | null
  recorded?: Uint8Array
} {
  const headers = { ...options.headers }
  const { body } = options
  if (body === undefined) return { headers, body: null }
  if (isReadable(body)) return { headers, body }
  if (body instanceof Uint8Array) return { headers, body, recorded: body }
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  return { headers: named || typeof body === 'string' ? headers : { 'Content-Type': 'application/json', ...headers }, body: bytes, recorded: bytes }
}

/** Path and query as they stand in a request: behind the path of a proxy, where the endpoint has one. */
export function targetOf(endpoint: Endpoint, path: string): string {
  return (endpoint.kind === 'tcp' ? (endpoint.basePath ?? '') : '') + path
}

/** Why a request ended that its signal ended. */
export const interrupted = 'the run was interrupted'

/** Calls back once any of the signals has aborted, also where one has already. @returns what makes it forget about that */
export function onAbort(signals: readonly (AbortSignal | undefined)[], callback: () => void): () => void {
  const present = signals.filter((signal) => signal !== undefined)
  if (present.some(({ aborted }) => aborted)) callback()
  for (const signal of present) signal.addEventListener('abort', callback)
  return () => present.forEach((signal) => signal.removeEventListener('abort', callback))
}

function isReadable(body: RequestBody): body is Readable {
  return typeof body === 'object' && 'pipe' in body && typeof body.pipe === 'function'
}
