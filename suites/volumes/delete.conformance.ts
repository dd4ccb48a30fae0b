import { expect, operation } from '../../harness/case/index.ts'

const remove = operation('DELETE /volumes/{name}')

remove.must('remove a volume with its content', { id: 'volume-delete-removed', source: 'change 1.21/04' }, async ({ api, stage }) => {
  const volume = await stage.volume()
  const kept = { Binds: [`${volume.name}:/kept`] }
  const writer = await stage.exited({ Cmd: ['write', '/kept/note', 'left'], HostConfig: kept })
  const reader = await stage.output({ Cmd: ['ls', '/kept'], HostConfig: kept })
  expect(reader.stdout).toBe('note\n')
  for (const { path } of [writer, reader.box]) expect(await api.delete(path)).toAnswer(204)

  expect(await api.delete(`/volumes/${volume.name}`)).toAnswer(204)
  expect(await api.get(`/volumes/${volume.name}`)).toAnswer(404)
  expect(await api.post('/volumes/create', { body: { Name: volume.name, Labels: stage.labels } })).toAnswer(201)
  expect((await stage.output({ Cmd: ['ls', '/kept'], HostConfig: kept })).stdout).toBe('')
})

remove.must('answer 404 where there is no such volume', { id: 'volume-delete-missing' }, async ({ api, stage }) => {
  expect(await api.delete(`/volumes/${stage.name('none')}`)).toAnswer(404)
})

remove.must('answer 409 while a container uses the volume, and keep it', { id: 'volume-delete-in-use' }, async ({ api, stage }) => {
  const volume = await stage.volume()
  const box = await stage.container({ HostConfig: { Binds: [`${volume.name}:/kept`] } })
  expect(await api.delete(`/volumes/${volume.name}`)).toAnswer(409)
  expect(await api.get(`/volumes/${volume.name}`)).toAnswer(200)
  expect(await api.delete(box.path)).toAnswer(204)
  expect(await api.delete(`/volumes/${volume.name}`)).toAnswer(204)
})

remove.must('remove a volume with force', { id: 'volume-delete-force', since: '1.25', source: 'change 1.25/08' }, async ({ api, stage }) => {
  const volume = await stage.volume()
  expect(await api.get(`/volumes/${volume.name}`)).toAnswer(200)
  expect(await api.delete(`/volumes/${volume.name}`, { query: { force: true } })).toAnswer(204)
  expect(await api.get(`/volumes/${volume.name}`)).toAnswer(404)
})

remove.must('succeed with force where the volume is gone already', {
  id: 'volume-delete-force-gone', since: '1.25', source: 'change 1.25/08',
  reality: 'the page documents 404 for a volume that does not exist and says nothing of force there; Docker from 1.13 on answers 204',
}, async ({ api, stage }) => {
  const volume = await stage.volume()
  expect(await api.delete(`/volumes/${volume.name}`, { query: { force: false } })).toAnswer(204)
  expect(await api.delete(`/volumes/${volume.name}`, { query: { force: false } })).toAnswer(404)
  expect(await api.delete(`/volumes/${volume.name}`, { query: { force: true } })).toAnswer(204)
})
