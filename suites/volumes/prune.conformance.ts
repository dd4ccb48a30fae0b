import { expect, operation } from '../../harness/case/index.ts'

const prune = operation('POST /volumes/prune')

prune.must('remove the volumes that no container uses, and answer their names and the space', {
  id: 'volume-prune-unused', source: 'change 1.25/26', alone: true, disposable: 'it removes every volume that no container uses, whoever made it',
}, async ({ api, stage }) => {
  const used = await stage.volume()
  await stage.container({ HostConfig: { Binds: [`${used.name}:/kept`] } })
  const unused = await stage.volume()
  const writer = await stage.exited({ Cmd: ['write', '/kept/note', 'x'.repeat(5000)], HostConfig: { Binds: [`${unused.name}:/kept`] } })
  expect(writer.exitCode).toBe(0)
  expect(await api.delete(writer.path)).toAnswer(204)

  const answer = await api.post('/volumes/prune', { query: { filters: {} } })
  expect(answer).toAnswer(200)
  expect(answer.at('VolumesDeleted')).toContain(unused.name)
  expect(answer.at('VolumesDeleted')).not.toContain(used.name)
  expect(Number(answer.at('SpaceReclaimed'))).toBeGreaterThanOrEqual(5000)
  expect(await api.get(`/volumes/${unused.name}`)).toAnswer(404)
  expect(await api.get(`/volumes/${used.name}`)).toAnswer(200)
})

prune.must('answer no names where every volume is in use', {
  id: 'volume-prune-nothing', source: 'change 1.25/26', alone: true, disposable: 'it removes every volume that no container uses, whoever made it',
}, async ({ api, stage }) => {
  const used = await stage.volume()
  await stage.container({ HostConfig: { Binds: [`${used.name}:/kept`] } })
  // The first leaves none that the second could remove.
  expect(await api.post('/volumes/prune')).toAnswer(200)
  const answer = await api.post('/volumes/prune')
  expect(answer).toAnswer(200)
  expect(answer.at('VolumesDeleted') ?? []).toEqual([])
  expect(answer.at('SpaceReclaimed')).toBe(0)
  expect(await api.get(`/volumes/${used.name}`)).toAnswer(200)
})

prune.must('refuse filters that are no JSON, and remove nothing', {
  id: 'volume-prune-filters-no-json', source: ['operation', 'change 1.25/26'], alone: true, disposable: 'it removes every volume that no container uses where a daemon takes such filters for none',
  reality: 'the page documents 500 alone; Docker 26.1 and later answer 400',
}, async ({ api, stage }) => {
  const kept = await stage.volume()
  expect(await api.post('/volumes/prune', { query: { filters: 'notjson' } })).toAnswer(400, 500)
  expect(await api.get(`/volumes/${kept.name}`)).toAnswer(200)
})
