import { expect, operation, type Api } from '../../harness/case/index.ts'
import { actionOf, eventsDuring, objectOf } from '../system/watched.ts'
import { enabled, plugin, timeout, type StagedPlugin } from './plugins.ts'

const events = operation('GET /events')

const reality = 'the page of 1.25 does not list what plugins report; every Docker from 1.13 on tells of it, with the type plugin'

type Told = { readonly id: string; readonly action: string; readonly what: string; readonly before: typeof plugin; readonly act: (api: Api, made: StagedPlugin) => Promise<unknown> }
const told: readonly Told[] = [
  { id: 'events-plugin-enable', action: 'enable', what: 'is enabled', before: plugin, act: (api, { path }) => api.post(`${path}/enable`, { query: timeout }) },
  { id: 'events-plugin-disable', action: 'disable', what: 'is disabled', before: enabled, act: (api, { path }) => api.post(`${path}/disable`) },
  { id: 'events-plugin-remove', action: 'remove', what: 'is deleted', before: plugin, act: (api, { path }) => api.delete(path) },
]
for (const { id, action, what, before, act } of told) {
  events.should(`tell of ${action} where a plugin ${what}, with its ID and its name`, { id, since: '1.25', needs: ['linux'], reality }, async ({ api, stage, daemon }) => {
    const made = await before(api, stage)
    const pluginId = (await api.get(`${made.path}/json`)).at('Id')
    const seen = await eventsDuring({ api, daemon }, { filters: { event: [action] } }, () => act(api, made), (event) => objectOf(event) === pluginId)
    const event = seen.at(-1)
    expect(event === undefined ? undefined : actionOf(event)).toBe(action)
    expect(event?.at('Type')).toBe('plugin')
    expect(event?.at('Actor', 'Attributes', 'name')).toBe(made.name)
  })
}
