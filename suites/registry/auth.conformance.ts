import { expect, operation, type Api, type ApiAnswer } from '../../harness/case/index.ts'
import { basic, credentials, requirePlainHttp, shown, startRegistry, type Registry } from './registry.ts'

const auth = operation('POST /auth')

async function login(api: Api, registry: Registry, user: { readonly username: string; readonly password: string }): Promise<ApiAnswer> {
  const answer = await api.post('/auth', { body: { ...user, email: 'jdoe@plimsoll.test', serveraddress: registry.host } })
  requirePlainHttp(registry)
  return answer
}

auth.must('show the registry the user and the password', { id: 'registry-auth-credentials', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  expect(await login(api, registry, user)).toAnswer(200)
  expect(shown(registry)).toEqual([basic(user)])
})

auth.must('refuse a password that the registry does not know', {
  id: 'registry-auth-wrong', needs: ['reaches-suite'], reality: 'the page names only 500, as Docker 20.10 answers; later daemons answer 401',
}, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const wrong = { ...user, password: 'wrong' }
  expect(await login(api, registry, wrong)).toAnswer(401, 500)
  expect(shown(registry)).toEqual([basic(wrong)])
})

auth.must('give the identity token that the registry gives', { id: 'registry-auth-identity-token', since: '1.23', source: ['operation', 'change 1.23/13'], needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const identityToken = stage.name('identity')
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'token', token: stage.name('token'), identityToken, ...user } })
  const answer = await login(api, registry, user)
  expect(answer).toAnswer(200)
  expect(answer.at('IdentityToken')).toBe(identityToken)
})
