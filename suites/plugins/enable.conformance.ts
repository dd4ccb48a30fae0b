import { expect, operation } from '../../harness/case/index.ts'
import { enabled, isEnabled, plugin, timeout } from './plugins.ts'

const enabling = operation('POST /plugins/{name}/enable')
const disabling = operation('POST /plugins/{name}/disable')

enabling.must('enable a plugin, and take a timeout in seconds', { id: 'plugin-enable', since: '1.25', needs: ['linux'] }, async ({ api, stage }) => {
  const made = await plugin(api, stage)
  expect(await isEnabled(api, made)).toBe(false)
  expect(await api.post(`${made.path}/enable`, { query: { timeout: 30 } })).toAnswer(200)
  expect(await isEnabled(api, made)).toBe(true)
})

enabling.must('do without a timeout, which is 0 then', { id: 'plugin-enable-no-timeout', since: '1.25', needs: ['linux'] }, async ({ api, stage }) => {
  const made = await plugin(api, stage)
  expect(await api.post(`${made.path}/enable`)).toAnswer(200)
  expect(await isEnabled(api, made)).toBe(true)
})

enabling.must('answer an error where the program of the plugin is not there, and leave it disabled', { id: 'plugin-enable-no-program', since: '1.25', needs: ['linux'] }, async ({ api, stage }) => {
  const made = await plugin(api, stage, { Entrypoint: ['/no/such/program'] })
  expect(await api.post(`${made.path}/enable`, { query: timeout })).toAnswer(500)
  expect(await isEnabled(api, made)).toBe(false)
})

enabling.must('answer an error where the plugin is enabled already', {
  id: 'plugin-enable-twice', since: '1.25', needs: ['linux'], reality: 'the page documents 500 alone; Docker from 17.10 on answers 409',
}, async ({ api, stage }) => {
  const made = await enabled(api, stage)
  expect(await api.post(`${made.path}/enable`, { query: timeout })).toAnswer(500, 409)
  expect(await isEnabled(api, made)).toBe(true)
})

enabling.must('answer an error where there is no such plugin', { id: 'plugin-enable-unknown', reality: 'the table of statuses has 500 alone; the text of 1.24 has 404 too, and Docker answers it' }, async ({ api, stage }) => {
  expect(await api.post(`/plugins/${stage.name('nowhere')}/enable`, { query: timeout })).toAnswer(500, 404)
})

disabling.must('disable a plugin', { id: 'plugin-disable', since: '1.25', needs: ['linux'] }, async ({ api, stage }) => {
  const made = await enabled(api, stage)
  expect(await isEnabled(api, made)).toBe(true)
  expect(await api.post(`${made.path}/disable`)).toAnswer(200)
  expect(await isEnabled(api, made)).toBe(false)
})

disabling.must('answer an error where the plugin is not enabled', {
  id: 'plugin-disable-twice', since: '1.25', needs: ['linux'], reality: 'the page documents 500 alone; Docker from 17.10 on answers 409',
}, async ({ api, stage }) => {
  const made = await plugin(api, stage)
  expect(await api.post(`${made.path}/disable`)).toAnswer(500, 409)
})

disabling.must('answer an error where there is no such plugin', { id: 'plugin-disable-unknown', reality: 'the table of statuses has 500 alone; the text of 1.24 has 404 too, and Docker answers it' }, async ({ api, stage }) => {
  expect(await api.post(`/plugins/${stage.name('nowhere')}/disable`)).toAnswer(500, 404)
})
