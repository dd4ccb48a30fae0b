import { Blocked, expect, Nonconformance, NotApplicable, serveRegistry, type Api, type ApiAnswer, type DaemonFacts, type Query, type RegistryOptions, type RegistryServer, type Stage } from '../../harness/case/index.ts'
import { jsonStreamDecoder } from '../../harness/wire/json-stream.ts'

/** A registry of ours that the daemon can reach. */
export type Registry = RegistryServer & {
  /** As the names of its images begin: `127.0.0.1:5000` */
  readonly host: string
}

/** An image of the case's own, named for a registry. */
export type NamedImage = {
  /** Without tag: `127.0.0.1:5000/plimsoll/…` */
  readonly repository: string
  /** The repository as the registry itself calls it. */
  readonly path: string
  readonly tag: string
  /** With tag. */
  readonly name: string
  /** What its one file, `file`, holds. */
  readonly content: string | Buffer
}

/** How a push or a pull went. */
export type Told = {
  readonly status: number
  readonly type: string
  /** The messages of the stream; none where the status is an error's. */
  readonly messages: readonly any[]
  /** The error, by status or in the stream; undefined where there is none. */
  readonly error: string | undefined
  readonly exchange: ApiAnswer['exchange']
}

/** What X-Registry-Auth holds. */
export type Auth = Readonly<Record<string, string>>

/** Nothing listens on this port. */
export const deadHost = '127.0.0.1:1'

/**
 * Starts a registry where the daemon can speak to it.
 * @throws NotApplicable where the daemon would want TLS of it
 */
export async function startRegistry(daemon: DaemonFacts, stage: Stage, options?: RegistryOptions): Promise<Registry> {
  const address = daemon.suiteAddress()
  if (address !== '127.0.0.1') throw new NotApplicable(`the daemon reaches this process at ${address}, and does without TLS for a registry on its own loopback only`)
  const server = await serveRegistry(options)
  stage.defer(() => server.close())
  return { ...server, host: `${address}:${server.port}` }
}

/**
 * An image that no other case has, with a name that belongs to a registry. Nothing is pushed.
 * @param host of the registry: `127.0.0.1:5000`
 * @param content of its one file; something of its own otherwise
 */
