import { jsonObject } from '../daemon/json-object.ts'
import { runLabel } from '../daemon/marks.ts'
import type { Answer, Client } from '../wire/http.ts'
import { Blocked } from './errors.ts'
import { mayBeAlive, parseRunId, runIdOfName } from './run-id.ts'
import { remove, type RemovableKind, type StagedKind } from './remove.ts'

/** An object on the daemon that some run of this suite made. */
export type Remnant = { readonly kind: RemovableKind; readonly id: string; readonly name: string; readonly runId: string }

/** An object on the daemon, as its lists have it. */
type Listed = { readonly id: string; readonly names: readonly string[]; readonly labels: Readonly<Record<string, unknown>> }

/**
 * Finds what runs of this suite made on a daemon, by its label or by its name, and nothing else.
 * @throws Blocked where the daemon can't list them; kinds that it does not know are left out
 */
export async function findRemnants(control: Client): Promise<Remnant[]> {
  const containers = (await listing(control, '/containers/json?all=1')) ?? []
  const networks = (await listing(control, '/networks')) ?? []
  const volumes = (await listing(control, '/volumes', 'Volumes')) ?? []
  const images = (await listing(control, '/images/json')) ?? []
  const plugins = (await listing(control, '/plugins')) ?? []
  return [
    ...(await remnantSwarm(control)),
    ...containers.flatMap((object) => remnantOf('container', describeObject(object, 'Names'))),
    ...networks.flatMap((object) => remnantOf('network', describeObject(object, 'Name'))),
    ...volumes.flatMap((object) => remnantOf('volume', describeObject(object, 'Name'))),
    ...images.flatMap((object) => remnantsOfImage(describeObject(object, 'RepoTags'))),
    ...plugins.flatMap((object) => remnantOfPlugin(describeObject(object, 'Name'))),
  ]
}

/** The swarm that a run made of the daemon: it has the run's label. */
async function remnantSwarm(control: Client): Promise<Remnant[]> {
  const answer = await control.request('GET', '/swarm')
  const swarm = answer.status === 200 ? jsonObject(answer) : undefined
  const labels = (swarm?.Spec as { Labels?: Record<string, unknown> | null } | undefined)?.Labels ?? {}
  return remnantOf('swarm', { id: typeof swarm?.ID === 'string' ? swarm.ID : '', names: [], labels })
}

/** The networks that a daemon begins with, and those that a swarm brings. */
const ownNetworks = new Set(['bridge', 'host', 'none', 'podman', 'nat', 'ingress', 'docker_gwbridge'])

/**
 * Finds what is on a daemon and no run of this suite made: what a prune would take from somebody.
 * @returns by kind, the names; kinds of which there is nothing are left out
 * @throws Blocked where the daemon can't list them
 */
