import { expect, operation, type Api, type Place, type Stage } from '../../harness/case/index.ts'
import { addresses, initialize, makeSwarm, ownSwarm, update, updateSwarm, versionOf } from './own-swarm.ts'

const init = operation('POST /swarm/init')
const join = operation('POST /swarm/join')
const leave = operation('POST /swarm/leave')
const inspect = operation('GET /swarm')
const updating = operation('POST /swarm/update')

/** Of what a swarm is made with, other than any daemon's own values. Durations are in nanoseconds. */
const spec = {
  Orchestration: { TaskHistoryRetentionLimit: 7 },
  Raft: { SnapshotInterval: 5000, LogEntriesForSlowFollowers: 400, ElectionTick: 4, HeartbeatTick: 2 },
  Dispatcher: { HeartbeatPeriod: 6_000_000_000 },
  CAConfig: { NodeCertExpiry: 7_000_000_000_000_000 },
}
/** What 1.25 has beside it. */
const laterSpec = {
  Labels: { colour: 'blue' },
  Raft: { KeepOldSnapshots: 3 },
  EncryptionConfig: { AutoLockManagers: false },
  CAConfig: { ExternalCAs: [{ Protocol: 'cfssl', URL: 'https://127.0.0.1:1/sign', Options: { shade: 'dark' } }] },
}
const logDriver = { Name: 'json-file', Options: { 'max-file': '3' } }

init.must('make the daemon the manager of a swarm of its own, and answer the id of its node', { id: 'swarm-init', ...ownSwarm }, async ({ api, stage }) => {
  const answer = await initialize(api, stage)
  expect(answer).toAnswer(200)
  const nodes = await api.get('/nodes')
  expect(nodes).toAnswer(200)
  expect(nodes.at()).toHaveLength(1)
  expect(nodes.at(0, 'ID')).toBe(answer.at())
  expect(nodes.at(0, 'Spec', 'Role')).toBe('manager')
})

init.must('make the swarm as Spec says', { id: 'swarm-init-spec', ...ownSwarm }, async ({ api, stage }) => {
  expect(await initialize(api, stage, { Spec: spec })).toAnswer(200)
  expect((await api.get('/swarm')).at('Spec')).toMatchObject(spec)
})

init.must('take the name of the one swarm that there is, default, and no other', {
  id: 'swarm-init-name', since: '1.25', ...ownSwarm, reality: 'the page says nothing of what a name may be; Docker 1.13 answers 500 to another one, later ones 400',
}, async ({ api, stage }) => {
  expect(await initialize(api, stage, { Spec: { Name: 'other' } })).toAnswer(400, 500)
  expect(await initialize(api, stage, { Spec: { Name: 'default' } })).toAnswer(200)
  expect((await api.get('/swarm')).at('Spec', 'Name')).toBe('default')
})

init.must('label the swarm, keep its snapshots and name other certification authorities as Spec says', { id: 'swarm-init-spec-labels-and-authorities', since: '1.25', ...ownSwarm }, async ({ api, stage }) => {
  expect(await initialize(api, stage, { Spec: laterSpec })).toAnswer(200)
  expect((await api.get('/swarm')).at('Spec')).toMatchObject(laterSpec)
})

init.must('advertise the address that AdvertiseAddr says', { id: 'swarm-init-advertise-addr', ...ownSwarm }, async ({ api, stage }) => {
  expect(await initialize(api, stage, { AdvertiseAddr: '127.0.0.1:2377' })).toAnswer(200)
  const answer = await api.get('/info')
  expect(answer.at('Swarm', 'NodeAddr')).toBe('127.0.0.1')
  expect(answer.at('Swarm', 'RemoteManagers', 0, 'Addr')).toBe('127.0.0.1:2377')
})

init.must('refuse a body that is no JSON', { id: 'swarm-init-malformed', needs: ['swarm-inactive'], disposable: true, alone: true }, async ({ api }) => {
  expect(await api.post('/swarm/init', { body: '{"ListenAddr"', headers: { 'Content-Type': 'application/json' } })).toAnswer(400)
})

init.must('refuse an address to listen at that is none', { id: 'swarm-init-listen-addr', needs: ['swarm-inactive'], disposable: true, alone: true }, async ({ api }) => {
  expect(await api.post('/swarm/init', { body: { ListenAddr: 'no address:0' } })).toAnswer(400)
})

