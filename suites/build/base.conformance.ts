import { expect, operation, uncached, type Api, type Stage } from '../../harness/case/index.ts'
import { filesIn, statusOf } from '../images/images.ts'
import { basic, credentials, expectSteps, fullAuth, inBase64, registeredImage, requirePlainHttp, shown, startRegistry, type NamedImage, type Registry } from '../registry/registry.ts'
import { asTar, build, contextOf, expectRefused, idOf, type Build, type Built } from './building.ts'

const post = operation('POST /build')

/** The header: "maps the hostname of a registry to an object containing the username and password". */
const registryConfig = (logins: Readonly<Record<string, object>>) => ({ 'X-Registry-Config': inBase64(logins) })

/** Builds from an image that the registry has and the daemon has not. */
async function buildFromRegistry(api: Api, stage: Stage, registry: Registry, image: NamedImage, options: Build = {}): Promise<Built> {
  expect(await statusOf(api, image.name)).toBe(404)
  const built = await build(api, stage, ['ENV COLOUR=blue'], { ...options, from: image.name })
  requirePlainHttp(registry)
  return built
}

post.must('pull the image to begin with where it is not there', { id: 'image-build-base-pulled', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await registeredImage(api, stage, registry)
  const built = await buildFromRegistry(api, stage, registry, image)
  await idOf(api, built)
  expect((await filesIn(api, stage, built.name)).get('file')).toBe(image.content)
  expect(await statusOf(api, image.name)).toBe(200)
})

post.must('tell of the progress of that pull in its stream', { id: 'image-build-base-progress', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const built = await buildFromRegistry(api, stage, registry, await registeredImage(api, stage, registry))
  await idOf(api, built)
  expectSteps(built)
})

post.must('show the registry the user and the password that X-Registry-Config has for it', { id: 'image-build-registry-config', since: '1.20', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const image = await registeredImage(api, stage, registry, { auth: fullAuth(user, registry) })
  const before = registry.asked.length
  const headers = registryConfig({ 'registry.plimsoll.test': credentials(stage), [registry.host]: user })
  await idOf(api, await buildFromRegistry(api, stage, registry, image, { headers }))
  expect(shown({ ...registry, asked: registry.asked.slice(before) })).toEqual([basic(user)])
})

post.must('end with an error where the password of X-Registry-Config is wrong', {
  id: 'image-build-registry-config-wrong', since: '1.20', needs: ['reaches-suite'],
  reality: 'the page documents 500; a daemon that has begun its answer says it in an error of the stream',
}, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const image = await registeredImage(api, stage, registry, { auth: fullAuth(user, registry) })
  const wrong = { ...user, password: 'wrong' }
  const before = registry.asked.length
  const body = await contextOf(stage, [], { from: image.name })
  const answer = await api.post('/build', { query: uncached, body, headers: { ...asTar, ...registryConfig({ [registry.host]: wrong }) } })
  requirePlainHttp(registry)
  expectRefused(answer)
  expect(shown({ ...registry, asked: registry.asked.slice(before) })).toEqual([basic(wrong)])
  expect(await statusOf(api, image.name)).toBe(404)
})