export async function namedImage(api: Api, stage: Stage, host: string, content: string | Buffer = `of ${stage.name('file')}\n`): Promise<NamedImage> {
  const { name: loaded } = await stage.image({ layers: [[{ name: 'file', content }]] })
  const path = `plimsoll/${stage.name('image')}`
  const image = { repository: `${host}/${path}`, path, tag: 'v1', name: `${host}/${path}:v1`, content }
  await tag(api, stage, loaded, image.repository, image.tag)
  // From now on it has one name only, so that deleting that one deletes the image.
  const answer = await api.delete(`/images/${loaded}`)
  if (answer.status !== 200) throw new Blocked(`could not take a name off an image: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
  return image
}

/** Gives an image another name. */
export async function tag(api: Api, stage: Stage, image: string, repo: string, as: string): Promise<void> {
  stage.adopt('image', `${repo}:${as}`)
  const answer = await api.post(`/images/${image}/tag`, { query: { repo, tag: as } })
  if (answer.status !== 201) throw new Blocked(`could not tag an image: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
}

/** An image that the registry has and the daemon has no more. */
export async function registeredImage(api: Api, stage: Stage, registry: Registry, options: { readonly auth?: Auth; readonly content?: string | Buffer } = {}): Promise<NamedImage> {
  const image = await namedImage(api, stage, registry.host, options.content)
  const { status, error, exchange } = await push(api, registry, image, options)
  if (status !== 200 || error !== undefined || registry.manifest(image.path, image.tag) === undefined) {
    throw new Blocked(`could not push an image to pull it again: status ${status}, ${error ?? 'no error, and no manifest in the registry'}`, { exchange })
  }
  await forget(api, image)
  return image
}

/** Deletes an image from the daemon. */
export async function forget(api: Api, { name }: Pick<NamedImage, 'name'>): Promise<void> {
  const answer = await api.delete(`/images/${name}`)
  if (answer.status !== 200) throw new Blocked(`could not delete an image: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
}

/** Pushes one tag of an image, and reads all that the daemon tells of it. */
export async function push(api: Api, registry: RegistryServer | undefined, { repository, tag }: Pick<NamedImage, 'repository' | 'tag'>, { auth = {} }: { readonly auth?: Auth } = {}): Promise<Told> {
  return await tell(api, registry, `/images/${repository}/push`, { tag }, auth)
}

/** Pulls an image, and reads all that the daemon tells of it. */
export async function pull(api: Api, registry: RegistryServer | undefined, query: { readonly fromImage: string; readonly tag?: string }, auth?: Auth): Promise<Told> {
  return await tell(api, registry, '/images/create', query, auth)
}

/** The query that pulls an image by its tag. */
export const byTag = ({ repository, tag }: NamedImage) => ({ fromImage: repository, tag })

/** "A base64 (JSON) object", as headers hold it. What is in ASCII looks the same in either alphabet of base64. */
export const inBase64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64')

/** The header that holds the credentials for a pull or a push. */
export const authHeader = (auth: Auth) => ({ 'X-Registry-Auth': inBase64(auth) })

/**
 * Makes a request that moves something to or from a registry, and reads all that the daemon tells of it.
 * @param body where the operation takes one
 */
export async function tell(api: Api, registry: RegistryServer | undefined, path: string, query: Query, auth: Auth | undefined, body?: object): Promise<Told> {
  const answer = await api.post(path, { query, timeoutMs: 40_000, maxBytes: 4 * 1024 * 1024, ...(body !== undefined && { body }), ...(auth !== undefined && { headers: authHeader(auth) }) })
  requirePlainHttp(registry)
  const head = { status: answer.status, type: String(answer.header('Content-Type')), exchange: answer.exchange }
  if (answer.status >= 300) return { ...head, messages: [], error: answer.text.trim() }
  const decoder = jsonStreamDecoder()
  const messages: any[] = decoder.push(answer.body)
  decoder.end()
  const error: unknown = messages.find((message) => message?.error !== undefined)?.error
  return { ...head, messages, error: error === undefined ? undefined : String(error) }
}

/**
 * Whether a daemon does without TLS for a registry on its own loopback, no page says.
 * @throws NotApplicable where it was tried, and nothing but TLS was spoken
 */
export function requirePlainHttp(registry: RegistryServer | undefined): void {
  if (registry !== undefined && registry.asked.length === 0 && registry.tlsHellos() > 0) {
    throw new NotApplicable('the daemon speaks to a registry on its own loopback with TLS only')
  }
}

/**
 * @param statuses that are documented where it goes well
 * @throws Nonconformance where a push or a pull did not go well
 */
export function expectDone({ status, error, exchange }: Told, ...statuses: number[]): void {
  if (!(statuses.length === 0 ? [200] : statuses).includes(status)) throw new Nonconformance(`expected status ${statuses.join(' or ') || '200'}, got ${status} with ${error ?? ''}`, exchange)
  if (error !== undefined) throw new Nonconformance(`expected a stream without an error, got the error ${error}`, exchange)
}

/**
 * Where it must fail, a daemon says so by a status, or, if it had begun its answer, by an error in the stream.
 * @param statuses the errors' that fit
 * @throws Nonconformance where a push or a pull did not fail so
 */
export function expectFailed({ status, error, exchange }: Told, ...statuses: number[]): void {
  if (status === 200 && error === undefined) throw new Nonconformance('expected an error, by the status or in the stream, and there is none', exchange)
  if (status !== 200 && !statuses.includes(status)) throw new Nonconformance(`expected status ${statuses.join(' or ')}, or 200 and an error in the stream, got ${status}`, exchange)
  if (error?.trim() === '') throw new Nonconformance('expected an error that says something', exchange)
}

/** Steps of the progress, each with what it is about, as numbers and as text. */
export function expectSteps({ messages }: Pick<Told, 'messages'>): void {
  expect(messages.filter((message) => typeof message?.status === 'string')).not.toEqual([])
  const steps = messages.filter((message) => message?.progressDetail?.current !== undefined)
  expect(steps).not.toEqual([])
  for (const step of steps) expect(step).toMatchObject({ status: expect.any(String), id: expect.any(String), progress: expect.any(String), progressDetail: { current: expect.any(Number), total: expect.any(Number) } })
}

/** The credentials that the registry was shown, each once, in the order of their coming. */
export function shown({ asked }: RegistryServer): string[] {
  return [...new Set(asked.flatMap(({ headers: { authorization } }) => authorization ?? []))]
}

/** How HTTP itself shows credentials (RFC 7617). */
export const basic = ({ username, password }: { readonly username: string; readonly password: string }) => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

/** Made up, and never those of another case. */
export function credentials(stage: Stage): { readonly username: string; readonly password: string } {
  return { username: 'jdoe', password: stage.name('password') }
}

/** All that general/09 says the header holds. */
export const fullAuth = (of: { readonly username: string; readonly password: string }, { host }: Registry): Auth => ({ ...of, email: 'jdoe@plimsoll.test', serveraddress: host, auth: '' })