init.must('refuse where the daemon is part of a swarm, which stays', {
  id: 'swarm-init-again', inSwarm: true, alone: true, reality: 'the pages say 406; Docker 1.13 and later ones answer 503',
}, async ({ api }) => {
  const swarm = (await api.get('/swarm')).at('ID')
  expect(await api.post('/swarm/init', { body: addresses })).toAnswer(406, 503)
  expect((await api.get('/swarm')).at('ID')).toBe(swarm)
})

join.must('refuse a body that is no JSON', { id: 'swarm-join-malformed', needs: ['swarm-inactive'], disposable: true, alone: true }, async ({ api }) => {
  expect(await api.post('/swarm/join', { body: '{"RemoteAddrs"', headers: { 'Content-Type': 'application/json' } })).toAnswer(400)
})

join.must('refuse where RemoteAddrs names no manager', { id: 'swarm-join-nobody', needs: ['swarm-inactive'], disposable: true, alone: true }, async ({ api }) => {
  expect(await api.post('/swarm/join', { body: { ...addresses, RemoteAddrs: [], JoinToken: 'SWMTKN-1-0-0' } })).toAnswer(400)
  expect(await api.get('/swarm')).toAnswer(406, 503)
})

join.must('refuse where the daemon is part of a swarm', {
  id: 'swarm-join-again', inSwarm: true, alone: true, reality: 'the page of 1.24 says 406, that of 1.25 says 503, as Docker 1.13 and later ones answer at either',
}, async ({ api }) => {
  const answer = await api.get('/swarm')
  expect(await api.post('/swarm/join', { body: { ...addresses, RemoteAddrs: ['127.0.0.1:2377'], JoinToken: answer.at('JoinTokens', 'Worker') } })).toAnswer(406, 503)
  expect((await api.get('/swarm')).at('ID')).toBe(answer.at('ID'))
})

leave.must('leave the swarm for force, even as its last manager', { id: 'swarm-leave-force', ...ownSwarm }, async ({ api, stage }) => {
  await makeSwarm(api, stage)
  expect(await api.get('/swarm')).toAnswer(200)
  expect(await api.post('/swarm/leave', { query: { force: true }, timeoutMs: 40_000 })).toAnswer(200)
  expect(await api.get('/swarm')).toAnswer(406, 503)
})

leave.must('refuse the last manager without force', {
  id: 'swarm-leave-last-manager', ...ownSwarm, reality: 'the page has no status of its own for it; Docker 1.12 answers 500, later ones 503',
}, async ({ api, stage }) => {
  await makeSwarm(api, stage)
  expect(await api.post('/swarm/leave')).toAnswer(500, 503)
  expect(await api.get('/swarm')).toAnswer(200)
})

inspect.must('answer the tokens to join with, one for workers and one for managers', { id: 'swarm-inspect-tokens', inSwarm: true, alone: true }, async ({ api }) => {
  const answer = await api.get('/swarm')
  expect(answer).toAnswer(200)
  expect(answer.textAt('JoinTokens', 'Worker')).not.toBe(answer.textAt('JoinTokens', 'Manager'))
})

inspect.must('answer the log driver that the tasks of the swarm have by default', { id: 'swarm-inspect-log-driver', since: '1.25', ...ownSwarm }, async ({ api, stage }) => {
  await makeSwarm(api, stage, { Spec: { TaskDefaults: { LogDriver: logDriver } } })
  expect((await api.get('/swarm')).at('Spec', 'TaskDefaults', 'LogDriver')).toMatchObject(logDriver)
})

/** Gives the swarm, which others share, back what it was to be when the case ends. */
async function restored(api: Api, stage: Stage): Promise<Place> {
  const answer = await api.get('/swarm')
  const spec = answer.at('Spec') as object
  stage.defer(async () => {
    const back = await update(api, '/swarm', spec)
    if (back.status !== 200) throw new Error(`could not give the swarm back what it was: status ${back.status}, ${back.text.trim()}`)
  })
  return answer
}

updating.must('take what the body says, and count the version up', { id: 'swarm-update', inSwarm: true, alone: true }, async ({ api, stage }) => {
  const before = await restored(api, stage)
  expect(before.at('Spec')).not.toMatchObject(spec)
  expect(await updateSwarm(api, spec)).toAnswer(200)
  const after = await api.get('/swarm')
  expect(after.at('Spec')).toMatchObject(spec)
  expect(after.numberAt('Version', 'Index')).toBeGreaterThan(before.numberAt('Version', 'Index'))
  expect(after.at('JoinTokens')).toEqual(before.at('JoinTokens'))
})

