import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { sha256 } from '../guest/archive.ts'
import { access, type RegistryAccess } from './registry-access.ts'

/** What a registry was asked. */
export type RegistryRequest = {
  readonly method: string
  /** Without query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  /** How it ended: with the whole answer, or because the client went away before; undefined as long as it goes on. */
  ended?: 'answered' | 'abandoned'
}

/** A manifest as it was pushed. */
export type StoredManifest = { readonly type: string; readonly content: Buffer; readonly digest: string }

/** An entry of a registry's search index. */
export type IndexEntry = { readonly name: string; readonly description: string; readonly star_count: number; readonly is_official: boolean; readonly is_automated: boolean; readonly is_trusted: boolean }

/**
 * How a registry departs from what it is for.
 * - `refuse`: it answers with an error in the registry's own form.
 * - `trickle`: it sends its answer's body byte by byte, so slowly that it does not come to its end.
 * - `sip`: it reads a first piece of the request's body, and the rest only when this has come about, and slowly: about 1 MiB in a second. Then it
 *   answers as it should.
 */
export type Oddity = { readonly refuse: { readonly status: number; readonly code: string; readonly message: string } } | { readonly sip: Promise<unknown> } | 'trickle'

/** Says of a request whether it is answered oddly. */
export type Script = (request: RegistryRequest) => Oddity | undefined

export type RegistryOptions = {
  readonly access?: RegistryAccess
  /** What searches find; without it there is no index. */
  readonly index?: readonly IndexEntry[]
}

/** A registry in memory, on a loopback port. */
export type RegistryServer = {
  readonly port: number
  /** The requests so far, in the order of their coming. */
  readonly asked: readonly RegistryRequest[]
  /** How many connections began with the hello of TLS, which it does not speak. */
  readonly tlsHellos: () => number
  manifest(repository: string, reference: string): StoredManifest | undefined
  tags(repository: string): readonly string[]
  blob(digest: string): Buffer | undefined
  /** From now on requests are held against this script. */
  follow(script: Script): void
  /** Ends whatever goes on. @throws what broke in the registry itself while it answered */
  close(): Promise<void>
}

const maxBody = 32 * 1024 * 1024
const maxStored = 256 * 1024 * 1024
const maxRequests = 2_000
/** A byte of a trickling answer every so often. */
const trickleMs = 50
/** Between one piece of a body, of 64 KiB at the most, and the next. */
const sipMs = 50

/**
 * Serves those parts of the distribution API (version 2) that a daemon needs to push and to pull, and on demand the search of version 1.
 * Everything is plain HTTP on 127.0.0.1, where daemons trust a registry without TLS, and is kept in memory until it is closed.
 * @param options who is let in, and what can be found
 */
