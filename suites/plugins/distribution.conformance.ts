import { expect, operation } from '../../harness/case/index.ts'
import { basic, credentials, deadHost, expectDone, expectFailed, fullAuth, requirePlainHttp, shown, startRegistry } from '../registry/registry.ts'
import { described, enabled, plugin, privileges } from './plugins.ts'
import { askPrivileges, blobsIn, manifestOf, nameIn, published, pull, push, upgrade } from './published.ts'

const pulling = operation('POST /plugins/pull')
const pushing = operation('POST /plugins/{name}/push')
const asking = operation('GET /plugins/privileges')
const upgrading = operation('POST /plugins/{name}/upgrade')

const pulled = 'the page documents 204 without a body; every Docker answers 200 and a stream of progress'
const streamed = 'the page documents 500 for what goes wrong; a daemon that begins its answer first puts the error into the stream'
const registry = ['linux', 'reaches-suite'] as const

// All that move something run alone: where another plugin is removed at the same time, Docker takes away what is being pushed, and may even die of it.

pushing.must('push a plugin to the registry that its name names', { id: 'plugin-push', since: '1.25', alone: true, needs: registry }, async ({ api, stage, daemon }) => {
  const server = await startRegistry(daemon, stage)
  const { name } = await plugin(api, stage, described, nameIn(server, stage))
  expect(manifestOf(server, name)).toBeUndefined()
  expectDone(await push(api, server, name))
  const { config, layers } = blobsIn(server, name)
  expect(manifestOf(server, name)?.content.toString('utf8')).toContain('"application/vnd.docker.plugin.v1+json"')
  expect(server.blob(config ?? '')?.toString('utf8')).toContain(JSON.stringify(described.Description))
  expect(layers).toHaveLength(1)
  expect(server.blob(layers[0] ?? '')).toBeDefined()
})

pushing.must('tell of the error where the registry does not answer', { id: 'plugin-push-unreachable', since: '1.25', needs: ['linux'], reality: streamed }, async ({ api, stage }) => {
  const { name } = await plugin(api, stage, {}, `${deadHost}/plimsoll/${stage.name('plugin')}:v1`)
  expectFailed(await push(api, undefined, name), 500)
})

pushing.must('answer 404 where there is no such plugin', { id: 'plugin-push-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/plugins/${stage.name('nowhere')}/push`)).toAnswer(404)
})

asking.must('answer the privileges that a plugin in a registry wants', {
  id: 'plugin-privileges', alone: true, needs: registry, reality: 'the page names the parameter name; every Docker reads remote in its place, and this case sends both',
}, async ({ api, stage, daemon }) => {
  const server = await startRegistry(daemon, stage)
  const { name } = await plugin(api, stage, described, nameIn(server, stage))
  expectDone(await push(api, server, name))
  const answer = await askPrivileges(api, name)
  requirePlainHttp(server)
  expect(answer).toAnswer(200)
  const wanted = answer.list().map((entry) => ({ name: entry.textAt('Name'), value: entry.textsAt('Value') }))
  for (const entry of answer.list()) expect(entry.at('Description')).toEqual(expect.any(String))
  expect(wanted.sort((one, other) => one.name.localeCompare(other.name))).toEqual(
    privileges.map(({ Name, Value }) => ({ name: Name, value: [...Value] })).sort((one, other) => one.name.localeCompare(other.name)),
  )
})

asking.must('refuse a name that is none', { id: 'plugin-privileges-malformed', reality: 'the page documents 500 alone; a bad parameter may be 400' }, async ({ api }) => {
  expect(await askPrivileges(api, 'UPPER//CASE')).toAnswer(500, 400)
})

pulling.must('install a plugin from the registry that its name names, where its privileges are granted; it is not enabled', {
  id: 'plugin-pull', since: '1.25', alone: true, needs: registry, reality: pulled,
}, async ({ api, stage, daemon }) => {
  const server = await startRegistry(daemon, stage)
  const name = await published(api, stage, server, described)
  expect(await api.get(`/plugins/${name}/json`)).toAnswer(404)
  expectDone(await pull(api, stage, server, { remote: name }), 200, 204)
  const answer = await api.get(`/plugins/${name}/json`)
  expect(answer).toAnswer(200)
  expect(answer.at('PluginReference')).toBe(name)
  expect(answer.at('Enabled')).toBe(false)
  expect(answer.at('Config')).toMatchObject(described)
})

pulling.must('install a plugin under another name, which gets the tag latest', { id: 'plugin-pull-name', since: '1.25', alone: true, needs: registry, reality: pulled }, async ({ api, stage, daemon }) => {
  const server = await startRegistry(daemon, stage)
  const remote = await published(api, stage, server, described)
  const name = stage.name('renamed')
  expectDone(await pull(api, stage, server, { remote, name }), 200, 204)
  const answer = await api.get(`/plugins/${name}:latest/json`)
  expect(answer.at('Name')).toBe(`${name}:latest`)
  expect(answer.at('Config', 'Description')).toBe(described.Description)
  expect(await api.get(`/plugins/${remote}/json`)).toAnswer(404)
})

