import { expect, operation, until } from '../../harness/case/index.ts'
import { hasSaid, stateOf, writtenBy } from './lifecycle.ts'

const pause = operation('POST /containers/{id}/pause')
const unpause = operation('POST /containers/{id}/unpause')

pause.must('freeze a running container and answer 204', { id: 'container-pause-running' }, async ({ api, stage }) => {
  const box = await stage.running()
  const answer = await api.post(`${box.path}/pause`)
  expect(answer).toAnswer(204)
  expect(answer.body.byteLength).toBe(0)
  expect(await stateOf(api, box)).toMatchObject({ Running: true, Paused: true })
  expect(await api.post(`${box.path}/unpause`)).toAnswer(204)
})

pause.must('keep a paused process from running: what it is sent is heard only when it is unpaused', { id: 'container-pause-frozen' }, async ({ api, stage, daemon }) => {
  const box = await stage.running({ Cmd: ['emit', 'out=ready\\n', 'line', 'out=heard\\n', 'line'], OpenStdin: true })
  await hasSaid(api, box, 'ready')
  const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 } })
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  await stdin.write('go on\n')
  const later = (await daemon.now()) + 1_000
  await until(async () => expect(await daemon.now()).toBeGreaterThan(later))
  expect(await writtenBy(api, box)).toBe('ready\n')
  expect(await api.post(`${box.path}/unpause`)).toAnswer(204)
  await hasSaid(api, box, 'heard')
})

pause.must('refuse a container that is paused already', {
  id: 'container-pause-paused',
  reality: 'the page documents 500; so do Docker 1.6 to 1.13, later ones answer 409',
}, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  expect(await api.post(`${box.path}/pause`)).toAnswer(409, 500)
  expect(await api.post(`${box.path}/unpause`)).toAnswer(204)
})

pause.must('refuse a container that does not run', {
  id: 'container-pause-stopped',
  reality: 'the page documents 500; so do Docker 1.6 to 1.13, later ones answer 409',
}, async ({ api, stage }) => {
  const box = await stage.exited()
  expect(await api.post(`${box.path}/pause`)).toAnswer(409, 500)
})

pause.must('answer 404 where there is no such container', { id: 'container-pause-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/pause`)).toAnswer(404)
})

unpause.must('let a paused container go on and answer 204', { id: 'container-unpause-paused' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/pause`)).toAnswer(204)
  expect(await stateOf(api, box)).toMatchObject({ Paused: true })
  const answer = await api.post(`${box.path}/unpause`)
  expect(answer).toAnswer(204)
  expect(answer.body.byteLength).toBe(0)
  expect(await stateOf(api, box)).toMatchObject({ Running: true, Paused: false })
})

unpause.must('refuse a container that is not paused', {
  id: 'container-unpause-running',
  reality: 'the page documents 500, and Docker 1.6 to 20.10 answer that; other daemons say 409',
}, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/unpause`)).toAnswer(409, 500)
})

unpause.must('answer 404 where there is no such container', { id: 'container-unpause-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/unpause`)).toAnswer(404)
})
