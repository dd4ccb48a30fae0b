import { expect, NotApplicable, operation } from '../../harness/case/index.ts'

const remove = operation('DELETE /networks/{id}')

remove.must('remove a network by its id, and answer 200', { id: 'network-delete-ok', removedIn: '1.23' }, async ({ api, stage }) => {
  const network = await stage.network()
  expect(await api.get(`/networks/${network.id}`)).toAnswer(200)
  expect(await api.delete(`/networks/${network.id}`)).toAnswer(200)
  expect(await api.get(`/networks/${network.id}`)).toAnswer(404)
})

remove.must('remove a network by its id, and answer 204', { id: 'network-delete-no-content', since: '1.23' }, async ({ api, stage }) => {
  const network = await stage.network()
  expect(await api.get(`/networks/${network.id}`)).toAnswer(200)
  expect(await api.delete(`/networks/${network.id}`)).toAnswer(204)
  expect(await api.get(`/networks/${network.id}`)).toAnswer(404)
})

remove.must('remove a network by its name', {
  id: 'network-delete-by-name',
  reality: 'the page documents 200 up to 1.22 and 204 from 1.23 on; which of them is for other cases to judge',
}, async ({ api, stage }) => {
  const network = await stage.network()
  expect(await api.get(`/networks/${network.id}`)).toAnswer(200)
  expect(await api.delete(`/networks/${network.name}`)).toAnswer(200, 204)
  expect(await api.get(`/networks/${network.id}`)).toAnswer(404)
})

remove.must('answer 404 where there is no such network', { id: 'network-delete-missing' }, async ({ api, stage }) => {
  expect(await api.delete(`/networks/${stage.name('none')}`)).toAnswer(404)
})

remove.should('refuse to remove a network that a running container is connected to', {
  id: 'network-delete-in-use',
  reality: 'the page documents 500; Docker 20.10 answers 403',
}, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: network.name } })
  expect(await api.delete(`/networks/${network.id}`)).toAnswer(403, 409, 500)
  expect(Object.keys((await api.get(`/networks/${network.id}`)).at('Containers') ?? {})).toEqual([box.id])
  expect(await api.delete(box.path, { query: { force: 1 } })).toAnswer(204)
  expect(await api.delete(`/networks/${network.id}`)).toAnswer(200, 204)
})

remove.must('refuse to remove a network that a daemon begins with', {
  id: 'network-delete-predefined', disposable: 'a daemon that does what it must refuse loses a network that it begins with',
  reality: 'the page documents 403 for predefined networks on creation alone; Docker from 1.9 on answers it here as well',
}, async ({ api }) => {
  // Of the three the one that most likely nothing is lost with.
  if ((await api.get('/networks/none')).status === 404) throw new NotApplicable('this daemon has no network none')
  expect(await api.delete('/networks/none')).toAnswer(403)
  expect(await api.get('/networks/none')).toAnswer(200)
})