export async function serveRegistry(options: RegistryOptions = {}): Promise<RegistryServer> {
  const asked: RegistryRequest[] = []
  const blobs = new Map<string, Buffer>()
  const uploads = new Map<string, Buffer>()
  const repositories = new Map<string, Map<string, StoredManifest>>()
  const gate = access(options.access)
  let script: Script = () => undefined
  let tlsHellos = 0
  let stored = 0
  let fault: unknown

  const server = createServer({ headersTimeout: 10_000, requestTimeout: 60_000, keepAlive: true }, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://registry')
    const record: RegistryRequest = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers }
    response.once('close', () => void (record.ended = response.writableFinished ? 'answered' : 'abandoned'))
    if (asked.length >= maxRequests) return void response.destroy()
    asked.push(record)
    answer(request, response, record).catch((error: unknown) => {
      // A client that has gone, or has sent more than is taken, is none of our faults.
      if (!request.destroyed && !(error instanceof RangeError)) fault ??= error
      response.destroy()
    })
  })
  server.maxConnections = 64
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket) => {
    if (error.rawPacket?.[0] === 0x16) tlsHellos += 1
    // By the plain HTTP of this answer a daemon knows that there is no TLS, and may try without.
    if (socket.writable) socket.end('HTTP/1.0 400 Bad Request\r\n\r\nthis server does not speak TLS\n')
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(0, '127.0.0.1', resolve)
  await promise
  const { port } = server.address() as AddressInfo

  async function answer(request: IncomingMessage, response: ServerResponse, record: RegistryRequest): Promise<void> {
    const oddity = script(record)
    const slowly = typeof oddity === 'object' && 'sip' in oddity ? oddity.sip : undefined
    const body = await bodyOf(request, slowly)
    response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0')
    if (typeof oddity === 'object' && 'refuse' in oddity) return refuse(response, oddity.refuse.status, oddity.refuse.code, oddity.refuse.message)
    const { method, path, query } = record

    if (path === '/token') {
      const granted = gate.token(record, body.toString('latin1'))
      return granted === undefined ? refuse(response, 401, 'UNAUTHORIZED', 'wrong credentials') : sendJson(response, 200, granted)
    }
    if (path.startsWith('/v1/')) return search(response, record)
    if (!path.startsWith('/v2/')) return refuse(response, 404, 'UNSUPPORTED', 'no such path')
    const challenge = gate.challenge(record.headers, `127.0.0.1:${port}`)
    if (challenge !== undefined) {
      response.setHeader('WWW-Authenticate', challenge)
      return refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
    }
    if (path === '/v2/') return sendJson(response, 200, {})

    const [, repository = '', kind = '', name = ''] = /^\/v2\/(.+)\/(blobs\/uploads|blobs|manifests|tags)\/(.*)$/.exec(path) ?? []
    if (kind === 'tags' && name === 'list' && method === 'GET') {
      const tags = tagsOf(repository)
      return repositories.has(repository) ? sendJson(response, 200, { name: repository, tags }) : refuse(response, 404, 'NAME_UNKNOWN', 'repository name not known to registry')
    }
    if (kind === 'manifests' && method === 'PUT') {
      const manifest = { type: record.headers['content-type'] ?? '', content: keep(body), digest: digestOfManifest(body) }
      const manifests = repositories.get(repository) ?? new Map<string, StoredManifest>()
      repositories.set(repository, manifests.set(name, manifest).set(manifest.digest, manifest))
      return send(response, 201, { Location: `/v2/${repository}/manifests/${manifest.digest}`, 'Docker-Content-Digest': manifest.digest })
    }
    if (kind === 'manifests' && (method === 'GET' || method === 'HEAD')) {
      const manifest = repositories.get(repository)?.get(name)
      if (manifest === undefined) return refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
      return send(response, 200, { 'Content-Type': manifest.type, 'Docker-Content-Digest': manifest.digest }, manifest.content)
    }
    if (kind === 'blobs' && (method === 'GET' || method === 'HEAD')) {
      const blob = blobs.get(name)
      if (blob === undefined) return refuse(response, 404, 'BLOB_UNKNOWN', 'blob unknown to registry')
      const headers = { 'Content-Type': 'application/octet-stream', 'Docker-Content-Digest': name }
      return oddity === 'trickle' ? trickle(response, headers, blob) : send(response, 200, headers, blob)
    }
    if (kind === 'blobs/uploads') return upload(response, { method, repository, id: name, digest: query.get('digest'), body })
    return refuse(response, 404, 'UNSUPPORTED', 'the operation is unsupported')
  }

  function upload(response: ServerResponse, { method, repository, id, digest, body }: { method: string; repository: string; id: string; digest: string | null; body: Buffer }): void {
    const begun = method === 'POST' && id === ''
    const key = begun ? randomUUID() : id
    const before = begun ? Buffer.alloc(0) : uploads.get(key)
    if (before === undefined) return refuse(response, 404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry')
    if (!begun && method !== 'PATCH' && method !== 'PUT') return refuse(response, 405, 'UNSUPPORTED', 'the operation is unsupported')
    const content = body.byteLength === 0 ? before : Buffer.concat([before, keep(body)])
    if (digest !== null && (begun || method === 'PUT')) {
      uploads.delete(key)
      if (digestOf(content) !== digest) return refuse(response, 400, 'DIGEST_INVALID', 'provided digest did not match uploaded content')
      blobs.set(digest, content)
      return send(response, 201, { Location: `/v2/${repository}/blobs/${digest}`, 'Docker-Content-Digest': digest })
    }
    uploads.set(key, content)
    const end = Math.max(0, content.byteLength - 1)
    send(response, begun || method === 'PATCH' ? 202 : 400, { Location: `http://127.0.0.1:${port}/v2/${repository}/blobs/uploads/${key}`, 'Docker-Upload-UUID': key, Range: `0-${end}` })
  }

  function search(response: ServerResponse, { path, query }: RegistryRequest): void {
    if (options.index === undefined) return refuse(response, 404, 'UNSUPPORTED', 'no index')
    if (path === '/v1/_ping') {
      response.setHeader('X-Docker-Registry-Version', '0.9.1')
      response.setHeader('X-Docker-Registry-Standalone', 'true')
      return sendJson(response, 200, true)
    }
    if (path !== '/v1/search') return refuse(response, 404, 'UNSUPPORTED', 'no such path')
    const term = query.get('q') ?? ''
    const found = options.index.filter(({ name }) => name.includes(term)).slice(0, Number(query.get('n') ?? 25))
    sendJson(response, 200, { query: term, num_results: found.length, results: found })
  }

  /** Counts what is stored. */
  function keep(content: Buffer): Buffer {
    stored += content.byteLength
    if (stored > maxStored) throw new RangeError(`more than the ${maxStored} bytes that this registry stores`)
    return content
  }

  function tagsOf(repository: string): string[] {
    return [...(repositories.get(repository)?.keys() ?? [])].filter((name) => !name.includes(':'))
  }

  return {
    port,
    asked,
    tlsHellos: () => tlsHellos,
    manifest: (repository, reference) => repositories.get(repository)?.get(reference),
    tags: tagsOf,
    blob: (digest) => blobs.get(digest),
    follow: (next) => void (script = next),
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeAllConnections()
      await closed
      if (fault !== undefined) throw fault
    },
  }
}

