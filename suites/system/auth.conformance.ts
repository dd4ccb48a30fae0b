import { expect, NotApplicable, operation, type Api, type ApiAnswer, type Stage } from '../../harness/case/index.ts'
import { hasSaid } from '../containers/lifecycle.ts'

const auth = operation('POST /auth')

/**
 * A registry on the daemon's own loopback, to which a daemon speaks without TLS: it answers whatever it is asked with one status.
 * @returns its address as `serveraddress` takes it
 */
async function registry(api: Api, stage: Stage, status: string): Promise<string> {
  const port = 20_000 + Math.floor(Math.random() * 10_000)
  const head = [`HTTP/1.1 ${status}`, 'Docker-Distribution-Api-Version: registry/2.0', 'Content-Type: application/json', 'Content-Length: 2', 'Connection: close']
  const box = await stage.running({ Cmd: ['listen', String(port), `${head.join('\r\n')}\r\n\r\n{}`, 'asked'], HostConfig: { NetworkMode: 'host' } })
  await hasSaid(api, box, 'listening')
  return `127.0.0.1:${port}`
}

/** The answer to a login. Whether a daemon speaks to its own loopback without TLS, no page says. */
async function login(api: Api, serveraddress: string): Promise<ApiAnswer> {
  const answer = await api.post('/auth', { body: { username: 'somebody', password: 'something', email: 'somebody@plimsoll.test', serveraddress } })
  if (/HTTP response to HTTPS client/i.test(answer.text)) throw new NotApplicable('the daemon asks a registry on its own loopback with TLS only')
  return answer
}

auth.must('answer 200 where the registry takes the credentials', { id: 'auth-taken', needs: ['linux'] }, async ({ api, stage }) => {
  expect(await login(api, await registry(api, stage, '200 OK'))).toAnswer(200)
})

auth.must('say in Status how the login went', { id: 'auth-status', since: '1.23', needs: ['linux'] }, async ({ api, stage }) => {
  const answer = await login(api, await registry(api, stage, '200 OK'))
  expect(answer).toAnswer(200)
  expect(answer.at('Status')).toBe('Login Succeeded')
})

auth.must('refuse credentials that the registry refuses', {
  id: 'auth-refused', needs: ['linux'], reality: 'the page names only 500, as Docker 20.10 answers; Docker 1.13 answers 401 where the registry says "wrong login/password"',
}, async ({ api, stage }) => {
  expect(await login(api, await registry(api, stage, '401 Unauthorized'))).toAnswer(401, 500)
})

auth.must('answer 500 where the registry can not be reached', { id: 'auth-registry-unreachable' }, async ({ api }) => {
  // Nothing listens on port 1, and a daemon asks a registry on its own loopback without TLS.
  const answer = await api.post('/auth', { body: { username: 'somebody', password: 'something', serveraddress: '127.0.0.1:1' } })
  expect(answer).toAnswer(500)
})

auth.must('refuse a body that is no JSON', { id: 'auth-no-json', reality: 'the page names only 500; later daemons answer 400' }, async ({ api }) => {
  expect(await api.post('/auth', { body: '{', headers: { 'Content-Type': 'application/json' } })).toAnswer(400, 500)
})
