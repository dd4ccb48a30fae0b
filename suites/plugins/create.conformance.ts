import { expect, operation, type Api } from '../../harness/case/index.ts'
import type { TarInput } from '../../harness/wire/tar.ts'
import { configFile, create, plugin, rootfs } from './plugins.ts'

const creating = operation('POST /plugins/create')

creating.must('make a plugin of a tar with its rootfs and its description; it is not enabled', { id: 'plugin-create', needs: ['linux'] }, async ({ api, stage }) => {
  const name = `${stage.name('plugin')}:v1`
  expect(await api.get(`/plugins/${name}/json`)).toAnswer(404)
  expect(await create(api, stage, name, [configFile(name), ...(await rootfs(api, name))])).toAnswer(204)
  const inspected = await api.get(`/plugins/${name}/json`)
  expect(inspected).toAnswer(200)
  expect(inspected.at('Name')).toBe(name)
  expect(inspected.at('Enabled')).toBe(false)
})

creating.must('give a name without a tag the tag latest', { id: 'plugin-create-latest', needs: ['linux'] }, async ({ api, stage }) => {
  const name = stage.name('plugin')
  expect(await create(api, stage, name, [configFile(name), ...(await rootfs(api, name))])).toAnswer(204)
  expect((await api.get(`/plugins/${name}:latest/json`)).at('Name')).toBe(`${name}:latest`)
})

creating.must('refuse a name that another plugin has, and leave that one as it is', {
  id: 'plugin-create-name-taken', needs: ['linux'], reality: 'the page documents 500 alone; Docker from 17.10 on answers 409',
}, async ({ api, stage }) => {
  const first = await plugin(api, stage, { Description: 'the first' })
  expect(await create(api, stage, first.name, [configFile('the second', { Description: 'the second' }), ...(await rootfs(api, 'the second'))])).toAnswer(500, 409)
  expect((await api.get(`${first.path}/json`)).at('Config', 'Description')).toBe('the first')
})

type Broken = { readonly id: string; readonly what: string; readonly files: (api: Api, name: string) => Promise<TarInput[]> | TarInput[] | Buffer }
const broken: readonly Broken[] = [
  { id: 'plugin-create-no-config', what: 'a tar without config.json', files: rootfs },
  { id: 'plugin-create-no-rootfs', what: 'a tar without rootfs', files: (_api, name) => [configFile(name)] },
  { id: 'plugin-create-malformed-config', what: 'a config.json that is no JSON', files: async (api, name) => [{ name: 'config.json', content: '{"Description"' }, ...(await rootfs(api, name))] },
  { id: 'plugin-create-no-tar', what: 'a body that is no tar', files: () => Buffer.alloc(2_048, 'no tar') },
]
for (const { id, what, files } of broken) {
  creating.must(`refuse ${what}: there is no plugin then`, { id, needs: ['linux'], reality: 'the page documents 500 alone; a bad parameter may be 400' }, async ({ api, stage }) => {
    const name = `${stage.name('plugin')}:v1`
    expect(await create(api, stage, name, await files(api, name))).toAnswer(500, 400)
    expect(await api.get(`/plugins/${name}/json`)).toAnswer(404)
  })
}

creating.must('refuse a name that is none', { id: 'plugin-create-malformed-name', needs: ['linux'], reality: 'the page documents 500 alone; a bad parameter may be 400' }, async ({ api }) => {
  const body = Buffer.alloc(1_024)
  expect(await api.post('/plugins/create', { query: { name: 'UPPER//CASE' }, body, headers: { 'Content-Type': 'application/x-tar' } })).toAnswer(500, 400)
})
