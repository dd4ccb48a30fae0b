import { guestDigest } from '../../harness/guest/image.ts'
import { loadGuest } from '../../harness/guest/load.ts'
import type { Client } from '../../harness/wire/http.ts'

/** Begins the names of what somebody keeps on the daemon; some are named almost as the suite names its own. */
const theirs = ['web', 'plimsoll-web', 'plimsoll-t00000-ffff-1-abc', 'plimsoll_t00000-ffff-1-abcd-x'] as const

/**
 * Fills a daemon with what somebody could keep there: containers that run, are paused, have exited or never started, images with names and
 * without, volumes, networks; some with the suite's own label and a value of theirs.
 * @throws Error where the daemon does not make one of them
 */
export async function keepForeignObjects(client: Client): Promise<void> {
  const post = async (path: string, body: object = {}) => {
    const answer = await client.request('POST', path, { body })
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`)
    return answer
  }
  const image = 'somebody/app:1'
  await loadGuest(client, 'amd64', image)
  // The same content as the suite's own image, under names of somebody else.
  for (const repository of ['plimsoll/guest', 'registry.example/plimsoll-t00000-ffff-1-abcd-guest']) await post(`/images/${image}/tag?repo=${encodeURIComponent(repository)}&tag=${await guestDigest('amd64')}`)

  const create = async (name: string, Cmd: readonly string[], more: object = {}) => post(`/containers/create?name=${name}`, { Image: image, Cmd, Labels: { 'plimsoll.run': 'ours?', 'com.example': 'theirs' }, ...more })
  await post('/networks/create', { Name: 'plimsoll-net', Labels: { 'plimsoll.run': '' } })
  await post('/networks/create', { Name: 'backend' })
  await post('/volumes/create', { Name: 'plimsoll-data' })
  await post('/volumes/create', { Name: 'data', Labels: { 'plimsoll.run': 'ours?' } })
  for (const name of theirs) {
    await create(name, ['hold'], { HostConfig: { NetworkMode: 'backend', Binds: ['data:/data'] }, Volumes: { '/anonymous': {} } })
    await post(`/containers/${name}/start`)
  }
  await post(`/containers/${theirs[1]}/pause`)
  await create('batch', ['exit', '3'], { Labels: {} })
  await post('/containers/batch/start')
  await post('/containers/batch/wait')
  await create('plimsoll-', ['hold'])

  // An image that has lost its name, and nothing that holds on to it.
  await post('/commit?container=batch&repo=somebody/lost&tag=1')
  await post('/commit?container=batch&repo=somebody/lost&tag=1', { Env: ['AGAIN=1'] })
}

/** Everything that a daemon lists, and the state of each, by kind and id. */
export type Inventory = Readonly<Record<string, unknown>>

/** What changes by itself, or by a name that comes and goes again on an image that two share. */
const restless = new Set(['LastTagTime', 'Metadata', 'Health'])

/** Takes the inventory of a daemon. @throws Error where it does not answer */
export async function takeInventory(client: Client): Promise<Inventory> {
  const get = async (path: string) => {
    const answer = await client.request('GET', path)
    if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text}`)
    return JSON.parse(answer.text, (key, value: unknown) => (restless.has(key) ? undefined : key === 'Mounts' && Array.isArray(value) ? sorted(value) : value)) as unknown
  }
  const inventory: Record<string, unknown> = {}
  const keep = async (kind: string, ids: readonly string[], path: (id: string) => string) => {
    for (const id of ids) inventory[`${kind} ${id}`] = await get(path(id))
  }
  const idsOf = (list: unknown, key: 'Id' | 'Name') => (list as Record<typeof key, string>[]).map((each) => each[key]).sort()
  await keep('container', idsOf(await get('/containers/json?all=1'), 'Id'), (id) => `/containers/${id}/json`)
  await keep('image', idsOf(await get('/images/json?all=1'), 'Id'), (id) => `/images/${id}/json`)
  await keep('network', idsOf(await get('/networks'), 'Id'), (id) => `/networks/${id}`)
  await keep('volume', idsOf(((await get('/volumes')) as { Volumes: unknown }).Volumes ?? [], 'Name'), (name) => `/volumes/${name}`)
  return inventory
}

/** Docker lists mounts in any order, another each time. */
function sorted(list: readonly unknown[]): unknown[] {
  return list.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)))
}

/** What differs between two inventories, a line each. */
export function differences(before: Inventory, after: Inventory): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const [one, other] = [JSON.stringify(before[name]), JSON.stringify(after[name])]
    if (one === other) return []
    return [`${name}: ${one === undefined ? `is new: ${other?.slice(0, 300)}` : other === undefined ? `is gone: ${one.slice(0, 300)}` : differing(one, other)}`]
  })
}

function differing(one: string, other: string): string {
  const at = [...one].findIndex((character, index) => character !== other[index])
  return `was …${one.slice(Math.max(0, at - 80), at + 120)}… and is …${other.slice(Math.max(0, at - 80), at + 120)}…`
}
