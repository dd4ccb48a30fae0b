import { describe, expect, test } from 'vitest'
import { scriptedClient, type ScriptedAnswer, type ScriptedRequest } from '../daemon/scripted-client.ts'
import { encodeFrame } from '../wire/frames.ts'
import { createApi } from './api.ts'
import { createdBy } from './created.ts'
import { Blocked } from './errors.ts'
import { runIdOfName } from './run-id.ts'
import { createStage, type Stage } from './stage.ts'

const runId = 't00000-ffff-1-abcd'

/** A daemon that does what it is asked, but for what the script says. */
function staged(script: (request: ScriptedRequest) => ScriptedAnswer | Error | undefined = () => undefined) {
  let made = 0
  const client = scriptedClient((request) => {
    const said = script(request)
    if (said !== undefined) return said
    const { method, path } = request
    if (path.includes('/create') || path.endsWith('/exec')) return { status: 201, body: { Id: `id${(made += 1)}`, Name: `name${made}` } }
    if (path.includes('/start') || method === 'DELETE') return { status: 204 }
    if (path.includes('/wait')) return { body: { StatusCode: 3 } }
    if (path.includes('/logs')) return { body: Buffer.concat([encodeFrame('stdout', Buffer.from('out')), encodeFrame('stderr', Buffer.from('err'))]).toString('latin1') }
    if (path.includes('/tag')) return { status: 201 }
    return undefined
  })
  let adopt: Stage['adopt'] = () => {}
  const api = createApi({
    client,
    prefix: '1.24',
    recording: { startedAt: 0, record: () => {} },
    onRequest: () => {},
    onOpen: () => {},
    onAnswer(method, path, answer) {
      const created = createdBy(method, path, answer)
      if (created !== undefined) adopt(created.kind, created.id)
    },
  })
  const { stage, strike } = createStage({ api, control: client, caseId: 'thing-start', runId, guestImage: 'guest:1' })
  adopt = stage.adopt
  const asked = () => client.requests.map(({ method, path }) => `${method} ${path.replace(/name=[^&]+/, 'name=…').replace(/plimsoll-t00000-ffff-1-abcd-[a-z0-9]+-\d+/g, 'plimsoll')}`)
  return { stage, strike, client, asked }
}

