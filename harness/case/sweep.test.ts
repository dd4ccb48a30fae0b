import { describe, expect, test } from 'vitest'
import { scriptedClient, type ScriptedAnswer } from '../daemon/scripted-client.ts'
import { Blocked } from './errors.ts'
import { newRunId } from './run-id.ts'
import { findRemnants, ofDeadRuns, sweep, type Remnant } from './sweep.ts'

const dead = 't00000-ffff-1-abcd'

/** A daemon that lists these, and has nothing else. */
function daemonWith(lists: Record<string, unknown>, more: (method: string, path: string) => ScriptedAnswer | Error | undefined = () => undefined) {
  const all: Record<string, unknown> = { '/containers/json?all=1': [], '/networks': [], '/volumes': { Volumes: [] }, '/images/json': [], ...lists }
  return scriptedClient(({ method, path }) => more(method, path) ?? (method === 'GET' && path in all ? { body: all[path] } : undefined))
}

const found = async (lists: Record<string, unknown>) => (await findRemnants(daemonWith(lists))).map(({ kind, id }) => `${kind} ${id}`)

describe('findRemnants', () => {
  test('knows ours by the label, whatever they are called now, and by the name', async () => {
    expect(
      await found({
        '/containers/json?all=1': [
          { Id: '1', Names: ['/renamed'], Labels: { 'plimsoll.run': dead } },
          { Id: '2', Names: ['/other/alias', `/plimsoll-${dead}-x-1-box`], Labels: null },
        ],
        '/networks': [{ Id: '3', Name: `plimsoll-${dead}-x-2-net`, Labels: {} }],
        '/volumes': { Volumes: [{ Name: `plimsoll-${dead}-x-3-vol`, Labels: null }], Warnings: null },
        '/images/json': [{ Id: 'sha256:4', RepoTags: ['busybox:1', `plimsoll-${dead}-x-4-image:latest`] }],
      }),
    ).toEqual(['container 1', 'container 2', 'network 3', `volume plimsoll-${dead}-x-3-vol`, `image plimsoll-${dead}-x-4-image:latest`])
  })

  test("knows Podman's long image names, and removes them by these", async () => {
    expect(await found({ '/images/json': [{ Id: '1', RepoTags: [`localhost/plimsoll-${dead}-guest:1`, `docker.io/library/plimsoll-${dead}-x:latest`] }] })).toEqual([
      `image localhost/plimsoll-${dead}-guest:1`,
      `image docker.io/library/plimsoll-${dead}-x:latest`,
    ])
  })

  test('knows the images that were named for no registry at all, and those of ours that were named for one of others', async () => {
    expect(await found({ '/images/json': [{ Id: '1', RepoTags: [`127.0.0.1:1/plimsoll-${dead}-x-1-base:v1`] }] })).toEqual([`image 127.0.0.1:1/plimsoll-${dead}-x-1-base:v1`])
    const tag = `registry.example:5000/plimsoll/plimsoll-${dead}-x-1-image:v1`
    expect(await found({ '/images/json': [{ Id: '1', RepoTags: [tag], Labels: { 'plimsoll.run': dead } }] })).toEqual(['image 1'])
    expect(await found({ '/images/json': [{ Id: '1', RepoTags: [tag], Labels: { 'plimsoll.run': 'theirs' } }] })).toEqual([])
  })

  test('knows the images that were named for a registry of our own', async () => {
    const named = (registry: string) => `${registry}/plimsoll/plimsoll-${dead}-x-1-image:v1`
    expect(await found({ '/images/json': [{ Id: '1', RepoTags: [named('127.0.0.1:5000')] }, { Id: '2', RepoTags: [named('registry.example:5000')] }] })).toEqual([`image ${named('127.0.0.1:5000')}`])
    expect(await found({ '/images/json': [{ Id: '1', RepoTags: [named('127.0.0.1:5000')], Labels: { 'plimsoll.run': dead } }] })).toEqual(['image 1'])
  })

  test('knows the swarm that a run made by its label, leaves it before all else, and no other', async () => {
    const inSwarm = (labels: object | null) => ({ '/swarm': { ID: 'abc', Spec: { Name: 'default', Labels: labels } } })
    expect(await found(inSwarm({ 'plimsoll.run': dead }))).toEqual(['swarm abc'])
    expect(await found(inSwarm({ 'plimsoll.run': 'theirs' }))).toEqual([])
    expect(await found(inSwarm(null))).toEqual([])
    const asked: string[] = []
    const daemon = daemonWith({}, (method, path) => (asked.push(`${method} ${path}`), method === 'GET' ? undefined : { status: 200 }))
    expect((await sweep(daemon, [{ kind: 'container', id: '1', name: 'task', runId: dead }, { kind: 'swarm', id: 'abc', name: 'abc', runId: dead }])).failed).toEqual([])
    expect(asked[0]).toBe('POST /swarm/leave?force=1')
  })

  test('knows plugins by their names, also those that were named for a registry of our own', async () => {
    const plugin = (Id: string, Name: string) => ({ Id, Name, Enabled: false })
    expect(
      await found({ '/plugins': [plugin('1', `plimsoll-${dead}-x-1-plugin:v1`), plugin('2', `127.0.0.1:5000/plimsoll/plimsoll-${dead}-x-2-plugin:v1`), plugin('3', 'vieux/sshfs:latest')] }),
    ).toEqual(['plugin 1', 'plugin 2'])
  })

  test('leaves alone what is foreign, also under names and labels almost like ours', async () => {
    expect(
      await found({
        '/containers/json?all=1': [
          { Id: '1', Names: ['/plimsoll-web'], Labels: { 'plimsoll.run': 'yes' } },
          { Id: '2', Names: [`/my-plimsoll-${dead}-box`], Labels: { 'com.plimsoll.run': dead } },
          { Id: '3', Names: ['/web'], Labels: { 'plimsoll.case': 'x', 'plimsoll.run': `${dead}-more` } },
          { Id: '4', Names: ['/web'], Labels: { 'plimsoll.run': { id: dead } } },
        ],
        '/networks': [{ Id: 'bridge', Name: 'bridge' }, { Id: '5', Name: 'plimsoll' }],
        // The label of an image says who built it, not who made the name: only the tag is ours.
        '/images/json': [{ Id: '6', RepoTags: ['web:1'], Labels: { 'plimsoll.run': dead } }, { Id: '7', RepoTags: [`registry.example/plimsoll-${dead}-guest:1`] }, { Id: '8', RepoTags: null }],
      }),
    ).toEqual([])
  })

  test('takes odd lists for empty, and skips what is no object in them', async () => {
    expect(await found({ '/containers/json?all=1': [null, 1, 'x', { Names: 5 }, { Labels: { 'plimsoll.run': dead } }], '/networks': {}, '/volumes': null, '/images/json': null })).toEqual([])
  })

  test('leaves out kinds that the daemon does not know', async () => {
    const daemon = daemonWith({}, (_method, path) => (path === '/volumes' ? { status: 404 } : path === '/networks' ? { status: 501 } : undefined))
    expect(await findRemnants(daemon)).toEqual([])
  })

  test('is blocked where the daemon can list no containers', async () => {
    await expect(findRemnants(daemonWith({}, (_method, path) => (path.startsWith('/containers') ? { status: 500 } : undefined)))).rejects.toThrow(/^GET \/containers\/json\?all=1 answered 500/)
    const html = findRemnants(daemonWith({}, (_method, path) => (path.startsWith('/containers') ? { body: '<html>' } : undefined)))
    await expect(html).rejects.toThrow(Blocked)
    await expect(html).rejects.toThrow(/answered no JSON/)
  })
})