pulling.must('install nothing where not all privileges are granted', { id: 'plugin-pull-not-granted', since: '1.25', alone: true, needs: registry, reality: streamed }, async ({ api, stage, daemon }) => {
  const server = await startRegistry(daemon, stage)
  const name = await published(api, stage, server, described)
  expectFailed(await pull(api, stage, server, { remote: name }, privileges.slice(1)), 500, 400, 403)
  expect(await api.get(`/plugins/${name}/json`)).toAnswer(404)
})

pulling.must('refuse to install a plugin that is there already', { id: 'plugin-pull-twice', since: '1.25', alone: true, needs: registry, reality: `${streamed}; Docker 20.10 takes it for a bad parameter, 400` }, async ({ api, stage, daemon }) => {
  const server = await startRegistry(daemon, stage)
  const name = await published(api, stage, server, {})
  expectDone(await pull(api, stage, server, { remote: name }, []), 200, 204)
  expectFailed(await pull(api, stage, server, { remote: name }, []), 500, 400, 409)
})

pulling.must('tell of the error where the registry has no such plugin', { id: 'plugin-pull-unknown', since: '1.25', alone: true, needs: registry, reality: `${streamed}; Docker from 17.10 on answers 404` }, async ({ api, stage, daemon }) => {
  const server = await startRegistry(daemon, stage)
  const name = nameIn(server, stage)
  expectFailed(await pull(api, stage, server, { remote: name }), 500, 404)
  expect(server.asked).not.toEqual([])
  expect(await api.get(`/plugins/${name}/json`)).toAnswer(404)
})

pulling.must('refuse a name that is none', { id: 'plugin-pull-malformed', reality: 'the page documents 500 alone; a bad parameter may be 400, and a Docker 1.12 without experiments has no plugins' }, async ({ api }) => {
  const name = 'UPPER//CASE'
  expect(await api.post('/plugins/pull', { query: { name, remote: name }, body: [] })).toAnswer(500, 400, 404)
})

pulling.must('show the registry the user and the password of X-Registry-Auth', { id: 'plugin-pull-auth', since: '1.25', source: ['operation', 'general/09'], alone: true, needs: registry, reality: pulled }, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const server = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const auth = fullAuth(user, server)
  const name = await published(api, stage, server, {}, auth)
  const before = server.asked.length
  expectDone(await pull(api, stage, server, { remote: name }, [], auth), 200, 204)
  expect(shown({ ...server, asked: server.asked.slice(before) })).toEqual([basic(user)])
  expect(await api.get(`/plugins/${name}/json`)).toAnswer(200)
})

upgrading.must('make of a plugin another one from a registry, and leave its name and its ID', { id: 'plugin-upgrade', alone: true, needs: registry, reality: `${pulled}; Docker 1.13.0, which brought 1.25, can't upgrade` }, async ({ api, stage, daemon }) => {
  const server = await startRegistry(daemon, stage)
  const remote = await published(api, stage, server, described)
  const { name, path } = await plugin(api, stage, { Description: 'to be upgraded' })
  const before = await api.get(`${path}/json`)
  expect(before.at('Config', 'Description')).toBe('to be upgraded')
  expectDone(await upgrade(api, server, name, remote), 200, 204)
  const after = await api.get(`${path}/json`)
  expect(after.at('Config', 'Description')).toBe(described.Description)
  expect(after.at('Id')).toBe(before.at('Id'))
  expect(after.at('Name')).toBe(name)
})

upgrading.must('leave a plugin as it is that is enabled', { id: 'plugin-upgrade-enabled', alone: true, needs: registry, reality: 'the page documents 500 alone; a conflict may be 409' }, async ({ api, stage, daemon }) => {
  const server = await startRegistry(daemon, stage)
  const remote = await published(api, stage, server, {})
  const { name, path } = await enabled(api, stage, { Description: 'is in use' })
  expectFailed(await upgrade(api, server, name, remote, []), 500, 409)
  expect((await api.get(`${path}/json`)).at('Config', 'Description')).toBe('is in use')
})

upgrading.must('show the registry the user and the password of X-Registry-Auth', { id: 'plugin-upgrade-auth', source: ['operation', 'general/09'], alone: true, needs: registry, reality: pulled }, async ({ api, stage, daemon }) => {
  const user = credentials(stage)
  const server = await startRegistry(daemon, stage, { access: { scheme: 'basic', ...user } })
  const auth = fullAuth(user, server)
  const remote = await published(api, stage, server, { Description: 'the newer' }, auth)
  const { name, path } = await plugin(api, stage)
  const before = server.asked.length
  expectDone(await upgrade(api, server, name, remote, [], auth), 200, 204)
  expect(shown({ ...server, asked: server.asked.slice(before) })).toEqual([basic(user)])
  expect((await api.get(`${path}/json`)).at('Config', 'Description')).toBe('the newer')
})

upgrading.must('answer 404 where there is no such plugin', { id: 'plugin-upgrade-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/plugins/${stage.name('nowhere')}/upgrade`, { query: { remote: `${deadHost}/nothing:v1` }, body: [] })).toAnswer(404)
})
