import { describe, expect, test } from 'vitest'
import { scriptedClient, type ScriptedAnswer, type ScriptedRequest } from '../daemon/scripted-client.ts'
import { encodeFrame } from '../wire/frames.ts'
import { Blocked } from './errors.ts'
import { prepareBystanders, renewBystanders } from './prepare.ts'

const runId = 't00000-ffff-1-abcd'
const logs = Buffer.concat([encodeFrame('stdout', Buffer.from('bystander out\n')), encodeFrame('stderr', Buffer.from('bystander err\n'))]).toString('latin1')

/** A daemon that runs the guest as it should, but for what the script says. */
function daemon(script: (request: ScriptedRequest) => ScriptedAnswer | undefined = () => undefined) {
  return scriptedClient((request) => {
    const { path } = request
    return (
      script(request) ??
      (path.startsWith('/containers/create') ? { status: 201, body: { Id: path.includes('running') ? 'r' : 'e' } }
      : path.endsWith('/start') ? { status: 204 }
      : path.endsWith('/wait') ? { body: { StatusCode: 3 } }
      : { body: logs })
    )
  })
}

describe('prepareBystanders', () => {
  test('makes one that runs, with a network, and one that has ended, both named and labelled', async () => {
    const client = daemon()
    expect(await prepareBystanders(client, runId, 'guest:1')).toEqual({
      running: { id: 'r', name: `plimsoll-${runId}-bystander-running` },
      exited: { id: 'e', name: `plimsoll-${runId}-bystander-exited` },
    })
    const [running, exited] = client.requests.filter(({ path }) => path.startsWith('/containers/create')).map(({ body }) => body)
    expect(running).toEqual({ Image: 'guest:1', Labels: { 'plimsoll.run': runId, 'plimsoll.case': 'bystander-running' }, Cmd: ['hold'] })
    expect(exited).toMatchObject({ Image: 'guest:1', HostConfig: { NetworkMode: 'none' } })
  })

  test.each<[what: string, path: RegExp, answer: ScriptedAnswer, complaint: RegExp]>([
    ['creates nothing', /create/, { status: 500, body: 'no space' }, /^POST \/containers\/create\?name=.*: expected status 201, got 500, no space$/],
    ['tells no Id', /create/, { status: 201, body: 'null' }, /created a container and gave no Id/],
    ['starts nothing', /start/, { status: 500 }, /start: expected status 204, got 500/],
    ['ends it otherwise', /wait/, { body: { StatusCode: 127 } }, /the guest does not run as it should: it ended with 127 and wrote "bystander out\\n"/],
    ['says nothing of its end', /wait/, { body: '<html>' }, /it ended with undefined/],
    ['sends logs that are no frames', /logs/, { body: '\u0001\0\0\0\u007f\u007f\u007f\u007fabc' }, /^what the guest wrote can't be read: in its logs, a frame announces 2139062143 bytes/],
    ['lost its output', /logs/, { body: '' }, /it ended with 3 and wrote ""/],
  ])('is blocked by a daemon that %s', async (_what, path, answer, complaint) => {
    const prepared = prepareBystanders(daemon((request) => (path.test(request.path) ? answer : undefined)), runId, 'guest:1')
    await expect(prepared).rejects.toThrow(complaint)
    await expect(prepared).rejects.toThrow(Blocked)
  })
})

describe('renewBystanders', () => {
  const running = `plimsoll-${runId}-bystander-running`
  const exited = `plimsoll-${runId}-bystander-exited`
  /** A daemon that still has these of the two. */
  const having = (...there: string[]) =>
    daemon(({ method, path }) => {
      if (method === 'DELETE') return { status: 204 }
      if (!path.endsWith('/json')) return undefined
      const name = path.split('/')[2] ?? ''
      return there.includes(name) ? { body: { Id: `old ${name}` } } : { status: 404, body: { message: 'no such container' } }
    })

  test('leaves them alone where both are there', async () => {
    const client = having(running, exited)
    expect(await renewBystanders(client, runId, 'guest:1')).toEqual({ running: { id: `old ${running}`, name: running }, exited: { id: `old ${exited}`, name: exited } })
    expect(client.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('makes both anew where one is gone, and removes the other', async () => {
    const client = having(running)
    expect(await renewBystanders(client, runId, 'guest:1')).toEqual({ running: { id: 'r', name: running }, exited: { id: 'e', name: exited } })
    expect(client.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual([`/containers/old ${running}?force=1`])
  })
})
