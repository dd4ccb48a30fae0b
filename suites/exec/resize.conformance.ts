import { expect, operation } from '../../harness/case/index.ts'

const resize = operation('POST /exec/{id}/resize')

resize.must('resize the terminal of a running command', {
  id: 'exec-resize-running', reality: 'the page documents 201; no Docker from 1.6 on sets a status, which is 200',
}, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['winch'], AttachStdin: true, Tty: true })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: true }, upgrade: true })
  await stream.readUntil((soFar) => soFar.includes('size '))
  const answer = await api.post(`${exec.path}/resize`, { query: { h: 33, w: 101 } })
  expect(answer).toAnswer(200, 201)
  expect(answer.body.byteLength).toBe(0)
  const text = (await stream.readUntil((soFar) => soFar.includes('size 33 101'))).toString()
  expect(text).toContain('size 33 101\r\n')
})

resize.must('answer 404 where there is no such instance', { id: 'exec-resize-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/exec/${stage.name()}/resize`, { query: { h: 20, w: 20 } })).toAnswer(404)
})

resize.must('refuse a size that is no number', {
  id: 'exec-resize-no-number', reality: 'the page names no status for it; Docker 1.6 to 20.10 answer 500, later ones 400',
}, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['print', 'x'], Tty: true })
  expect(await api.post(`${exec.path}/resize`, { query: { h: 'tall', w: 20 } })).toAnswer(400, 500)
})
