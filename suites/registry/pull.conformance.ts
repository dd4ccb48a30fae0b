import { randomBytes } from 'node:crypto'
import { expect, operation, until } from '../../harness/case/index.ts'
import { asList, filesIn, statusOf } from '../images/images.ts'
import { authHeader, basic, byTag, credentials, deadHost, expectDone, expectFailed, expectSteps, forget, fullAuth, namedImage, pull, push, registeredImage, shown, startRegistry, tag, type NamedImage, type Registry } from './registry.ts'

const create = operation('POST /images/create')

/** `127.0.0.1:5000/plimsoll/…@sha256:…` */
const digestOf = (registry: Registry, { repository, path, tag }: NamedImage) => `${repository}@${registry.manifest(path, tag)?.digest}`

create.must('pull an image from the registry that its name names', { id: 'image-pull', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await registeredImage(api, stage, registry)
  expect(await statusOf(api, image.name)).toBe(404)
  expectDone(await pull(api, registry, byTag(image)))
  expect(await statusOf(api, image.name)).toBe(200)
  expect((await filesIn(api, stage, image.name)).get('file')).toBe(image.content)
})

create.must('tell of the progress of a pull in a stream of JSON', { id: 'image-pull-progress', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const told = await pull(api, registry, byTag(await registeredImage(api, stage, registry)))
  expectDone(told)
  expectSteps(told)
})

create.must('pull the tag that the name includes', { id: 'image-pull-tag-in-name', since: '1.21', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await registeredImage(api, stage, registry)
  expectDone(await pull(api, registry, { fromImage: image.name }))
  expect(await statusOf(api, image.name)).toBe(200)
})

create.must('pull by a digest in tag', { id: 'image-pull-digest', since: '1.21', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await registeredImage(api, stage, registry)
  const named = digestOf(registry, image)
  stage.adopt('image', named)
  expect(await statusOf(api, named)).toBe(404)
  expectDone(await pull(api, registry, { fromImage: image.repository, tag: registry.manifest(image.path, image.tag)?.digest ?? '' }))
  expect(await statusOf(api, named)).toBe(200)
  expect(await statusOf(api, image.name), 'the status of the tag, which was not pulled').toBe(404)
})

create.must('pull by a digest that the name includes', { id: 'image-pull-digest-in-name', since: '1.21', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const named = digestOf(registry, await registeredImage(api, stage, registry))
  stage.adopt('image', named)
  expect(await statusOf(api, named)).toBe(404)
  expectDone(await pull(api, registry, { fromImage: named }))
  expect(await statusOf(api, named)).toBe(200)
})

create.must('pull all tags of an image where tag is empty', { id: 'image-pull-all-tags', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await namedImage(api, stage, registry.host)
  await tag(api, stage, image.name, image.repository, 'v2')
  const names = ['v1', 'v2'].map((as) => ({ ...image, tag: as, name: `${image.repository}:${as}` }))
  for (const each of names) expectDone(await push(api, registry, each))
  for (const each of names) await forget(api, each)
  for (const { name } of names) expect(await statusOf(api, name)).toBe(404)
  expectDone(await pull(api, registry, { fromImage: image.repository }))
  for (const { name } of names) expect(await statusOf(api, name)).toBe(200)
})

create.must('keep the digest of a pulled image, and list it', { id: 'image-pull-digests-listed', source: 'change 1.18/04', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await registeredImage(api, stage, registry)
  expectDone(await pull(api, registry, byTag(image)))
  const answer = await api.get('/images/json', { query: { digests: 1 } })
  expect(answer).toAnswer(200)
  expect(answer.list().flatMap((entry) => asList(entry.at('RepoDigests')))).toContain(digestOf(registry, image))
})

create.must('keep the digest of a pulled image, and say it where the image is inspected', { id: 'image-pull-digests-inspected', since: '1.21', source: 'change 1.21/06', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await registeredImage(api, stage, registry)
  expectDone(await pull(api, registry, byTag(image)))
  const answer = await api.get(`/images/${image.name}/json`)
  expect(answer).toAnswer(200)
  expect(answer.textsAt('RepoDigests')).toEqual([digestOf(registry, image)])
  expect(answer.textsAt('RepoTags')).toEqual([image.name])
})

create.must('pull nothing that the registry does not have, and tell of the error', {
  id: 'image-pull-unknown', needs: ['reaches-suite'], reality: 'the page documents 404; daemons that begin their answer first, as Docker 1.8 to 1.13 do, answer 200 and put the error into the stream',
}, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const repository = `${registry.host}/plimsoll/${stage.name('image')}`
  expectFailed(await pull(api, registry, { fromImage: repository, tag: 'v1' }), 404)
  expect(registry.asked.filter(({ path }) => path.includes('/manifests/'))).not.toEqual([])
  expect(await statusOf(api, `${repository}:v1`)).toBe(404)
})

