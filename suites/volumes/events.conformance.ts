import { expect, operation } from '../../harness/case/index.ts'
import { actionOf, eventsDuring, objectOf } from '../system/watched.ts'

const events = operation('GET /events')

events.must('tell of create and destroy of a volume, with its driver', { id: 'events-volume', since: '1.22', needs: ['local-volumes'] }, async ({ api, stage, daemon }) => {
  let name: string | undefined
  const told = await eventsDuring({ api, daemon }, { filters: { type: ['volume'] } }, async () => {
    name = (await stage.volume()).name
    await api.delete(`/volumes/${name}`)
  }, (event) => objectOf(event) === name && actionOf(event) === 'destroy')
  const own = told.filter((event) => objectOf(event) === name)
  expect(own.map(actionOf)).toEqual(['create', 'destroy'])
  for (const event of own) expect(event.at()).toMatchObject({ Type: 'volume', Actor: { ID: name, Attributes: { driver: 'local' } } })
})

events.must('tell of mount and unmount of a volume, with the container', { id: 'events-volume-mount', since: '1.22', needs: ['local-volumes'] }, async ({ api, stage, daemon }) => {
  const { name } = await stage.volume()
  const box = await stage.container({ Cmd: ['exit', '0'], HostConfig: { Binds: [`${name}:/volume:ro`] } })
  const told = await eventsDuring({ api, daemon }, { filters: { volume: [name], event: ['mount', 'unmount'] } }, () => api.post(`${box.path}/start`), 'unmount')
  expect(told.map(actionOf)).toEqual(['mount', 'unmount'])
  for (const event of told) expect(event.at('Actor', 'Attributes', 'container')).toBe(box.id)
  expect(told[0]?.at('Actor', 'Attributes')).toMatchObject({ driver: 'local', destination: '/volume', 'read/write': 'false' })
})
