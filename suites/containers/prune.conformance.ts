import { expect, operation } from '../../harness/case/index.ts'

const prune = operation('POST /containers/prune')

prune.must('remove the stopped containers and answer their ids and the space', {
  id: 'container-prune-stopped', source: 'change 1.25/24', alone: true, disposable: 'it removes every stopped container, whoever made it',
}, async ({ api, stage, daemon, bystanders }) => {
  const stopped = await stage.container()
  const answer = await api.post('/containers/prune', { query: { filters: { until: [String(Math.ceil((await daemon.now()) / 1000) + 60)] } } })
  expect(answer).toAnswer(200)
  expect(answer.at('ContainersDeleted')).toContain(stopped.id)
  expect(answer.at('ContainersDeleted')).not.toContain(bystanders.running.id)
  expect(await api.get(`${stopped.path}/json`)).toAnswer(404)
})

prune.must('answer no ids where the filters select nothing', {
  id: 'container-prune-nothing', source: 'change 1.25/24',
  reality: 'the page names no filter of containers that every daemon heeds: 1.13 knows none but until later; an until of 1970 selects nothing',
}, async ({ api, stage }) => {
  const box = await stage.container()
  const answer = await api.post('/containers/prune', { query: { filters: { until: ['1'] } } })
  expect(answer).toAnswer(200)
  expect(answer.at('ContainersDeleted') ?? []).toEqual([])
  expect(answer.at('SpaceReclaimed')).toBe(0)
  expect(await api.get(`${box.path}/json`)).toAnswer(200)
})

prune.must('refuse filters that are no JSON, and remove nothing', {
  id: 'container-prune-filters-no-json', source: ['operation', 'change 1.25/24'], alone: true, disposable: 'it removes every stopped container where a daemon takes such filters for none',
  reality: 'the page documents 500 alone; Docker 20.10 and later answer 400',
}, async ({ api, stage }) => {
  const kept = await stage.container()
  expect(await api.post('/containers/prune', { query: { filters: 'notjson' } })).toAnswer(400, 500)
  expect(await api.get(`${kept.path}/json`)).toAnswer(200)
})
