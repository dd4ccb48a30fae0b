import { Blocked, expect, Nonconformance, type Api, type ApiAnswer, type Box, type Query, type ContainerConfig, type Stage } from '../../harness/case/index.ts'
import { parseJson } from '../../harness/wire/json.ts'
import { packTar, readTar, type TarEntry, type TarInput, type TarType } from '../../harness/wire/tar.ts'
import { printable } from '../../harness/wire/sanitize.ts'
import type { Kind } from './go-mode.ts'

/** What the header of HEAD and GET says of a path. */
export type PathStat = { readonly name: string; readonly size: number; readonly mode: number; readonly mtime: string; readonly linkTarget: string }

/** What the guest sees of a path, without following it. */
export type Seen = {
  readonly type: Kind
  readonly size: number
  readonly permissions: number
  readonly uid: number
  readonly gid: number
  /** Seconds since 1970. */
  readonly mtime: number
  readonly nlink: number
  readonly major: number
  readonly minor: number
  /** Of a symbolic link. */
  readonly target: string | undefined
}

/** The types of entries, by what the guest calls the things. Sockets are not archived. */
export const tarTypes: Readonly<Record<Kind, TarType | undefined>> = {
  file: 'file', directory: 'directory', symlink: 'symlink', fifo: 'fifo', char: 'character-device', block: 'block-device', socket: undefined,
}

/** A container or a bystander. */
type Holder = { readonly id: string }

/** `GET /containers/{id}/archive`: the answer is the case's to judge. */
export const get = (api: Api, box: Holder, path: string): Promise<ApiAnswer> => api.get(`/containers/${box.id}/archive`, { query: { path } })

/** `HEAD /containers/{id}/archive`: the answer is the case's to judge. */
export const head = (api: Api, box: Holder, path: string): Promise<ApiAnswer> => api.head(`/containers/${box.id}/archive`, { query: { path } })

/** `PUT /containers/{id}/archive` of bytes, or of entries that are packed first: the answer is the case's to judge. */
export async function put(api: Api, box: Holder, path: string, content: Uint8Array | readonly TarInput[], query: Query = {}): Promise<ApiAnswer> {
  const body = content instanceof Uint8Array ? content : await packTar(content)
  return api.put(`/containers/${box.id}/archive`, { query: { path, ...query }, body, headers: { 'Content-Type': 'application/x-tar' } })
}

/** The entries that a GET answers, read strictly. @throws where the answer is no archive */
export async function entriesAt(api: Api, box: Holder, path: string): Promise<TarEntry[]> {
  const answer = await get(api, box, path)
  expect(answer).toAnswer(200)
  return readTar(answer.body)
}

/** The content of the one file that a GET of its path answers. */
export async function contentAt(api: Api, box: Holder, path: string): Promise<string> {
  const entries = await entriesAt(api, box, path)
  expect(entries.map(({ type }) => type), `the types of what lies at ${path}`).toEqual(['file'])
  return entries[0]?.content.toString() ?? ''
}

/** Whether something lies at a path, as HEAD tells. */
export async function exists(api: Api, box: Holder, path: string): Promise<boolean> {
  const answer = await head(api, box, path)
  expect(answer).toAnswer(200, 404)
  return answer.status === 200
}

/** An entry's name without what leaves its meaning alone: `./` before it, `/` before it or behind it. */
export const plainName = (name: string): string => name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')

/** The entries by their plain names. @throws where a name comes twice */
export function byName(entries: readonly TarEntry[]): ReadonlyMap<string, TarEntry> {
  const named = new Map(entries.map((entry) => [plainName(entry.name), entry]))
  expect(named.size, 'as many names as entries').toBe(entries.length)
  return named
}

/** The entry of a name. @throws where there is none */
export function entryNamed(entries: readonly TarEntry[], name: string): TarEntry {
  const entry = byName(entries).get(name)
  if (entry !== undefined) return entry
  const found = entries.map((each) => JSON.stringify(each.name)).join(', ')
  throw new Nonconformance(`the archive has no entry ${printable(JSON.stringify(name), 200)}, but ${printable(found, 600)}`)
}

/** Folders come before what is in them, and no name comes twice. @throws where it is otherwise */
export function expectOrder(entries: readonly TarEntry[]): void {
  const places = new Map([...byName(entries).keys()].map((name, index) => [name, index]))
  for (const [name, place] of places) {
    const folder = name.slice(0, Math.max(0, name.lastIndexOf('/')))
    if (folder !== '') expect(places.get(folder) ?? Infinity, `the place of the folder of ${name}`).toBeLessThan(place)
  }
}

const statHeader = 'X-Docker-Container-Path-Stat'

/** What the header of an answer says of the path. @throws Nonconformance where it is not base64 of a JSON object as documented */
export function statOf(answer: ApiAnswer): PathStat {
  expect(answer).toAnswer(200)
  const value = answer.header(statHeader)
  expect(value, `the header ${statHeader}`).toMatch(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
  const stat = parsed(Buffer.from(value ?? '', 'base64').toString('utf8'), `the header ${statHeader}`)
  expect(stat).toMatchObject({ name: expect.any(String), size: expect.any(Number), mode: expect.any(Number), mtime: expect.any(String), linkTarget: expect.any(String) })
  return stat as PathStat
}

function parsed(text: string, what: string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw new Nonconformance(`${what} holds no JSON: ${printable(text, 200)}`)
  }
}

/** A script of the guest's shell that shows paths, one line each, for `seenIn`. */
export const show = (...paths: readonly string[]): string => paths.map((path) => `stat '${path}'`).join('; ')

/** What the guest's output says of the paths that `show` named, in their order. @throws where it is something else */
export function seenIn(stdout: string, paths: readonly string[]): Seen[] {
  const lines = stdout.trimEnd().split('\n')
  expect(lines.length, `one line for each of ${paths.join(', ')} in ${printable(stdout, 500)}`).toBe(paths.length)
  return lines.map((line) => {
    const seen = parsed(line, "the guest's stat")
    expect(seen).toMatchObject({ type: expect.any(String), mode: expect.stringMatching(/^[0-7]{4}$/) })
    const { mode, target, ...rest } = seen as Omit<Seen, 'permissions'> & { readonly mode: string }
    return { ...rest, permissions: Number.parseInt(mode, 8), target }
  })
}

/**
 * A container that made something and ran to its end, and what its guest then saw of it.
 * @param script for the guest's shell; it runs in `/made`, a new folder
 * @param paths what it is asked about, from `/made` on
 * @throws Blocked where the guest could not make it
 */
export async function made(stage: Stage, script: string, paths: readonly string[] = [], config: ContainerConfig = {}): Promise<{ readonly box: Box; readonly seen: Seen[] }> {
  const output = await stage.output({ ...config, Cmd: ['sh', '-c', `mkdir /made; cd /made; ${script}; ${show(...paths)}`] })
  if (output.stderr !== '') throw new Blocked(`the guest could not make what the case looks at: ${printable(output.stderr, 500)}`)
  return { box: output.box, seen: paths.length === 0 ? [] : seenIn(output.stdout, paths) }
}

/** Lets a created container's process run, and gives what the guest sees of the paths that its `Cmd` shows. */
export async function look(api: Api, box: Box): Promise<string> {
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expect(await api.post(`${box.path}/wait`, { timeoutMs: 20_000 })).toAnswer(200)
  const logs = await api.stream('GET', `${box.path}/logs`, { query: { stdout: 1, stderr: 1 } })
  expect(logs.status).toBe(200)
  const frames = await logs.allFrames()
  return Buffer.concat(frames.map(({ payload }) => payload)).toString('utf8')
}