updating.must('take labels, snapshots to keep and other certification authorities', { id: 'swarm-update-labels-and-authorities', since: '1.25', inSwarm: true, alone: true }, async ({ api, stage }) => {
  await restored(api, stage)
  expect(await updateSwarm(api, laterSpec)).toAnswer(200)
  expect((await api.get('/swarm')).at('Spec')).toMatchObject(laterSpec)
})

updating.must('take the log driver that the tasks of the swarm have by default', { id: 'swarm-update-log-driver', since: '1.25', inSwarm: true, alone: true }, async ({ api, stage }) => {
  await restored(api, stage)
  expect(await updateSwarm(api, { TaskDefaults: { LogDriver: logDriver } })).toAnswer(200)
  expect((await api.get('/swarm')).at('Spec', 'TaskDefaults', 'LogDriver')).toMatchObject(logDriver)
})

updating.must('refuse to update another version than the swarm has', {
  id: 'swarm-update-out-of-date', inSwarm: true, alone: true, reality: 'the pages say only that the version avoids conflicting writes; every Docker answers 500',
}, async ({ api, stage }) => {
  await restored(api, stage)
  const version = await versionOf(api, '/swarm')
  expect(await api.post('/swarm/update', { query: { version: version - 1 }, body: { Name: 'default', ...spec } })).toAnswer(500)
  expect((await api.get('/swarm')).at('Spec')).not.toMatchObject(spec)
  expect(await api.post('/swarm/update', { query: { version }, body: { Name: 'default', ...spec } })).toAnswer(200)
})

updating.must('refuse a version that is no number', { id: 'swarm-update-version-malformed', inSwarm: true, alone: true }, async ({ api }) => {
  expect(await api.post('/swarm/update', { query: { version: 'latest' }, body: { Name: 'default' } })).toAnswer(400)
})

for (const { parameter, changed, kept } of [
  { parameter: 'rotateWorkerToken', changed: 'Worker', kept: 'Manager' },
  { parameter: 'rotateManagerToken', changed: 'Manager', kept: 'Worker' },
]) {
  updating.must(`give out another token for ${parameter}, and leave the other one`, { id: `swarm-update-rotate-${changed.toLowerCase()}-token`, inSwarm: true, alone: true }, async ({ api }) => {
    const before = await api.get('/swarm')
    expect(await updateSwarm(api, {}, { [parameter]: true })).toAnswer(200)
    const after = await api.get('/swarm')
    expect(after.textAt('JoinTokens', changed)).not.toBe(before.textAt('JoinTokens', changed))
    expect(after.textAt('JoinTokens', kept)).toBe(before.textAt('JoinTokens', kept))
  })
}

const locking = { EncryptionConfig: { AutoLockManagers: true } }

updating.must('give out another key to unlock managers with for rotateManagerUnlockKey', { id: 'swarm-update-rotate-unlock-key', since: '1.25', inSwarm: true, alone: true }, async ({ api, stage }) => {
  await restored(api, stage)
  expect(await updateSwarm(api, locking)).toAnswer(200)
  const key = async () => (await api.get('/swarm/unlockkey')).textAt('UnlockKey')
  const before = await key()
  expect(await updateSwarm(api, locking, { rotateManagerUnlockKey: true })).toAnswer(200)
  expect(await key()).not.toBe(before)
})

operation('GET /swarm/unlockkey').must('answer the key that unlocks managers where they lock themselves, and none where they do not', { id: 'swarm-unlockkey', since: '1.25', inSwarm: true, alone: true }, async ({ api, stage }) => {
  await restored(api, stage)
  const none = await api.get('/swarm/unlockkey')
  expect(none).toAnswer(200)
  expect(none.at('UnlockKey')).toBe('')
  expect(await updateSwarm(api, locking)).toAnswer(200)
  const answer = await api.get('/swarm/unlockkey')
  expect(answer).toAnswer(200)
  expect(answer.textAt('UnlockKey')).toMatch(/^SWMKEY-1-/)
})

operation('POST /swarm/unlock').must('refuse a key where the manager is not locked', {
  id: 'swarm-unlock-unlocked', since: '1.25', inSwarm: true, alone: true, reality: 'the page documents 500 alone, as Docker 1.13 answers; Docker 20.10 answers 409',
}, async ({ api }) => {
  expect(await api.post('/swarm/unlock', { body: { UnlockKey: 'SWMKEY-1-plimsoll' } })).toAnswer(409, 500)
})