export async function findForeign(control: Client): Promise<ReadonlyMap<StagedKind, readonly string[]>> {
  const names = async (kind: StagedKind, path: string, nameKey: string, member?: string) => {
    const objects = ((await listing(control, path, member)) ?? []).map((object) => describeObject(object, nameKey))
    const foreign = objects.filter((object) => (kind === 'image' ? remnantsOfImage(object) : remnantOf(kind, object)).length === 0)
    return foreign.map((object) => (object.names[0] ?? object.id).replace(/^\//, '')).filter((name) => kind !== 'network' || !ownNetworks.has(name))
  }
  const found: [StagedKind, readonly string[]][] = [
    ['container', await names('container', '/containers/json?all=1', 'Names')],
    ['image', await names('image', '/images/json', 'RepoTags')],
    ['volume', await names('volume', '/volumes', 'Name', 'Volumes')],
    ['network', await names('network', '/networks', 'Name')],
  ]
  return new Map(found.filter(([, each]) => each.length > 0))
}

/** Plugins have no labels: only the name says whose they are. */
function remnantOfPlugin({ id, names }: Listed): Remnant[] {
  return remnantOf('plugin', { id, names: names.map(withoutRegistry), labels: {} })
}

/**
 * Podman writes out where a short name is taken to be from: `localhost/plimsoll-…`, `docker.io/library/plimsoll-…`. And for a registry of the suite's
 * own, cases name images `127.0.0.1:<port>/plimsoll/plimsoll-…`; for none at all, `127.0.0.1:1/plimsoll-…`.
 */
function withoutRegistry(tag: string): string {
  return tag.replace(/^(?:localhost|docker\.io\/library|127\.0\.0\.1:\d+(?:\/plimsoll)?)\//, '')
}

/**
 * Removes remnants, in an order in which none is in the way of another.
 * @returns what is gone, and for the rest why it is still there
 */
export async function sweep(control: Client, remnants: readonly Remnant[]): Promise<{ removed: Remnant[]; failed: string[] }> {
  const removed: Remnant[] = []
  const failed: string[] = []
  const take = async (remnant: Remnant) => {
    const problem = await remove(control, remnant.kind, remnant.id)
    if (problem === undefined) removed.push(remnant)
    else failed.push(problem)
  }
  // The swarm first: its services would start their containers again.
  for (const kind of ['swarm', 'container', 'network', 'volume', 'plugin'] as const) await Promise.all(remnants.filter((remnant) => remnant.kind === kind).map(take))
  // One after the other, newest first as they were listed: an image can't go before those that are made of it. And Podman answers
  // 200 to the removal of two names of one image at once, and keeps one.
  for (const remnant of remnants.filter(({ kind }) => kind === 'image')) await take(remnant)
  return { removed, failed }
}

/** The remnants of runs that are over: their process is gone, or they are from elsewhere and old. */
export function ofDeadRuns(remnants: readonly Remnant[]): Remnant[] {
  return remnants.filter(({ runId }) => {
    const parsed = parseRunId(runId)
    return parsed !== undefined && !mayBeAlive(parsed)
  })
}

async function listing(control: Client, path: string, member?: string): Promise<Record<string, unknown>[] | undefined> {
  const answer = await control.request('GET', path)
  if (answer.status === 404 || answer.status === 501) return undefined
  if (answer.status !== 200) throw new Blocked(`GET ${path} answered ${answer.status}: what earlier runs left can't be looked for`, { exchange: answer.exchange })
  const list = member === undefined ? jsonIn(answer) : jsonObject(answer)?.[member]
  return Array.isArray(list) ? list.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null) : []
}

function jsonIn(answer: Answer): unknown {
  try {
    return answer.json()
  } catch (error) {
    throw new Blocked(`${answer.exchange.method} ${answer.exchange.path} answered no JSON: what earlier runs left can't be looked for`, { exchange: answer.exchange, cause: error })
  }
}

function describeObject(object: Record<string, unknown>, nameKey: string): Listed {
  const named = object[nameKey]
  const names = (Array.isArray(named) ? named : [named]).filter((name) => typeof name === 'string')
  const id = typeof object.Id === 'string' ? object.Id : (names[0] ?? '')
  const labels = typeof object.Labels === 'object' && object.Labels !== null ? (object.Labels as Record<string, unknown>) : {}
  return { id, names, labels }
}

/**
 * An image that carries the label is this suite's altogether, unless somebody gave it a name of theirs, as an image that was built on
 * one of ours has; of any other, only the names that the suite gave are.
 */
function remnantsOfImage(image: Listed): Remnant[] {
  const named = image.names.filter((tag) => tag !== '<none>:<none>')
  // Where label and name are of one run, the name is the suite's, whatever registry it is for: the one that the run was given, too.
  const forRegistry = (tag: string) => {
    const name = tag.replace(/^[^/]+\/(?:plimsoll\/)?/, '')
    return image.labels[runLabel] !== undefined && runIdOfName(name) === image.labels[runLabel] ? name : withoutRegistry(tag)
  }
  const ours = named.flatMap((tag) => remnantOf('image', { id: tag, names: [forRegistry(tag)], labels: {} }))
  const labelled = ours.length === named.length ? remnantOf('image', { ...image, names: [] }) : []
  return labelled.length > 0 ? labelled : ours
}

function remnantOf(kind: RemovableKind, object: Listed): Remnant[] {
  const label = object.labels[runLabel]
  const labelled = typeof label === 'string' && parseRunId(label) !== undefined ? label : undefined
  const runId = labelled ?? object.names.map(runIdOfName).find((id) => id !== undefined)
  return runId === undefined || object.id === '' ? [] : [{ kind, id: object.id, name: object.names[0] ?? object.id, runId }]
}