describe('createStage', () => {
  test('gives names of this run that no other case has', () => {
    const [one, other] = [staged().stage, staged().stage]
    const names = [one.name(), one.name(), one.name('vol'), other.name()]
    expect(new Set(names).size).toBe(4)
    for (const name of names) expect(runIdOfName(name)).toBe(runId)
    expect(names[2]).toMatch(/-vol$/)
  })

  test('names and labels containers, gives them the guest and no network', async () => {
    const { stage, client } = staged()
    const box = await stage.container({ Cmd: ['exit', '0'], Labels: { own: '1', 'plimsoll.run': 'forged' }, HostConfig: { Memory: 1 } })
    expect(box).toMatchObject({ id: 'id1', path: '/containers/id1' })
    expect(client.requests[0]?.path).toBe(`/v1.24/containers/create?name=${box.name}`)
    expect(client.requests[0]?.body).toEqual({
      Image: 'guest:1', Cmd: ['exit', '0'],
      Labels: { own: '1', 'plimsoll.run': runId, 'plimsoll.case': 'thing-start' },
      NetworkDisabled: true,
      HostConfig: { NetworkMode: 'none', Memory: 1 },
    })
  })

  test.each([{ NetworkDisabled: true }, { NetworkingConfig: {} }, { HostConfig: { NetworkMode: 'bridge' } }])('leaves the network alone where the case says %j', async (config) => {
    const { stage, client } = staged()
    await stage.container(config)
    const { NetworkDisabled, NetworkingConfig, HostConfig } = client.requests[0]?.body as Record<string, unknown>
    expect({ NetworkDisabled, NetworkingConfig, HostConfig }).toEqual({ HostConfig: {}, ...config })
  })

  test('keeps its labels on networks and volumes too', async () => {
    const { stage, client } = staged()
    await stage.network({ Labels: { own: '1' }, Internal: true })
    await stage.volume({ Labels: { own: '1' } })
    const labels = { own: '1', 'plimsoll.run': runId, 'plimsoll.case': 'thing-start' }
    expect(client.requests.map(({ body }) => body)).toMatchObject([{ Internal: true, Labels: labels }, { Labels: labels }])
  })

  test('runs a container to its end and gives what it wrote', async () => {
    const { stage, asked } = staged()
    expect(await stage.output({ Cmd: ['emit'] })).toMatchObject({ stdout: 'out', stderr: 'err', exitCode: 3, box: { id: 'id1' } })
    expect(asked()).toEqual(['POST /v1.24/containers/create?name=…', 'POST /v1.24/containers/id1/start', 'POST /v1.24/containers/id1/wait', 'GET /v1.24/containers/id1/json', 'GET /v1.24/containers/id1/logs?stdout=1&stderr=1'])
  })

  const unwilling: [what: string, path: RegExp, answer: ScriptedAnswer, act: (stage: Stage) => Promise<unknown>, complaint: RegExp][] = [
    ['create', /containers\/create/, { status: 500, body: 'no space' }, (stage) => stage.container(), /^could not create a container: expected status 201, got 500, no space/],
    ['tell an Id', /containers\/create/, { status: 201, body: {} }, (stage) => stage.container(), /gave no Id/],
    ['send JSON', /containers\/create/, { status: 201, body: 'null' }, (stage) => stage.container(), /gave no Id/],
    ['start', /start/, { status: 500, body: 'no cgroups' }, (stage) => stage.running(), /^could not start a container: expected status 204, got 500/],
    ['wait', /wait/, { status: 404 }, (stage) => stage.exited(), /^could not wait for a container/],
    ['show logs', /logs/, { status: 500 }, (stage) => stage.output({}), /^could not read the output of a container/],
    ['create an exec', /exec/, { status: 409, body: 'paused' }, (stage) => stage.exec({ id: 'x' }, { Cmd: ['a'] }), /^could not create an exec instance/],
    ['create a network', /networks/, { status: 501 }, (stage) => stage.network(), /^could not create a network/],
    ['create a volume', /volumes/, { status: 501 }, (stage) => stage.volume(), /^could not create a volume/],
    ['tag', /tag/, { status: 404 }, (stage) => stage.imageName(), /^could not tag an image/],
  ]
  test.each(unwilling)('is blocked by a daemon that does not %s', async (_what, path, answer, act, complaint) => {
    const { stage } = staged((request) => (path.test(request.path) ? answer : undefined))
    const acted = act(stage)
    await expect(acted).rejects.toThrow(complaint)
    await expect(acted).rejects.toThrow(Blocked)
  })
})

describe('strike', () => {
  test('undoes first, the last thing first; then removes containers before the rest, newest first', async () => {
    const { stage, strike, client, asked } = staged()
    await stage.volume()
    await stage.container()
    await stage.network()
    await stage.container()
    await stage.imageName()
    const before = client.requests.length
    const undone: string[] = []
    stage.defer(() => void undone.push(`first, after ${client.requests.length - before} requests`))
    stage.defer(async () => void undone.push('second'))
    expect(await strike()).toEqual([])
    expect(undone).toEqual(['second', 'first, after 0 requests'])
    expect(asked().slice(before)).toEqual([
      'DELETE /containers/id4?force=1&v=1',
      'DELETE /containers/id2?force=1&v=1',
      'DELETE /images/plimsoll-image%3Alatest?force=1',
      'DELETE /networks/id3',
      'DELETE /volumes/name1',
    ])
  })

  test('removes what the case made by requests of its own, also where staging failed after it', async () => {
    const { stage, strike, asked } = staged((request) => (request.path.includes('/start') ? { status: 500 } : undefined))
    await expect(stage.running()).rejects.toThrow(Blocked)
    stage.adopt('volume', 'found elsewhere')
    expect(await strike()).toEqual([])
    expect(asked().slice(-2)).toEqual(['DELETE /containers/id1?force=1&v=1', 'DELETE /volumes/found%20elsewhere'])
  })

  test('says what is left, and goes on', async () => {
    const { stage, strike } = staged(({ method, path }) =>
      method !== 'DELETE' ? undefined : path.includes('id1') ? { status: 500, body: 'busy' } : path.includes('id2') ? new Error('the connection broke') : { status: 404 },
    )
    for (let count = 0; count < 3; count += 1) await stage.container()
    stage.defer(() => Promise.reject(new Error('no undo')))
    expect(await strike()).toEqual(['clearing up failed: Error: no undo', 'container id2 could not be removed: the connection broke', 'container id1 could not be removed: status 500, busy'])
  })
})
