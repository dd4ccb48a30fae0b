import { expect, operation } from '../../harness/case/index.ts'
import { hasSaid } from './lifecycle.ts'

const resize = operation('POST /containers/{id}/resize')

resize.must('set the size of the container’s terminal to h rows and w columns', { id: 'container-resize-tty' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['winch'], Tty: true })
  await hasSaid(api, box, 'size ', { tty: true })
  const answer = await api.post(`${box.path}/resize`, { query: { h: 31, w: 97 } })
  expect(answer).toAnswer(200)
  await hasSaid(api, box, 'size 31 97', { tty: true })
})

resize.must('refuse a size that is no number', {
  id: 'container-resize-malformed',
  reality: 'the page documents 500; so do Docker 1.6 to 1.13, later ones answer 400',
}, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/resize`, { query: { h: 'x', w: 80 } })).toAnswer(400, 500)
})

resize.must('refuse a container that does not run', {
  id: 'container-resize-stopped',
  reality: 'the page documents 500; so do Docker 1.6 to 1.13, later ones answer 409',
}, async ({ api, stage }) => {
  const box = await stage.exited()
  expect(await api.post(`${box.path}/resize`, { query: { h: 24, w: 80 } })).toAnswer(409, 500)
})

resize.must('answer 404 where there is no such container', { id: 'container-resize-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/resize`, { query: { h: 24, w: 80 } })).toAnswer(404)
})
