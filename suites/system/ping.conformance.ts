import { expect, operation } from '../../harness/case/index.ts'

const ping = operation('GET /_ping')

ping.must('answer 200 with the two bytes OK', { id: 'ping-ok' }, async ({ api }) => {
  const answer = await api.get('/_ping')
  expect(answer).toAnswer(200)
  expect(answer.text).toBe('OK')
})
