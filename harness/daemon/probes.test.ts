import { describe, expect, test } from 'vitest'
import { encodeFrame } from '../wire/frames.ts'
import { probeCapabilities } from './probes.ts'
import { scriptedClient, type ScriptedAnswer, type ScriptedRequest } from './scripted-client.ts'

const parts = { runId: 't00000-ffff-1-abcd', guestImage: 'guest:1', foreignObjects: 0 }

/** A daemon that does everything, but for what the script says. */
const daemon = (script: (request: ScriptedRequest) => ScriptedAnswer | undefined = () => undefined) =>
  scriptedClient((request) => script(request) ?? usual(request))

function usual({ path }: ScriptedRequest): ScriptedAnswer {
  if (path.startsWith('/images/create')) return { status: 500, body: 'not found' }
  if (path.includes('/create')) return { status: 201, body: { Id: 'x', Warnings: null } }
  if (path.includes('/logs')) return { status: 200, body: Buffer.from(encodeFrame('stdout', Buffer.from('loop0\nsda\n'))).toString('latin1') }
  if (path.endsWith('/json')) return { status: 200, body: { HostConfig: { BlkioWeight: 300 } } }
  return { status: 204 }
}

/** The capabilities alone. */
const probe = async (...wanted: Parameters<typeof probeCapabilities>) => (await probeCapabilities(...wanted)).capabilities

/** Whether a request is about a probe with this in its HostConfig. */
const has = (request: ScriptedRequest, field: string) => Object.hasOwn((request.body as { HostConfig?: object } | undefined)?.HostConfig ?? {}, field)

describe('probeCapabilities', () => {
  test('finds what works, and leaves nothing', async () => {
    const client = daemon()
    const probed = await probe(client, parts)
    expect(Object.keys(probed).sort()).toEqual(['blkio', 'blkio-weight', 'cpu-realtime', 'ipv6', 'no-foreign-objects', 'privileged', 'reaches-suite', 'registry', 'registry-user'])
    expect(Object.entries(probed).filter(([, { present }]) => !present).map(([name]) => name)).toEqual(['reaches-suite', 'registry', 'registry-user'])
    expect(probed.privileged?.reason).toBe('a container with all privileges was created and started')
    const made = client.requests.filter(({ path }) => path.includes('/create') && !path.startsWith('/images/'))
    const removed = client.requests.filter(({ method }) => method === 'DELETE')
    expect(removed).toHaveLength(made.length)
    for (const { body, path } of made) {
      expect(body).toMatchObject({ Labels: { 'plimsoll.run': parts.runId } })
      expect(path + JSON.stringify(body)).toContain(`plimsoll-${parts.runId}-probe`)
    }
  })

  test('tells what is refused, and by what', async () => {
    const probed = await probe(
      daemon((request) => (has(request, 'Privileged') ? { status: 403, body: 'not here' } : request.path === '/networks/create' ? { status: 500, body: 'no ip6tables' } : undefined)),
      parts,
    )
    expect(probed.privileged).toEqual({ present: false, reason: 'create of something with all privileges is refused with 403: not here' })
    expect(probed.ipv6).toEqual({ present: false, reason: 'create of something with IPv6 is refused with 500: no ip6tables' })
  })

  test('takes a container that is created and does not start for refused, and removes it', async () => {
    const client = daemon((request) => (request.path.endsWith('/start') ? { status: 500, body: 'no\u001b[2J' } : undefined))
    const probed = await probe(client, parts)
    expect(probed.blkio).toEqual({ present: false, reason: 'start of something with a limit of block I/O is refused with 500: no\\x1b[2J' })
    expect(client.requests.filter(({ method, path }) => method === 'DELETE' && path.startsWith('/containers/'))).toHaveLength(5)
  })

  test('does not take a weight for heeded that is dropped without a warning', async () => {
    const probed = await probe(daemon(({ path }) => (path.endsWith('/json') ? { status: 200, body: { HostConfig: { BlkioWeight: 0 } } } : undefined)), parts)
    expect(probed['blkio-weight']).toEqual({ present: false, reason: 'a container with a weight of block I/O is created without a warning, and has none' })
  })

  test('names a block device of the machine, a loop device only where there is no other', async () => {
    const seeing = (text: string) => daemon(({ path }) => (path.includes('/logs') ? { status: 200, body: Buffer.from(encodeFrame('stdout', Buffer.from(text))).toString('latin1') } : undefined))
    expect((await probeCapabilities(seeing('loop0\nvda\n'), parts)).blockDevice).toBe('/dev/vda')
    expect((await probeCapabilities(seeing('loop0\n'), parts)).blockDevice).toBe('/dev/loop0')
    const none = await probeCapabilities(seeing('../../etc\n'), parts)
    expect(none.blockDevice).toBeUndefined()
    expect(none.capabilities.blkio).toMatchObject({ present: false, reason: expect.stringMatching(/no block device/) as unknown })
  })

  test('has no block device to name where the logs are no frames', async () => {
    expect((await probeCapabilities(daemon(({ path }) => (path.includes('/logs') ? { status: 200, body: 'sda' } : undefined)), parts)).blockDevice).toBeUndefined()
  })

  test('takes a warning for a limit that does not work', async () => {
    const probed = await probe(daemon((request) => (has(request, 'BlkioWeight') ? { status: 201, body: { Warnings: ['discarded'] } } : undefined)), parts)
    expect(probed['blkio-weight']).toEqual({ present: false, reason: 'a container with a weight of block I/O is created with the warning discarded' })
  })

  test.each(['null', '<html>', '[]', '{"Warnings":"x"}'])('survives a created container whose answer is %j', async (body) => {
    const probed = await probe(daemon((request) => (request.path.startsWith('/containers/create') ? { status: 201, body } : undefined)), parts)
    expect(probed.privileged?.present).toBe(true)
  })

  test.each([[3, false, /counted 3 containers/], [undefined, false, /counted no containers/]])('with %s foreign objects', async (foreignObjects, present, reason) => {
    const probed = await probe(daemon(), { ...parts, foreignObjects })
    expect(probed['no-foreign-objects']).toEqual({ present, reason: expect.stringMatching(reason) as unknown })
  })
})
