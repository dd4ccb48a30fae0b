import { expect, operation } from '../../harness/case/index.ts'
import { described, documentation, enabled, plugin, requireExperiment } from './plugins.ts'

const inspecting = operation('GET /plugins/{name}/json')
const inspectingOld = operation('GET /plugins/{name}')
const listing = operation('GET /plugins')

inspecting.must('answer a plugin as its config.json describes it', { id: 'plugin-inspect', needs: ['linux'] }, async ({ api, stage }) => {
  const { name, path } = await plugin(api, stage, described)
  const answer = await api.get(`${path}/json`)
  expect(answer).toAnswer(200)
  expect(answer.at('Name')).toBe(name)
  expect(answer.at('Id')).toMatch(/^[0-9a-f]{64}$/)
  expect(answer.at('Config')).toMatchObject(described)
  expect(answer.at('Config', 'Interface')).toMatchObject({ Types: ['plimsoll.nothing/1.0'], Socket: 'plimsoll.sock' })
  expect(answer.at('Config', 'Documentation')).toBe(documentation(name))
  expect(answer.at('Config', 'rootfs', 'type')).toBe('layers')
  expect(answer.textsAt('Config', 'rootfs', 'diff_ids')).toHaveLength(1)
})

inspecting.must('answer as settings what the description says, where nothing was set', { id: 'plugin-inspect-settings', needs: ['linux'] }, async ({ api, stage }) => {
  const { path } = await plugin(api, stage, described)
  const answer = await api.get(`${path}/json`)
  expect(answer.at('Settings')).toMatchObject({ Args: ['one', 'two'], Env: ['COLOUR=blue', 'FLAG=white'], Mounts: described.Mounts, Devices: described.Linux.Devices })
})

inspecting.must('find a plugin by its name without the tag, where that is latest', { id: 'plugin-inspect-latest', needs: ['linux'] }, async ({ api, stage }) => {
  const repository = stage.name('plugin')
  await plugin(api, stage, { Description: 'the latest' }, `${repository}:latest`)
  expect((await api.get(`/plugins/${repository}/json`)).at('Config', 'Description')).toBe('the latest')
})

inspecting.must('answer 404 where there is no such plugin', { id: 'plugin-inspect-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/plugins/${stage.name('nowhere')}/json`)).toAnswer(404)
})

inspectingOld.must('answer 404 where there is no such plugin', { id: 'plugin-inspect-experimental-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/plugins/${stage.name('nowhere')}`)).toAnswer(404)
})

listing.must('answer a list', { id: 'plugin-list-experimental', removedIn: '1.25', alone: true }, async ({ api }) => {
  await requireExperiment(api)
  const answer = await api.get('/plugins')
  expect(answer).toAnswer(200)
  expect(answer.at()).toEqual(expect.any(Array))
})

listing.must('list the plugins that are there, each as inspecting shows it', { id: 'plugin-list', since: '1.25', needs: ['linux'] }, async ({ api, stage }) => {
  const installed = await plugin(api, stage, described)
  const running = await enabled(api, stage)
  const answer = await api.get('/plugins')
  expect(answer).toAnswer(200)
  for (const { name, path } of [installed, running]) {
    const listed = answer.list().filter((entry) => entry.at('Name') === name)
    expect(listed.map((entry) => entry.at())).toEqual([(await api.get(`${path}/json`)).at()])
    expect(listed[0]?.at('Enabled')).toBe(name === running.name)
  }
})

listing.must('list a plugin no more when it is deleted', { id: 'plugin-list-deleted', since: '1.25', needs: ['linux'] }, async ({ api, stage }) => {
  const { name, path } = await plugin(api, stage)
  const names = async () => (await api.get('/plugins')).list().map((entry) => entry.at('Name'))
  expect(await names()).toContain(name)
  expect(await api.delete(path)).toAnswer(200)
  expect(await names()).not.toContain(name)
})
