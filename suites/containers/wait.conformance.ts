import { expect, operation } from '../../harness/case/index.ts'
import { hasSaid, stateOf } from './lifecycle.ts'

const wait = operation('POST /containers/{id}/wait')

wait.must('block until the container stops, then answer its exit code', { id: 'container-wait-running' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['hold', '6', 'ready'] })
  await hasSaid(api, box, 'ready')
  let answered = false
  const waiting = api.post(`${box.path}/wait`).finally(() => (answered = true))
  expect(await stateOf(api, box)).toMatchObject({ Running: true })
  expect(answered).toBe(false)
  expect(await api.post(`${box.path}/kill?signal=SIGTERM`)).toAnswer(204)
  const answer = await waiting
  expect(answer).toAnswer(200)
  expect(answer.at('StatusCode')).toBe(6)
})

wait.must('answer at once for a container that has exited', { id: 'container-wait-exited' }, async ({ api, bystanders }) => {
  const answer = await api.post(`/containers/${bystanders.exited.id}/wait`)
  expect(answer).toAnswer(200)
  expect(answer.at('StatusCode')).toBe(3)
})

wait.must('answer 137 where the process was killed', { id: 'container-wait-killed' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/kill`)).toAnswer(204)
  expect((await api.post(`${box.path}/wait`)).at('StatusCode')).toBe(137)
})

wait.must('answer 404 where there is no such container', { id: 'container-wait-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/wait`)).toAnswer(404)
})
