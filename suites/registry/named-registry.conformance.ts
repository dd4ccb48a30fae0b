import { expect, operation, type DaemonFacts } from '../../harness/case/index.ts'
import { filesIn, statusOf } from '../images/images.ts'
import { byTag, expectDone, expectFailed, forget, namedImage, pull, push, type Auth } from './registry.ts'

const post = operation('POST /images/{name}/push')
const create = operation('POST /images/create')
const auth = operation('POST /auth')

/** What X-Registry-Auth holds for a user of the named registry: its own, with another password if wanted. */
function userAuth(daemon: DaemonFacts, password?: string): Auth {
  const { host, user } = daemon.registry()
  return user === undefined ? {} : { ...user, ...(password !== undefined && { password }), serveraddress: host }
}

post.must('bring an image to a registry from which it comes back the same', { id: 'image-push-and-pull-named-registry', needs: ['registry'], versions: 'ends' }, async ({ api, stage, daemon }) => {
  const image = await namedImage(api, stage, daemon.registry().host)
  const { at } = await api.get(`/images/${image.name}/json`)
  expectDone(await push(api, undefined, image, { auth: userAuth(daemon) }))
  await forget(api, image)
  expect(await statusOf(api, image.name)).toBe(404)
  expectDone(await pull(api, undefined, byTag(image), userAuth(daemon)))
  const back = await api.get(`/images/${image.name}/json`)
  expect(back).toAnswer(200)
  expect(back.at('Id')).toBe(at('Id'))
  expect((await filesIn(api, stage, image.name)).get('file')).toBe(image.content)
})

post.must('push nothing with a password that the registry does not know', {
  id: 'image-push-named-registry-wrong-password', needs: ['registry-user'], versions: 'ends', source: ['operation', 'general/09'],
  reality: 'the page documents 500 for what goes wrong; a daemon that begins its answer first puts the error into the stream',
}, async ({ api, stage, daemon }) => {
  const image = await namedImage(api, stage, daemon.registry().host)
  expectFailed(await push(api, undefined, image, { auth: userAuth(daemon, stage.name('wrong')) }), 500)
  await forget(api, image)
  expectFailed(await pull(api, undefined, byTag(image), userAuth(daemon)), 404, 500)
})

create.must('pull nothing with a password that the registry does not know', {
  id: 'image-pull-named-registry-wrong-password', needs: ['registry-user'], versions: 'ends', source: ['operation', 'general/09'],
  reality: 'the page documents 500 for what goes wrong; a daemon that begins its answer first puts the error into the stream',
}, async ({ api, stage, daemon }) => {
  const image = await namedImage(api, stage, daemon.registry().host)
  expectDone(await push(api, undefined, image, { auth: userAuth(daemon) }))
  await forget(api, image)
  expectFailed(await pull(api, undefined, byTag(image), userAuth(daemon, stage.name('wrong'))), 404, 500)
  expect(await statusOf(api, image.name)).toBe(404)
  // It was there to be pulled.
  expectDone(await pull(api, undefined, byTag(image), userAuth(daemon)))
  expect(await statusOf(api, image.name)).toBe(200)
})

auth.must('tell a password that the registry knows from one that it does not', {
  id: 'registry-auth-named-registry', needs: ['registry-user'], versions: 'ends', reality: 'the page names only 500 for what goes wrong, as Docker 20.10 answers; later daemons answer 401',
}, async ({ api, stage, daemon }) => {
  const login = (password?: string) => api.post('/auth', { body: { email: 'jdoe@plimsoll.test', ...userAuth(daemon, password) } })
  expect(await login()).toAnswer(200)
  expect(await login(stage.name('wrong'))).toAnswer(401, 500)
})
