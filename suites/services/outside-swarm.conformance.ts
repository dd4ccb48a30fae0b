import { expect, operation } from '../../harness/case/index.ts'

const body = { Name: 'plimsoll-nowhere', TaskTemplate: { ContainerSpec: { Image: 'plimsoll/nothing' } } }
const reality = 'the page says 406, and Docker 1.12 answers it; all that came after answer 503 at every version'

for (const { named, id, method, path, query } of [
  { named: 'GET /services', id: 'service-list', method: 'GET', path: '/services', query: {} },
  { named: 'POST /services/create', id: 'service-create', method: 'POST', path: '/services/create', query: {} },
  { named: 'GET /services/{id}', id: 'service-inspect', method: 'GET', path: '/services/nothing', query: {} },
  { named: 'DELETE /services/{id}', id: 'service-delete', method: 'DELETE', path: '/services/nothing', query: {} },
  { named: 'POST /services/{id}/update', id: 'service-update', method: 'POST', path: '/services/nothing/update', query: { version: 1 } },
  { named: 'GET /tasks', id: 'task-list', method: 'GET', path: '/tasks', query: {} },
  { named: 'GET /tasks/{id}', id: 'task-inspect', method: 'GET', path: '/tasks/nothing', query: {} },
]) {
  operation(named).must('be refused by a node that is not part of a swarm', { id: `${id}-outside-swarm`, removedIn: '1.25', needs: ['swarm-inactive'], reality }, async ({ api }) => {
    expect(await api.request(method, path, { query, ...(method === 'POST' && { body }) })).toAnswer(406, 503)
  })
}

operation('POST /services/create').must('answer 503 on a node that is not part of a swarm', { id: 'service-create-unavailable', since: '1.25', needs: ['swarm-inactive'] }, async ({ api }) => {
  expect(await api.post('/services/create', { body })).toAnswer(503)
})
