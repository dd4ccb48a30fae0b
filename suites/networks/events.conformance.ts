import { expect, operation } from '../../harness/case/index.ts'
import { actionOf, eventsDuring, objectOf } from '../system/watched.ts'

const events = operation('GET /events')

events.must('tell of create and destroy of a network, with its name and its driver', { id: 'events-network', since: '1.22', needs: ['bridge-network'] }, async ({ api, stage, daemon }) => {
  let made: { readonly id: string; readonly name: string } | undefined
  const told = await eventsDuring({ api, daemon }, { filters: { type: ['network'] } }, async () => {
    made = await stage.network()
    await api.delete(`/networks/${made.id}`)
  }, (event) => objectOf(event) === made?.id && actionOf(event) === 'destroy')
  const own = told.filter((event) => objectOf(event) === made?.id)
  expect(own.map(actionOf)).toEqual(['create', 'destroy'])
  for (const event of own) expect(event.at()).toMatchObject({ Type: 'network', Actor: { ID: made?.id, Attributes: { name: made?.name, type: 'bridge' } } })
})

events.must('tell of connect and disconnect, with the container', { id: 'events-network-connect', since: '1.22', needs: ['bridge-network'] }, async ({ api, stage, daemon }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: 'bridge' } })
  const told = await eventsDuring({ api, daemon }, { filters: { network: [network.id], event: ['connect', 'disconnect'] } }, async () => {
    expect(await api.post(`/networks/${network.id}/connect`, { body: { Container: box.id } })).toAnswer(200)
    expect(await api.post(`/networks/${network.id}/disconnect`, { body: { Container: box.id } })).toAnswer(200)
  }, 'disconnect')
  expect(told.map(actionOf)).toEqual(['connect', 'disconnect'])
  for (const event of told) expect(event.at('Actor', 'Attributes')).toMatchObject({ name: network.name, container: box.id })
})
