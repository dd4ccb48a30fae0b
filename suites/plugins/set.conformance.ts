import { expect, operation } from '../../harness/case/index.ts'
import { described, enabled, plugin } from './plugins.ts'

const setting = operation('POST /plugins/{name}/set')

setting.must('change what a plugin lets be set: a variable, its arguments, the path of a device, the source of a mount', { id: 'plugin-set', needs: ['linux'] }, async ({ api, stage }) => {
  const { path } = await plugin(api, stage, described)
  const settings = async () => {
    const answer = await api.get(`${path}/json`)
    return {
      colour: answer.textsAt('Settings', 'Env').filter((variable) => variable.startsWith('COLOUR=')), args: answer.at('Settings', 'Args'),
      device: answer.at('Settings', 'Devices', 0, 'Path'), mount: answer.at('Settings', 'Mounts', 0, 'Source'),
    }
  }
  expect(await settings()).toEqual({ colour: ['COLOUR=blue'], args: ['one', 'two'], device: '/dev/zero', mount: 'tmpfs' })
  expect(await api.post(`${path}/set`, { body: ['COLOUR=red', 'args=three four', 'source.path=/dev/null', 'scratch.source=other'] })).toAnswer(204)
  expect(await settings()).toEqual({ colour: ['COLOUR=red'], args: ['three', 'four'], device: '/dev/null', mount: 'other' })
})

setting.must('refuse what a plugin does not let be set, or does not have, and change nothing', {
  id: 'plugin-set-unsettable', needs: ['linux'], reality: 'the page documents 500; a bad parameter may be 400',
}, async ({ api, stage }) => {
  const { path } = await plugin(api, stage, described)
  const before = (await api.get(`${path}/json`)).at('Settings')
  for (const set of ['FLAG=black', 'MAST=high']) {
    expect(await api.post(`${path}/set`, { body: [set] })).toAnswer(500, 400)
    expect((await api.get(`${path}/json`)).at('Settings')).toEqual(before)
  }
})

setting.must('answer 404 where there is no such plugin', { id: 'plugin-set-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/plugins/${stage.name('nowhere')}/set`, { body: ['COLOUR=red'] })).toAnswer(404)
})

setting.must('change nothing of a plugin that is enabled', { id: 'plugin-set-enabled', needs: ['linux'], reality: 'the page documents 500, and does not say that a plugin must be disabled; a conflict may be 409' }, async ({ api, stage }) => {
  const { path } = await enabled(api, stage, { Env: described.Env })
  expect(await api.post(`${path}/set`, { body: ['COLOUR=red'] })).toAnswer(500, 409)
  expect((await api.get(`${path}/json`)).textsAt('Settings', 'Env')).toContain('COLOUR=blue')
})
