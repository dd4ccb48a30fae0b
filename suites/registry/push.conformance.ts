import { randomBytes } from 'node:crypto'
import { expect, operation, until } from '../../harness/case/index.ts'
import { blobsOf, filesOf } from './pushed.ts'
import { authHeader, basic, credentials, deadHost, expectDone, expectFailed, expectSteps, fullAuth, namedImage, push, shown, startRegistry, tag } from './registry.ts'

const post = operation('POST /images/{name}/push')

post.must('bring the image to the registry that its name names', { id: 'image-push', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await namedImage(api, stage, registry.host)
  expect(registry.manifest(image.path, image.tag)).toBeUndefined()
  expectDone(await push(api, registry, image))
  expect(await filesOf(registry, image.path, image.tag)).toEqual(new Map([['file', image.content]]))
  const { config } = blobsOf(registry, image.path, image.tag)
  if (config !== undefined) expect(registry.blob(config)?.toString('utf8')).toContain(stage.imageFilter().split('=')[1])
})

post.must('tell of its progress in a stream of JSON', { id: 'image-push-progress', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const told = await push(api, registry, await namedImage(api, stage, registry.host))
  expectDone(told)
  expectSteps(told)
})

post.must('answer with the content type application/json', {
  id: 'image-push-content-type', removedIn: '1.25', needs: ['reaches-suite'], reality: 'the page of 1.25 names none; every Docker goes on as before',
}, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const told = await push(api, registry, await namedImage(api, stage, registry.host))
  expectDone(told)
  expect(told.type).toMatch(/^application\/json/)
})

post.must('push the tag that tag names', { id: 'image-push-tag', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await namedImage(api, stage, registry.host)
  await tag(api, stage, image.name, image.repository, 'v2')
  expectDone(await push(api, registry, { ...image, tag: 'v2' }))
  expect(registry.tags(image.path)).toEqual(['v2'])
})

post.must('push no image that is not there, and tell of the error', {
  id: 'image-push-unknown', needs: ['reaches-suite'],
  reality: 'the page documents 404; Docker 1.8 and later ones, that begin their answer first, answer 200 and put the error into the stream',
}, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const path = `plimsoll/${stage.name('image')}`
  expectFailed(await push(api, registry, { repository: `${registry.host}/${path}`, tag: 'v1' }), 404)
  expect(registry.manifest(path, 'v1')).toBeUndefined()
})

post.must('refuse a name that no image can have', {
  id: 'image-push-name-invalid', reality: 'the page documents 500, as Docker 20.10 answers; later ones answer 400',
}, async ({ api }) => {
  expect(await api.post('/images/127.0.0.1:1/NoLowerCase/push', { headers: authHeader({}) })).toAnswer(400, 500)
})

post.must('tell of the error where the registry does not answer', {
  id: 'image-push-unreachable', reality: 'the page documents 500, as Docker 1.6 and 1.7 answer; later ones begin their answer first, and put the error into the stream',
}, async ({ api, stage }) => {
  expectFailed(await push(api, undefined, await namedImage(api, stage, deadHost)), 500)
})

post.must('tell of the error where the registry refuses the image', {
  id: 'image-push-refused', needs: ['reaches-suite'], reality: 'the sample has the error in the stream; a daemon that has not begun its answer may say it by the status 500',
}, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await namedImage(api, stage, registry.host)
  registry.follow(({ method, path }) => (method === 'PUT' && path.includes('/manifests/') ? { refuse: { status: 403, code: 'DENIED', message: 'not today' } } : undefined))
  expectFailed(await push(api, registry, image), 500)
  expect(registry.asked.filter(({ method, path }) => method === 'PUT' && path.endsWith(`/${image.path}/manifests/${image.tag}`))).not.toEqual([])
  expect(registry.tags(image.path)).toEqual([])
})

post.must('show the registry the user and the password of X-Registry-Auth', { id: 'image-push-auth', source: ['operation', 'general/09'], needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const image = await namedImage(api, stage, registry.host)
  expectDone(await push(api, registry, image, { auth: fullAuth(user, registry) }))
  expect(shown(registry)).toEqual([basic(user)])
  expect(registry.tags(image.path)).toEqual([image.tag])
})

post.must('push nothing where the registry knows no such user and password, and tell of the error', {
  id: 'image-push-auth-wrong', source: ['operation', 'general/09'], needs: ['reaches-suite'],
  reality: 'the page documents 500 for what goes wrong; a daemon that begins its answer first puts the error into the stream',
}, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const image = await namedImage(api, stage, registry.host)
  const wrong = { ...user, password: 'wrong' }
  expectFailed(await push(api, registry, image, { auth: fullAuth(wrong, registry) }), 500)
  expect(shown(registry)).toEqual([basic(wrong)])
  expect(registry.tags(image.path)).toEqual([])
})

post.must('show the registry the token of X-Registry-Auth', { id: 'image-push-registry-token', since: '1.22', source: ['operation', 'change 1.22/07'], needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const token = stage.name('token')
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'token', token, identityToken: 'none', ...credentials(stage) } })
  const image = await namedImage(api, stage, registry.host)
  expectDone(await push(api, registry, image, { auth: { registrytoken: token } }))
  expect(shown(registry)).toEqual([`Bearer ${token}`])
  expect(registry.tags(image.path)).toEqual([image.tag])
})

post.must('cancel the push where the connection of the request is closed', {
  id: 'image-push-cancelled', since: '1.22', source: ['operation', 'change 1.22/09'], needs: ['reaches-suite'], versions: 'ends',
}, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  // One that goes through to its end.
  expectDone(await push(api, registry, await namedImage(api, stage, registry.host)))
  const before = registry.asked.length
  // A layer that no compression makes so small that it fits into the buffers of a connection.
  const image = await namedImage(api, stage, registry.host, randomBytes(12 * 1024 * 1024))
  const left = Promise.withResolvers<void>()
  registry.follow(({ method }) => (method === 'PATCH' ? { sip: left.promise } : undefined))
  const stream = await api.stream('POST', `/images/${image.repository}/push`, { query: { tag: image.tag }, headers: authHeader({}) })
  expect(stream.status).toBe(200)
  const upload = await until(async () => {
    const found = registry.asked.slice(before).find(({ method }) => method === 'PATCH')
    expect(found, 'the upload of a layer').toBeDefined()
    return found
  }, { timeoutMs: 20_000 })
  // It goes on for as long as the connection is there.
  expect(upload?.ended).toBeUndefined()
  stream.close()
  left.resolve()
  await until(async () => expect(upload?.ended).toBe('abandoned'), { timeoutMs: 20_000 })
  expect(registry.tags(image.path)).toEqual([])
})