const digestOf = (content: Uint8Array): string => `sha256:${sha256(content)}`

/**
 * The digest of a manifest: of its bytes, or for one of schema 1 of what was signed, which is its beginning and a tail that the signature
 * names. Such are what daemons up to Docker 1.9 push.
 */
export function digestOfManifest(content: Buffer): string {
  try {
    const { signatures } = JSON.parse(content.toString('utf8')) as { signatures: { protected: string }[] }
    const { formatLength, formatTail } = JSON.parse(Buffer.from(signatures[0]?.protected ?? '', 'base64url').toString('utf8')) as { formatLength: number; formatTail: string }
    return digestOf(Buffer.concat([content.subarray(0, formatLength), Buffer.from(formatTail, 'base64url')]))
  } catch {
    // It has no such signature.
    return digestOf(content)
  }
}

async function bodyOf(request: IncomingMessage, slowly: Promise<unknown> | undefined): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.byteLength
    if (size > maxBody) throw new RangeError(`a body of more than ${maxBody} bytes`)
    parts.push(part)
    // What is not taken off the connection slows its other end down.
    if (slowly !== undefined) await slowly.then(() => setTimeout(sipMs))
  }
  return Buffer.concat(parts)
}

/** To a HEAD, node sends the head alone. */
function send(response: ServerResponse, status: number, headers: Record<string, string>, content: Uint8Array | string = ''): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(content) }).end(content)
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, { 'Content-Type': 'application/json' }, JSON.stringify(value))
}

/**
 * An error in the form that the distribution API has for it. There is always a detail, as registries give one: an error without looks to
 * some daemons like one of another kind, and they ask again and again.
 */
function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { errors: [{ code, message, detail: { status } }] })
}

/** Announces the whole content and sends it byte by byte. */
function trickle(response: ServerResponse, headers: Record<string, string>, content: Buffer): void {
  response.writeHead(200, { ...headers, 'Content-Length': content.byteLength })
  let sent = 0
  const timer = setInterval(() => {
    response.write(content.subarray(sent, sent + 1))
    sent += 1
    if (sent < content.byteLength) return
    clearInterval(timer)
    response.end()
  }, trickleMs)
  response.once('close', () => clearInterval(timer))
}
