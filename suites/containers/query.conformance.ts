import { expect, operation } from '../../harness/case/index.ts'

const reality = 'the page documents 400 for a bad parameter; Docker up to 1.13 answers 500 where the query itself is malformed, later ones 400'

/** Operations whose page documents 400, with a query whose percent-encoding is broken. */
const malformed = [
  { suite: operation('GET /containers/json'), method: 'GET', path: () => '/containers/json?all=%zz', id: 'container-list-query-malformed' },
  { suite: operation('DELETE /containers/{id}'), method: 'DELETE', path: (id: string) => `/containers/${id}?v=%zz`, id: 'container-delete-query-malformed' },
  { suite: operation('POST /containers/{id}/attach'), method: 'POST', path: (id: string) => `/containers/${id}/attach?stream=%zz`, id: 'container-attach-query-malformed' },
]

for (const { suite, method, path, id } of malformed) {
  suite.should('refuse a query that is malformed', { id, reality }, async ({ api, stage }) => {
    const box = await stage.container()
    expect(await api.request(method, path(box.id))).toAnswer(400, 500)
    expect(await api.get(`${box.path}/json`)).toAnswer(200)
  })
}
