import { expect, operation } from '../../harness/case/index.ts'

const ping = operation('GET /_ping')

ping.must('answer 200 with the two bytes OK', { id: 'ping-ok' }, async ({ api }) => {
  const answer = await api.get('/_ping')
  expect(answer).toAnswer(200)
  expect(answer.text).toBe('OK')
})

ping.must('say in the header Docker-Experimental of every answer whether experimental features are on', {
  id: 'ping-experimental-header', since: '1.25', source: 'change 1.25/28',
  reality: 'change 1.25/28 says every answer; Docker 1.13 and later send the header with /_ping, and with others only while it was in the middleware of versions (up to 17.x)',
}, async ({ api }) => {
  const answer = await api.get('/_ping')
  const experimental = (await api.get('/info')).at('ExperimentalBuild')
  expect(answer.header('Docker-Experimental')).toBe(String(experimental))
})
