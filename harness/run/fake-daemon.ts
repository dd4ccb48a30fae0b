// Test support: a daemon that is none. It answers what a run asks before and after its cases, and whatever a test scripts.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareVersions, type ApiVersion } from '../versions.ts'
import { encodeFrame } from '../wire/frames.ts'

/** A request as a script sees it. */
export type FakeRequest = {
  readonly method: string
  /** Without version and query: `/containers/json`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly version: ApiVersion | undefined
  readonly body: Buffer
}

/** What is answered: an object goes out as JSON. `hang` never answers, and a function does what it likes with the connection. */
export type FakeAnswer = ((socket: Socket) => void) | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: object | string | Buffer } | 'hang'

/** An object that the daemon keeps. */
export type FakeObject = { readonly kind: 'container' | 'network' | 'volume' | 'image'; readonly name: string; readonly labels?: Readonly<Record<string, string>> }

/** How the daemon behaves. */
export type FakeOptions = {
  /** The oldest and the newest version that it takes; 1.18 to 1.25 otherwise. */
  readonly offers?: readonly [ApiVersion, ApiVersion]
  /** What was there before. */
  readonly objects?: readonly FakeObject[]
  /** Asked first; undefined leaves the answer to the daemon. */
  readonly script?: (request: FakeRequest) => FakeAnswer | undefined
}

/** A daemon under way. */
export type FakeDaemon = {
  /** What `--host` takes. */
  readonly host: string
  readonly socket: string
  /** `GET /v1.24/info`, with query, as they came. */
  readonly requests: readonly string[]
  /** What it keeps now. */
  objects(): readonly FakeObject[]
  /** Puts something there, as another client would. */
  add(object: FakeObject): void
  /** Resolves with the first request that fits, also with one that has come already. */
  seen(pattern: RegExp): Promise<string>
  close(): Promise<void>
}

/** Starts a daemon on a socket of its own. */
export async function startFakeDaemon(options: FakeOptions = {}): Promise<FakeDaemon> {
  const { offers = ['1.18', '1.25'], script } = options
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-fake-'))
  const socket = join(folder, 'daemon.sock')
  const requests: string[] = []
  const waiting: { pattern: RegExp; resolve: (line: string) => void }[] = []
  let objects: readonly FakeObject[] = options.objects ?? []

  const server = createServer((incoming, response) => {
    void (async () => {
      const line = `${incoming.method} ${incoming.url}`
      requests.push(line)
      for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line)
      const request = await readRequest(incoming)
      send(incoming.socket, response, request, script?.(request) ?? answer(request))
    })()
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve))

  return {
    host: `unix://${socket}`,
    socket,
    requests,
    objects: () => objects,
    add(object) {
      objects = [...objects, object]
    },
    seen(pattern) {
      const already = requests.find((line) => pattern.test(line))
      return already === undefined ? new Promise((resolve) => waiting.push({ pattern, resolve })) : Promise.resolve(already)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true, force: true })
    },
  }

  function answer(request: FakeRequest): FakeAnswer {
    const { method, path, version } = request
    if (version !== undefined && (compareVersions(version, offers[0]) < 0 || compareVersions(version, offers[1]) > 0)) return refuse(400, 'version not offered', version)
    const [, collection = '', name = '', verb] = path.split('/')
    switch (`${method} ${path}`) {
      case 'GET /_ping': return { body: 'OK', headers: { 'Content-Type': 'text/plain', 'Api-Version': offers[1], 'Docker-Experimental': 'false' } }
      case 'GET /version': return { body: versionOf(offers) }
      case 'GET /info': return { body: { OSType: 'linux', Architecture: 'x86_64', Containers: 0, Images: 0, SystemTime: new Date().toISOString(), ExperimentalBuild: false } }
      case 'GET /containers/json': return { body: listed('container').map((object) => ({ Id: object.name, Names: [`/${object.name}`], Labels: object.labels ?? {} })) }
      case 'GET /networks': return { body: listed('network').map((object) => ({ Id: object.name, Name: object.name, Labels: object.labels ?? {} })) }
      case 'GET /volumes': return { body: { Volumes: listed('volume').map((object) => ({ Name: object.name, Labels: object.labels ?? null })) } }
      case 'GET /images/json': return { body: listed('image').map((object) => ({ Id: `sha256:${object.name}`, RepoTags: [object.name], Labels: {} })) }
      case 'POST /images/load': return keep('image', /"RepoTags":\["([^"]+)"\]/.exec(request.body.toString('latin1'))?.[1] ?? 'unnamed', {}, 200)
      case 'POST /containers/create': return keep('container', request.query.get('name') ?? 'unnamed', labelsOf(request), 201)
      case 'POST /networks/create': return keep('network', nameOf(request), labelsOf(request), 201)
    }
    const kind = ({ containers: 'container', networks: 'network', volumes: 'volume', images: 'image' } as const)[collection]
    const target = decodeURIComponent(verb === undefined ? path.slice(collection.length + 2) : name)
    if (kind === undefined) return refuse(404, 'page not found', version)
    if (!listed(kind).some((object) => object.name === target)) return refuse(404, `no such ${kind}: ${target}`, version)
    if (method === 'DELETE') {
      objects = objects.filter((object) => object.kind !== kind || object.name !== target)
      return { status: 204 }
    }
    switch (`${method} ${verb}`) {
      case 'POST start': return { status: 204 }
      case 'POST wait': return { body: { StatusCode: 3 } }
      case 'GET logs': return { body: Buffer.concat([encodeFrame('stdout', Buffer.from('bystander out\n')), encodeFrame('stderr', Buffer.from('bystander err\n'))]), headers: { 'Content-Type': 'application/octet-stream' } }
      case 'GET json': return { body: { Id: target, Name: `/${target}` } }
    }
    return refuse(404, 'page not found', version)
  }

  function listed(kind: FakeObject['kind']): FakeObject[] {
    return objects.filter((object) => object.kind === kind)
  }

  function keep(kind: FakeObject['kind'], name: string, labels: Readonly<Record<string, string>>, status: number): FakeAnswer {
    objects = [...objects, { kind, name, labels }]
    return { status, body: { Id: name, Warnings: null } }
  }
}

