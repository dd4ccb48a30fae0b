import { expect, operation } from '../../harness/case/index.ts'

const start = operation('POST /containers/{id}/start')

start.must('start a created container and answer 204 without a body', { id: 'container-start-created' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['hold'] })
  expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(false)
  const answer = await api.post(`${box.path}/start`)
  expect(answer).toAnswer(204)
  expect(answer.body.byteLength).toBe(0)
  expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(true)
})

start.must('answer 304 without a body for a container that is started already', { id: 'container-start-running' }, async ({ api, stage }) => {
  const box = await stage.running()
  const answer = await api.post(`${box.path}/start`)
  expect(answer).toAnswer(304)
  expect(answer.body.byteLength).toBe(0)
})
