import type { ApiVersion } from '../versions.ts'
import { openConnection, type ConnectionAnswer, type ConnectionRequest } from '../wire/connection.ts'
import { HeadError } from '../wire/head.ts'
import { hijack, type Hijacked, type HijackOptions } from '../wire/hijack.ts'
import type { Answer, Client } from '../wire/http.ts'
import type { RequestOptions } from '../wire/request.ts'
import type { AnswerStream, StreamOptions } from '../wire/stream.ts'
import type { Recording } from '../wire/recorder.ts'
import { openWebSocket, type WebSocketConnection } from '../wire/websocket.ts'
import { Nonconformance } from './errors.ts'
import { pathOnly } from './path-only.ts'
import { placesIn, type Place } from './place.ts'
import type { ShapeWatch } from './shape.ts'

/** Values of a query: objects and arrays are sent as JSON (as `filters` is), undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | object | undefined>>

/** How a case makes a request. */
export type ApiOptions = Pick<RequestOptions, 'headers' | 'body' | 'timeoutMs' | 'maxBytes'> & { readonly query?: Query }

/** An answer with ways into its JSON that blame the daemon, not the case, for what is missing. */
export type ApiAnswer = Answer & Place

/** A connection that is the case's own: one request after the other, as it gives their bytes. Paths get the version's prefix. */
export type ApiConnection = {
  request(method: string, path: string, options?: Omit<ConnectionRequest, 'recording'> & { readonly query?: Query }): Promise<ConnectionAnswer>
  /** Waits for the daemon to close it; bytes that come before that are an error. */
  closed(timeoutMs?: number): Promise<void>
}

/** The operations of the daemon under test at the version of the case. Every answer's shape is checked in passing. */
export type Api = {
  get(path: string, options?: ApiOptions): Promise<ApiAnswer>
  head(path: string, options?: ApiOptions): Promise<ApiAnswer>
  post(path: string, options?: ApiOptions): Promise<ApiAnswer>
  put(path: string, options?: ApiOptions): Promise<ApiAnswer>
  delete(path: string, options?: ApiOptions): Promise<ApiAnswer>
  request(method: string, path: string, options?: ApiOptions): Promise<ApiAnswer>
  /** An answer that goes on, to be read piece by piece. It is closed when the case ends. */
  stream(method: string, path: string, options?: StreamOptions & Pick<ApiOptions, 'query'>): Promise<AnswerStream>
  /** A request on a connection of its own that the daemon takes over. It is closed when the case ends. */
  hijack(method: string, path: string, options?: HijackOptions & { readonly query?: Query }): Promise<Hijacked>
  /** A websocket; opened when this resolves. It is closed when the case ends. */
  websocket(path: string, options?: { readonly query?: Query; readonly protocols?: readonly string[] }): Promise<WebSocketConnection>
  /** A connection for requests whose bytes matter, or that follow each other. It is closed when the case ends. */
  connection(): Promise<ApiConnection>
  /** The same operations without a version in the path: the daemon's own current version. */
  readonly unversioned: Api
}

/** What an api is made of. */
export type ApiParts = {
  readonly client: Client
  /** Absent: paths get no prefix, and shapes are held against `shapeVersion`. */
  readonly prefix?: ApiVersion
  readonly recording: Recording
  /** Ends what is under way. */
  readonly signal?: AbortSignal
  readonly shapes?: ShapeWatch
  /** Sees each request before it is sent; what it throws keeps it from being sent. */
  readonly onRequest: (method: string, path: string) => void
  /** Takes what must be closed when the case ends. */
  readonly onOpen: (opened: { close(): void }) => void
  /** Sees each whole answer, so that what was made is removed later; what it throws ends the request. */
  readonly onAnswer: (method: string, path: string, answer: Answer) => void
}

/** Makes the api of one case. */
export function createApi(parts: ApiParts): Api {
  const { client, prefix, recording, signal, shapes, onRequest, onOpen, onAnswer } = parts
  const fullPath = (path: string, query?: Query) => `${prefix === undefined ? '' : `/v${prefix}`}${path}${formatQuery(path, query)}`

  async function request(method: string, path: string, options: ApiOptions = {}): Promise<ApiAnswer> {
    const { query, ...rest } = options
    onRequest(method, path)
    const limit = givesArchive(method, path) && { maxBytes: archiveMaxBytes }
    const answer = await client.request(method, fullPath(path, query), { ...limit, ...rest, recording, ...(signal && { signal }) })
    onAnswer(method, path, answer)
    shapes?.sawAnswer(method, path, answer)
    return withPlaces(answer)
  }

  const api: Api = {
    request,
    get: (path, options) => request('GET', path, options),
    head: (path, options) => request('HEAD', path, options),
    post: (path, options) => request('POST', path, options),
    put: (path, options) => request('PUT', path, options),
    delete: (path, options) => request('DELETE', path, options),
    async stream(method, path, options = {}) {
      const { query, ...rest } = options
      onRequest(method, path)
      const stream = await client.stream(method, fullPath(path, query), { ...rest, recording, ...(signal && { signal }) })
      onOpen(stream)
      return shapes === undefined ? stream : shapes.watchStream(method, path, stream)
    },
    async hijack(method, path, options = {}) {
      const { query, ...rest } = options
      onRequest(method, path)
      try {
        const hijacked = await hijack(client.endpoint, method, fullPath(path, query), { ...rest, recording })
        onOpen(hijacked)
        return hijacked
      } catch (error) {
        if (error instanceof HeadError) throw new Nonconformance(`the answer to ${method} ${path} has a malformed head: ${error.message}`)
        throw error
      }
    },
    async websocket(path, options = {}) {
      const { query, ...rest } = options
      onRequest('GET', path)
      const connection = await openWebSocket(client.endpoint, fullPath(path, query), { ...rest, recording })
      onOpen(connection)
      return connection
    },
    async connection() {
      const connection = await openConnection(client.endpoint)
      onOpen(connection)
      return {
        request: (method, path, { query, ...rest } = {}) => connection.request(method, fullPath(path, query), { ...rest, recording }),
        closed: (timeoutMs) => connection.closed(timeoutMs),
      }
    },
    get unversioned() {
      const { prefix: _, shapes: __, ...unprefixed } = parts
      return createApi(unprefixed)
    },
  }
  return api
}

/**
 * Bytes that are read of an archive as a whole: those of our own containers and images hold a few hundred KiB, and several cases read theirs at once.
 * Longer ones are poured, by `stream`.
 */
const archiveMaxBytes = 4 * 1024 * 1024

function givesArchive(method: string, path: string): boolean {
  return method === 'GET' && /\/(archive|export|get)$/.test(pathOnly(path))
}

/** A query string with its `?` or, where the path has one already, its `&`. */
function formatQuery(path: string, query: Query = {}): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : String(value))}`)
  if (pairs.length === 0) return ''
  return (path.includes('?') ? '&' : '?') + pairs.join('&')
}

function withPlaces(answer: Answer): ApiAnswer {
  const json = () => {
    try {
      return answer.json()
    } catch (error) {
      throw new Nonconformance(`the body of the answer is no JSON: ${error instanceof Error ? error.message : String(error)}`, answer.exchange)
    }
  }
  return Object.assign(Object.create(answer) as Answer, { json, ...placesIn(json, answer.exchange) })
}