create.must('tell of the error where the registry does not answer', {
  id: 'image-pull-unreachable', reality: 'the page documents 500, as most daemons answer; Docker 1.8 to 1.13 begin their answer first, and put the error into the stream',
}, async ({ api, stage }) => {
  expectFailed(await pull(api, undefined, { fromImage: `${deadHost}/plimsoll/${stage.name('image')}`, tag: 'v1' }), 500)
})

create.must('tell of the error where the registry refuses a layer, and keep no half of the image', {
  id: 'image-pull-refused', needs: ['reaches-suite'], reality: 'the sample has the error in the stream; a daemon that has not begun its answer may say it by the status 500',
}, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await registeredImage(api, stage, registry)
  registry.follow(({ path }) => (path.includes('/blobs/') ? { refuse: { status: 403, code: 'DENIED', message: 'not today' } } : undefined))
  expectFailed(await pull(api, registry, byTag(image)), 500)
  expect(registry.asked.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/'))).not.toEqual([])
  expect(await statusOf(api, image.name)).toBe(404)
})

create.must('show the registry the user and the password of X-Registry-Auth', { id: 'image-pull-auth', source: ['operation', 'general/09'], needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const auth = fullAuth(user, registry)
  const image = await registeredImage(api, stage, registry, { auth })
  const before = registry.asked.length
  expectDone(await pull(api, registry, byTag(image), auth))
  expect(shown({ ...registry, asked: registry.asked.slice(before) })).toEqual([basic(user)])
  expect(await statusOf(api, image.name)).toBe(200)
})

create.must('pull nothing where the registry knows no such user and password, and tell of the error', {
  id: 'image-pull-auth-wrong', source: ['operation', 'general/09'], needs: ['reaches-suite'],
  reality: 'the page documents 404 for want of read access; Docker 20.10 answers 500, and daemons that begin their answer first put the error into the stream',
}, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const image = await registeredImage(api, stage, registry, { auth: fullAuth(user, registry) })
  for (const auth of [fullAuth({ ...user, password: 'wrong' }, registry), undefined]) {
    expectFailed(await pull(api, registry, byTag(image), auth), 404, 500)
    expect(await statusOf(api, image.name)).toBe(404)
  }
})

create.must('show the registry the token of X-Registry-Auth', { id: 'image-pull-registry-token', since: '1.22', source: ['operation', 'change 1.22/07'], needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registrytoken = stage.name('token')
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'token', token: registrytoken, identityToken: 'none', ...credentials(stage) } })
  const image = await registeredImage(api, stage, registry, { auth: { registrytoken } })
  const before = registry.asked.length
  expectDone(await pull(api, registry, byTag(image), { registrytoken }))
  expect(shown({ ...registry, asked: registry.asked.slice(before) })).toEqual([`Bearer ${registrytoken}`])
  expect(await statusOf(api, image.name)).toBe(200)
})

create.must('take the identity token in X-Registry-Auth to the token service of the registry', { id: 'image-pull-identity-token', since: '1.23', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const [token, identitytoken] = [stage.name('token'), stage.name('identity')]
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'token', token, identityToken: identitytoken, ...credentials(stage) } })
  const image = await registeredImage(api, stage, registry, { auth: { identitytoken } })
  expectDone(await pull(api, registry, byTag(image), { identitytoken }))
  expect(shown(registry)).toEqual([`Bearer ${token}`])
  expect(await statusOf(api, image.name)).toBe(200)
})

create.must('pull nothing for an identity token that the token service does not know', { id: 'image-pull-identity-token-wrong', since: '1.23', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const [token, identitytoken] = [stage.name('token'), stage.name('identity')]
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'token', token, identityToken: identitytoken, ...credentials(stage) } })
  const image = await registeredImage(api, stage, registry, { auth: { identitytoken } })
  expectFailed(await pull(api, registry, byTag(image), { identitytoken: 'another' }), 404, 500)
  expect(await statusOf(api, image.name)).toBe(404)
})

create.must('cancel the pull where the connection of the request is closed', { id: 'image-pull-cancelled', since: '1.22', source: ['operation', 'change 1.22/09'], needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  // A layer that no compression makes small: at a byte at a time it takes an hour.
  const image = await registeredImage(api, stage, registry, { content: randomBytes(64 * 1024) })
  const isSlow = ({ method, path }: { readonly method: string; readonly path: string }) => method === 'GET' && (registry.blob(path.split('/').at(-1) ?? '')?.byteLength ?? 0) > 32 * 1024
  registry.follow((request) => (isSlow(request) ? 'trickle' : undefined))
  const stream = await api.stream('POST', '/images/create', { query: byTag(image), headers: authHeader({}) })
  expect(stream.status).toBe(200)
  const download = await until(async () => {
    const found = registry.asked.find(isSlow)
    expect(found, 'the download of a layer').toBeDefined()
    return found
  }, { timeoutMs: 20_000 })
  // It goes on for as long as the connection is there.
  expect(download?.ended).toBeUndefined()
  stream.close()
  await until(async () => expect(download?.ended).toBe('abandoned'), { timeoutMs: 20_000 })
  expect(await statusOf(api, image.name)).toBe(404)
})
