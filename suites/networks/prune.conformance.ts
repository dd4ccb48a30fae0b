import { expect, operation } from '../../harness/case/index.ts'

const prune = operation('POST /networks/prune')

prune.must('remove the networks that no container uses, and answer their names', {
  id: 'network-prune-unused', source: 'change 1.25/27', alone: true, disposable: 'it removes every network that no container uses, whoever made it',
}, async ({ api, stage }) => {
  const used = await stage.network()
  await stage.running({ HostConfig: { NetworkMode: used.name } })
  const unused = await stage.network()
  const predefined = (await api.get('/networks')).list().flatMap((entry) => (['bridge', 'host', 'none'].includes(String(entry.at('Name'))) ? [entry.at('Id')] : []))
  expect(predefined.length).toBeGreaterThan(0)

  const answer = await api.post('/networks/prune', { query: { filters: {} } })
  expect(answer).toAnswer(200)
  expect(answer.at('NetworksDeleted')).toContain(unused.name)
  expect(answer.at('NetworksDeleted')).not.toContain(used.name)
  expect(await api.get(`/networks/${unused.id}`)).toAnswer(404)
  expect((await api.get('/networks')).list().map((entry) => entry.at('Id'))).toEqual(expect.arrayContaining([used.id, ...predefined]))
})

prune.must('answer no names where every network is in use', {
  id: 'network-prune-nothing', source: 'change 1.25/27', alone: true, disposable: 'it removes every network that no container uses, whoever made it',
}, async ({ api, stage }) => {
  const used = await stage.network()
  await stage.running({ HostConfig: { NetworkMode: used.name } })
  // The first leaves none that the second could remove.
  expect(await api.post('/networks/prune')).toAnswer(200)
  const answer = await api.post('/networks/prune')
  expect(answer).toAnswer(200)
  expect(answer.at('NetworksDeleted') ?? []).toEqual([])
  expect(await api.get(`/networks/${used.id}`)).toAnswer(200)
})

prune.must('refuse filters that are no JSON, and remove nothing', {
  id: 'network-prune-filters-no-json', source: ['operation', 'change 1.25/27'], alone: true, disposable: 'it removes every network that no container uses where a daemon takes such filters for none',
  reality: 'the page documents 500 alone; Docker 26.1 and later answer 400',
}, async ({ api, stage }) => {
  const kept = await stage.network()
  expect(await api.post('/networks/prune', { query: { filters: 'notjson' } })).toAnswer(400, 500)
  expect(await api.get(`/networks/${kept.id}`)).toAnswer(200)
})
