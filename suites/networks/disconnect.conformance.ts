import { expect, operation } from '../../harness/case/index.ts'
import { addressesIn, addressOf, expectToReach, guestOnBridge, listener, port } from './guests.ts'
import { ingressOf } from '../swarm/own-swarm.ts'

const disconnect = operation('POST /networks/{id}/disconnect')

disconnect.must('disconnect a running container: it loses its address, and is not reached there any more', {
  id: 'network-disconnect-unreachable', needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const network = await stage.network()
  const server = await listener(stage, 'bridge')
  expect(await api.post(`/networks/${network.id}/connect`, { body: { Container: server.id } })).toAnswer(200)
  const client = await stage.running({ HostConfig: { NetworkMode: network.name } })
  const address = await addressOf(api, server, network.name)
  await expectToReach(stage, client, address, server)

  expect(await api.post(`/networks/${network.id}/disconnect`, { body: { Container: server.id } })).toAnswer(200)
  expect((await addressesIn(stage, server)).map((each) => each.split('/')[0])).not.toContain(address)
  expect(Object.keys((await api.get(`/networks/${network.id}`)).at('Containers') ?? {})).toEqual([client.id])
  expect((await api.get(`${server.path}/json`)).at('NetworkSettings', 'Networks', network.name)).toBeUndefined()
  const attempt = await stage.run(client, 'connect', address, port)
  expect(attempt.stdout).toBe('')
  expect(attempt.exitCode).not.toBe(0)
})

disconnect.must('disconnect by the names of network and container, and leave the container its other networks', {
  id: 'network-disconnect-by-name', needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: 'bridge' } })
  const before = await addressesIn(stage, box)
  expect(before.length).toBeGreaterThan(0)
  expect(await api.post(`/networks/${network.name}/connect`, { body: { Container: box.name } })).toAnswer(200)
  expect((await addressesIn(stage, box)).length).toBeGreaterThan(before.length)
  expect(await api.post(`/networks/${network.name}/disconnect`, { body: { Container: box.name } })).toAnswer(200)
  expect(await addressesIn(stage, box)).toEqual(before)
})

disconnect.must('disconnect a running container with Force', {
  id: 'network-disconnect-force', since: '1.22', source: 'change 1.22/16',
}, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: network.name } })
  expect((await addressesIn(stage, box)).length).toBe(1)
  expect(await api.post(`/networks/${network.id}/disconnect`, { body: { Container: box.id, Force: true } })).toAnswer(200)
  expect(await addressesIn(stage, box)).toEqual([])
  expect((await api.get(`/networks/${network.id}`)).at('Containers')).toEqual({})
})

disconnect.must('answer 404 where there is no such network', {
  id: 'network-disconnect-network-missing', needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const box = await guestOnBridge(stage)
  expect(await api.post(`/networks/${stage.name('none')}/disconnect`, { body: { Container: box.id } })).toAnswer(404)
})

disconnect.must('answer 404 where there is no such container', { id: 'network-disconnect-container-missing' }, async ({ api, stage }) => {
  const network = await stage.network()
  expect(await api.post(`/networks/${network.id}/disconnect`, { body: { Container: stage.name('none') } })).toAnswer(404)
})

const ofSwarm = { inSwarm: true, needs: ['bridge-network'] } as const

disconnect.must('answer 403 for a network of a swarm’s scope', {
  id: 'network-disconnect-swarm-scoped', since: '1.24', removedIn: '1.25', ...ofSwarm,
}, async ({ api, stage }) => {
  const ingress = await ingressOf(api)
  const box = await guestOnBridge(stage)
  expect(await api.post(`${ingress}/disconnect`, { body: { Container: box.id } })).toAnswer(403)
})

disconnect.must('refuse a network of a swarm’s scope that is not for containers', {
  id: 'network-disconnect-swarm-refused', since: '1.25', ...ofSwarm,
  reality: 'the page documents 403; Docker 20.10 answers 500 and says that the container is not connected',
}, async ({ api, stage }) => {
  const ingress = await ingressOf(api)
  const box = await guestOnBridge(stage)
  expect(await api.post(`${ingress}/disconnect`, { body: { Container: box.id } })).toAnswer(403, 500)
  expect(Object.keys((await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks') ?? {})).toEqual(['bridge'])
})
