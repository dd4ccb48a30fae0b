import { expect, operation } from '../../harness/case/index.ts'

const auth = operation('POST /auth')

auth.must('answer 500 where the registry can not be reached', { id: 'auth-registry-unreachable' }, async ({ api }) => {
  // Nothing listens on port 1, and a daemon asks a registry on its own loopback without TLS.
  const answer = await api.post('/auth', { body: { username: 'somebody', password: 'something', serveraddress: '127.0.0.1:1' } })
  expect(answer).toAnswer(500)
})

auth.must('refuse a body that is no JSON', { id: 'auth-no-json', reality: 'the page names only 500; later daemons answer 400' }, async ({ api }) => {
  expect(await api.post('/auth', { body: '{', headers: { 'Content-Type': 'application/json' } })).toAnswer(400, 500)
})
