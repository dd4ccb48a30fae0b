import { expect, operation } from '../../harness/case/index.ts'
import { hasSaid, stateOf, writtenBy } from './lifecycle.ts'

const stop = operation('POST /containers/{id}/stop')

stop.must('send SIGTERM and answer 204 when the process has ended', { id: 'container-stop-running' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['hold', '5', 'ready'] })
  await hasSaid(api, box, 'ready')
  const answer = await api.post(`${box.path}/stop`)
  expect(answer).toAnswer(204)
  expect(answer.body.byteLength).toBe(0)
  // The guest ends with 5 when it gets SIGTERM; killed, it would be 137.
  expect(await stateOf(api, box)).toMatchObject({ Running: false, ExitCode: 5 })
})

stop.must('kill the process where it has not ended after t seconds', { id: 'container-stop-timeout' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['stubborn'] })
  await hasSaid(api, box, 'ready')
  const asked = performance.now()
  expect(await api.post(`${box.path}/stop`, { query: { t: 1 } })).toAnswer(204)
  // Without t it would be 10 seconds.
  expect(performance.now() - asked).toBeLessThan(9_000)
  expect(await stateOf(api, box)).toMatchObject({ Running: false, ExitCode: 137 })
})

stop.must('answer 304 without a body for a container that is stopped already', { id: 'container-stop-stopped' }, async ({ api, stage }) => {
  const box = await stage.exited()
  const answer = await api.post(`${box.path}/stop`)
  expect(answer).toAnswer(304)
  expect(answer.body.byteLength).toBe(0)
})

stop.must('answer 404 where there is no such container', { id: 'container-stop-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/stop`)).toAnswer(404)
})

const restart = operation('POST /containers/{id}/restart')

restart.must('stop and start a container and answer 204', { id: 'container-restart-running' }, async ({ api, stage }) => {
  const box = await stage.running()
  const before = await stateOf(api, box)
  const answer = await api.post(`${box.path}/restart`)
  expect(answer).toAnswer(204)
  expect(answer.body.byteLength).toBe(0)
  const after = await stateOf(api, box)
  expect(after).toMatchObject({ Running: true })
  expect(after.StartedAt).not.toBe(before.StartedAt)
})

restart.must('start a container that has exited', { id: 'container-restart-exited' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['sh', '-c', 'print again'] })
  expect(await api.post(`${box.path}/restart`)).toAnswer(204)
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  expect((await writtenBy(api, box)).match(/again\n/g)).toHaveLength(2)
})

restart.must('kill the process where it has not ended after t seconds', { id: 'container-restart-timeout' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['stubborn'] })
  await hasSaid(api, box, 'ready')
  const before = await stateOf(api, box)
  const asked = performance.now()
  expect(await api.post(`${box.path}/restart`, { query: { t: 0 } })).toAnswer(204)
  // Without t it would be 10 seconds.
  expect(performance.now() - asked).toBeLessThan(9_000)
  expect((await stateOf(api, box)).Pid).not.toBe(before.Pid)
})

restart.must('answer 404 where there is no such container', { id: 'container-restart-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/restart`)).toAnswer(404)
})