function versionOf([oldest, newest]: readonly [ApiVersion, ApiVersion]): object {
  return {
    Components: [{ Name: 'Fake Engine', Version: '0.1' }], Version: '0.1', ApiVersion: newest, MinAPIVersion: oldest,
    Os: 'linux', Arch: 'amd64', KernelVersion: '6.1.0', GoVersion: 'none', GitCommit: 'none', BuildTime: '2025-01-01T00:00:00.000000000+00:00',
  }
}

/** An error as the version has it: plain text up to 1.23, JSON from 1.24 on. */
function refuse(status: number, message: string, version: ApiVersion | undefined): FakeAnswer {
  const plain = version !== undefined && compareVersions(version, '1.24') < 0
  return plain ? { status, body: `${message}\n`, headers: { 'Content-Type': 'text/plain; charset=utf-8' } } : { status, body: { message } }
}

function send(socket: Socket, response: ServerResponse, request: FakeRequest, answer: FakeAnswer): void {
  if (answer === 'hang') return
  if (typeof answer === 'function') return answer(socket)
  const { status = 200, headers = {}, body } = answer
  const json = typeof body === 'object' && !Buffer.isBuffer(body)
  response.writeHead(status, { ...(json && { 'Content-Type': 'application/json' }), ...headers })
  if (body === undefined || request.method === 'HEAD') response.end()
  else response.end(json ? JSON.stringify(body) : body)
}

async function readRequest(incoming: IncomingMessage): Promise<FakeRequest> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const url = new URL(incoming.url ?? '/', 'http://daemon')
  const [, version, path = url.pathname] = /^\/v(\d+\.\d+)(\/.*)$/.exec(url.pathname) ?? []
  return { method: incoming.method ?? '', path, query: url.searchParams, headers: incoming.headers, version: version as ApiVersion | undefined, body: Buffer.concat(parts) }
}

function labelsOf(request: FakeRequest): Record<string, string> {
  return bodyOf(request).Labels ?? {}
}

function nameOf(request: FakeRequest): string {
  return bodyOf(request).Name ?? 'unnamed'
}

/** The body of a request; cases send bodies that are no JSON, too. */
function bodyOf({ body }: FakeRequest): { readonly Name?: string; readonly Labels?: Record<string, string> } {
  try {
    return JSON.parse(body.toString('utf8')) as object
  } catch {
    return {}
  }
}
