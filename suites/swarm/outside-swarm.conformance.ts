import { expect, operation } from '../../harness/case/index.ts'

const reality = 'the page says 406, and Docker 1.12 answers it; all that came after answer 503 at every version'
const id = 'nosuchnodeinnosuchswarm00'
const service = { Name: 'plimsoll-nowhere', TaskTemplate: { ContainerSpec: { Image: 'plimsoll/nothing' } } }
const secret = { Name: 'plimsoll-nowhere', Data: 'eA==' }

for (const { of, as, method, path, query, body } of [
  { of: 'GET /swarm', as: 'swarm-inspect', method: 'GET', path: '/swarm' },
  { of: 'POST /swarm/leave', as: 'swarm-leave', method: 'POST', path: '/swarm/leave' },
  { of: 'POST /swarm/update', as: 'swarm-update', method: 'POST', path: '/swarm/update', query: { version: 1 }, body: {} },
  { of: 'GET /nodes', as: 'node-list', method: 'GET', path: '/nodes' },
  { of: 'GET /nodes/{id}', as: 'node-inspect', method: 'GET', path: `/nodes/${id}` },
  { of: 'DELETE /nodes/{id}', as: 'node-delete', method: 'DELETE', path: `/nodes/${id}` },
  { of: 'POST /nodes/{id}/update', as: 'node-update', method: 'POST', path: `/nodes/${id}/update`, query: { version: 1 }, body: { Role: 'worker', Availability: 'active' } },
  { of: 'GET /services', as: 'service-list', method: 'GET', path: '/services' },
  { of: 'POST /services/create', as: 'service-create', method: 'POST', path: '/services/create', body: service },
  { of: 'GET /services/{id}', as: 'service-inspect', method: 'GET', path: '/services/nothing' },
  { of: 'DELETE /services/{id}', as: 'service-delete', method: 'DELETE', path: '/services/nothing' },
  { of: 'POST /services/{id}/update', as: 'service-update', method: 'POST', path: '/services/nothing/update', query: { version: 1 }, body: service },
  { of: 'GET /tasks', as: 'task-list', method: 'GET', path: '/tasks' },
  { of: 'GET /tasks/{id}', as: 'task-inspect', method: 'GET', path: '/tasks/nothing' },
]) {
  operation(of).must('be refused by a node that is not part of a swarm', { id: `${as}-outside-swarm`, removedIn: '1.25', needs: ['swarm-inactive'], reality }, async ({ api }) => {
    expect(await api.request(method, path, { ...(query && { query }), ...(body && { body }) })).toAnswer(406, 503)
  })
}

for (const { of, as, path, query, body } of [
  { of: 'POST /swarm/leave', as: 'swarm-leave', path: '/swarm/leave' },
  { of: 'POST /swarm/update', as: 'swarm-update', path: '/swarm/update', query: { version: 1 }, body: {} },
  { of: 'POST /services/create', as: 'service-create', path: '/services/create', body: service },
]) {
  operation(of).must('answer 503 on a node that is not part of a swarm', { id: `${as}-unavailable`, since: '1.25', needs: ['swarm-inactive'] }, async ({ api }) => {
    expect(await api.post(path, { ...(query && { query }), ...(body && { body }) })).toAnswer(503)
  })
}

const secretReality = 'the page says 406; Docker 1.13 and later ones answer 503'

operation('POST /secrets/create').must('be refused by a node that is not part of a swarm', { id: 'secret-create-outside-swarm', since: '1.25', needs: ['swarm-inactive'], reality: secretReality }, async ({ api }) => {
  expect(await api.post('/secrets/create', { body: secret })).toAnswer(406, 503)
})

operation('GET /secrets/{id}').must('be refused by a node that is not part of a swarm', { id: 'secret-inspect-outside-swarm', since: '1.25', needs: ['swarm-inactive'], reality: secretReality }, async ({ api }) => {
  expect(await api.get(`/secrets/${id}`)).toAnswer(406, 503)
})

operation('GET /swarm/unlockkey').must('be refused by a node that is not part of a swarm', {
  id: 'swarm-unlockkey-outside-swarm', since: '1.25', needs: ['swarm-inactive'], reality: 'the page documents 500 alone; Docker 1.13 and later ones answer 503',
}, async ({ api }) => {
  expect(await api.get('/swarm/unlockkey')).toAnswer(500, 503)
})
