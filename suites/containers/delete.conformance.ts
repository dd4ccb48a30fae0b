import { expect, operation } from '../../harness/case/index.ts'

const remove = operation('DELETE /containers/{id}')

remove.must('remove a container and answer 204', { id: 'container-delete-created' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await api.get(`${box.path}/json`)).toAnswer(200)
  const answer = await api.delete(box.path)
  expect(answer).toAnswer(204)
  expect(answer.body.byteLength).toBe(0)
  expect(await api.get(`${box.path}/json`)).toAnswer(404)
})

remove.must('refuse a container that runs with 409, and leave it running', { id: 'container-delete-running', reality: 'the page of 1.25 leaves 409 out; every Docker from 1.6 to 20.10 answers it' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.delete(box.path)).toAnswer(409)
  expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(true)
})

remove.must('kill and remove a container that runs with force', { id: 'container-delete-force' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.delete(box.path, { query: { force: 1 } })).toAnswer(204)
  expect(await api.get(`${box.path}/json`)).toAnswer(404)
})

remove.must('take v, and remove the container', {
  id: 'container-delete-volumes-asked', removedIn: '1.21', reality: 'what becomes of the volume shows only from 1.21 on, which has volumes of their own',
}, async ({ api, stage }) => {
  const box = await stage.container({ Volumes: { '/volume': {} } })
  expect(await api.delete(box.path, { query: { v: 1 } })).toAnswer(204)
  expect(await api.get(`${box.path}/json`)).toAnswer(404)
})

remove.must('answer 400 to a removal while another goes on, or 404 after it', {
  id: 'container-delete-in-progress', since: '1.25', source: 'change 1.25/15',
  reality: 'the change says 400, as Docker 1.13 does; Docker 20.10 answers 409 with the same text. How long a removal goes on no request can tell: a case can only rule out every other answer',
}, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['truncate', '/written', '1000000'] })
  const answers = await Promise.all(Array.from({ length: 6 }, () => api.delete(box.path)))
  for (const answer of answers) {
    expect(answer).toAnswer(204, 400, 404, 409)
    if (answer.status === 400 || answer.status === 409) expect(answer.at('message')).toMatch(/removal of container .* is already in progress/)
  }
  // More than one may have found it still there: Docker 20.10 answers 204 to whoever waited for another's removal.
  expect(answers.filter(({ status }) => status === 204).length).toBeGreaterThan(0)
  expect(await api.get(`${box.path}/json`)).toAnswer(404)
})

remove.must('keep the volumes of a container', { id: 'container-delete-volumes-kept', since: '1.21' }, async ({ api, stage }) => {
  const box = await stage.container({ Volumes: { '/volume': {} } })
  const name: unknown = (await api.get(`${box.path}/json`)).at('Mounts', 0, 'Name')
  stage.adopt('volume', String(name))
  expect(await api.delete(box.path)).toAnswer(204)
  expect(await api.get(`/volumes/${String(name)}`)).toAnswer(200)
})

remove.must('remove the unnamed volumes of a container with v', { id: 'container-delete-volumes-removed', since: '1.21' }, async ({ api, stage }) => {
  const box = await stage.container({ Volumes: { '/volume': {} } })
  const name: unknown = (await api.get(`${box.path}/json`)).at('Mounts', 0, 'Name')
  expect(await api.get(`/volumes/${String(name)}`)).toAnswer(200)
  expect(await api.delete(box.path, { query: { v: 1 } })).toAnswer(204)
  expect(await api.get(`/volumes/${String(name)}`)).toAnswer(404)
})

remove.must('answer 404 where there is no such container', { id: 'container-delete-unknown' }, async ({ api, stage }) => {
  expect(await api.delete(`/containers/${stage.name()}`)).toAnswer(404)
})