describe('sweep', () => {
  const remnant = (kind: Remnant['kind'], id: string, runId = dead): Remnant => ({ kind, id, name: id, runId })

  test('removes containers before what they hold on to, and no more than it was given', async () => {
    const daemon = daemonWith({}, (method) => (method === 'DELETE' ? { status: 204 } : undefined))
    const remnants = [remnant('image', 'i:1'), remnant('volume', 'v'), remnant('network', 'n'), remnant('container', 'c1'), remnant('container', 'c2')]
    const { removed, failed } = await sweep(daemon, remnants)
    expect(daemon.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE /containers/c1?force=1&v=1',
      'DELETE /containers/c2?force=1&v=1',
      'DELETE /networks/n',
      'DELETE /volumes/v',
      'DELETE /images/i%3A1?force=1',
    ])
    expect(removed).toHaveLength(5)
    expect(failed).toEqual([])
  })

  test('takes what is gone already, or being removed, for removed; tells the rest', async () => {
    const daemon = daemonWith({}, (_method, path) =>
      path.includes('gone') ? { status: 404 }
      : path.includes('going') ? { status: 409, body: 'removal of container going is already in progress' }
      : path.includes('broken') ? new Error('the connection broke')
      : { status: 409, body: 'in use' },
    )
    const { removed, failed } = await sweep(daemon, [remnant('container', 'gone'), remnant('container', 'going'), remnant('container', 'broken'), remnant('volume', 'used')])
    expect(removed.map(({ id }) => id)).toEqual(['gone', 'going'])
    expect(failed).toEqual(['container broken could not be removed: the connection broke', 'volume used could not be removed: status 409, in use'])
  })

  test('ofDeadRuns spares the living', () => {
    const living = remnant('container', 'c', newRunId())
    expect(ofDeadRuns([living, remnant('volume', 'v'), remnant('volume', 'w', 'no id')])).toEqual([remnant('volume', 'v')])
  })
})
