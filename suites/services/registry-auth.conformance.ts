import { expect, operation, until, type Api, type Stage } from '../../harness/case/index.ts'
import { authHeader, basic, credentials, fullAuth, registeredImage, shown, startRegistry, type NamedImage, type Registry } from '../registry/registry.ts'
import { none, patience, stagedServices, stateOf, tasksOf, type Service } from './services.ts'

const create = operation('POST /services/create')
const update = operation('POST /services/{id}/update')

const needs = ['reaches-suite'] as const

/** What a service runs of an image that nobody can run: for these cases it is enough that it is pulled. */
const runs = ({ name }: NamedImage) => ({ container: { Image: name, Command: ['/nothing'] }, task: { RestartPolicy: { Condition: 'none' } } })

/** Waits until the daemon has an image that a task was to be made of. A service may name it by its digest. */
async function expectPulled(api: Api, stage: Stage, registry: Registry, { repository, path, tag, name }: NamedImage): Promise<void> {
  const byDigest = `${repository}@${registry.manifest(path, tag)?.digest}`
  stage.adopt('image', byDigest)
  await until(async () => expect([(await api.get(`/images/${name}/json`)).status, (await api.get(`/images/${byDigest}/json`)).status]).toContain(200), patience)
}

/** Waits until the task of a service came to its end. */
async function expectEnded(api: Api, service: Service): Promise<void> {
  await until(async () => expect((await tasksOf(api, service)).map(stateOf)).toEqual([expect.toBeOneOf(['rejected', 'failed'])]), patience)
}

create.must('pull the image with the credentials of X-Registry-Auth', { id: 'service-create-auth', source: ['operation', 'general/09'], inSwarm: true, needs }, async (fixtures) => {
  const { api, stage, daemon } = fixtures
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const auth = fullAuth(user, registry)
  const [open, closed] = [await registeredImage(api, stage, registry, { auth }), await registeredImage(api, stage, registry, { auth })]
  const services = await stagedServices(fixtures)
  const before = registry.asked.length
  const without = await services.service(runs(closed))
  await expectEnded(api, without)
  expect(shown({ ...registry, asked: registry.asked.slice(before) }), 'what was shown without the header').toEqual([])
  expect(await api.get(`/images/${closed.name}/json`)).toAnswer(404)

  expect(await services.create(services.spec(runs(open)), authHeader(auth))).toAnswer(201)
  await expectPulled(api, stage, registry, open)
  expect(shown({ ...registry, asked: registry.asked.slice(before) })).toEqual([basic(user)])
})

update.must('pull the image with the credentials of X-Registry-Auth', { id: 'service-update-auth', source: ['operation', 'general/09'], inSwarm: true, needs }, async (fixtures) => {
  const { api, stage, daemon } = fixtures
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const auth = fullAuth(user, registry)
  const image = await registeredImage(api, stage, registry, { auth })
  const services = await stagedServices(fixtures)
  const service = await services.service()
  const before = registry.asked.length
  expect(await services.update(service, runs(image), { headers: authHeader(auth) })).toAnswer(200)
  await expectPulled(api, stage, registry, image)
  expect(shown({ ...registry, asked: registry.asked.slice(before) })).toEqual([basic(user)])
})

update.must('pull with the credentials of the spec that registryAuthFrom names where there is no X-Registry-Auth', { id: 'service-update-auth-from', since: '1.25', inSwarm: true, needs }, async (fixtures) => {
  const { api, stage, daemon } = fixtures
  const user = credentials(stage)
  const registry = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const auth = fullAuth(user, registry)
  const [ofSpec, ofPrevious] = [await registeredImage(api, stage, registry, { auth }), await registeredImage(api, stage, registry, { auth })]
  const services = await stagedServices(fixtures)
  const wrong = fullAuth({ ...user, password: 'wrong' }, registry)
  const before = registry.asked.length

  const one = await services.service(none)
  expect(await services.update(one, none, { headers: authHeader(auth) })).toAnswer(200)
  expect(await services.update(one, runs(ofSpec), { query: { registryAuthFrom: 'spec' } })).toAnswer(200)
  await expectPulled(api, stage, registry, ofSpec)

  const other = await services.service(none)
  expect(await services.update(other, none, { headers: authHeader(auth) })).toAnswer(200)
  expect(await services.update(other, { ...none, Labels: { flavour: 'salt' } }, { headers: authHeader(wrong) })).toAnswer(200)
  expect(await services.update(other, runs(ofPrevious), { query: { registryAuthFrom: 'previous-spec' } })).toAnswer(200)
  await expectPulled(api, stage, registry, ofPrevious)
  expect(shown({ ...registry, asked: registry.asked.slice(before) })).toEqual([basic(user)])
})
