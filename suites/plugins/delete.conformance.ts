import { expect, operation } from '../../harness/case/index.ts'
import { enabled, isEnabled, plugin } from './plugins.ts'

const deleting = operation('DELETE /plugins/{name}')

deleting.must('delete a plugin', { id: 'plugin-delete', since: '1.25', needs: ['linux'], reality: 'the page of 1.25 has the plugin in the answer; Docker answers nothing, as the page of 1.24 has it' }, async ({ api, stage }) => {
  const { path } = await plugin(api, stage)
  expect(await api.get(`${path}/json`)).toAnswer(200)
  expect(await api.delete(path)).toAnswer(200)
  expect(await api.get(`${path}/json`)).toAnswer(404)
})

deleting.must('leave an enabled plugin alone without force', {
  id: 'plugin-delete-enabled', since: '1.25', needs: ['linux'], reality: 'the page documents 500; Docker from 17.10 on answers 409',
}, async ({ api, stage }) => {
  const made = await enabled(api, stage)
  expect(await api.delete(made.path)).toAnswer(500, 409)
  expect(await isEnabled(api, made)).toBe(true)
})

deleting.must('disable an enabled plugin before it is deleted, with force', { id: 'plugin-delete-force', since: '1.25', needs: ['linux'] }, async ({ api, stage }) => {
  const made = await enabled(api, stage)
  expect(await isEnabled(api, made)).toBe(true)
  expect(await api.delete(made.path, { query: { force: true } })).toAnswer(200)
  expect(await api.get(`${made.path}/json`)).toAnswer(404)
})

deleting.must('answer 404 where there is no such plugin', { id: 'plugin-delete-unknown' }, async ({ api, stage }) => {
  expect(await api.delete(`/plugins/${stage.name('nowhere')}`)).toAnswer(404)
})
