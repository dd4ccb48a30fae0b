import { expect, operation } from '../../harness/case/index.ts'

const inspect = operation('GET /volumes/{name}')

inspect.must('describe a volume by its name', { id: 'volume-inspect-described', source: 'change 1.21/03' }, async ({ api, stage }) => {
  const volume = await stage.volume()
  const answer = await api.get(`/volumes/${volume.name}`)
  expect(answer).toAnswer(200)
  expect(answer.at()).toMatchObject({ Name: volume.name, Driver: 'local', Mountpoint: expect.stringMatching(/./) })
})

inspect.must('give the path on the host at which the volume’s content lies', {
  id: 'volume-inspect-mountpoint', needs: ['linux', 'local-volumes'],
}, async ({ api, stage }) => {
  const volume = await stage.volume()
  const path: unknown = (await api.get(`/volumes/${volume.name}`)).at('Mountpoint')
  expect(path).toEqual(expect.stringMatching(/^\//))
  expect((await stage.exited({ Cmd: ['write', '/kept/note', 'left'], HostConfig: { Binds: [`${volume.name}:/kept`] } })).exitCode).toBe(0)
  expect((await stage.output({ Cmd: ['cat', '/host/note'], HostConfig: { Binds: [`${String(path)}:/host:ro`] } })).stdout).toBe('left')
})

inspect.must('answer 404 where there is no such volume', { id: 'volume-inspect-missing' }, async ({ api, stage }) => {
  expect(await api.get(`/volumes/${stage.name('none')}`)).toAnswer(404)
})

inspect.must('show the labels of the volume', { id: 'volume-inspect-labels', since: '1.23' }, async ({ api, stage }) => {
  const volume = await stage.volume({ Labels: { ...stage.labels, flavour: 'salt' } })
  expect((await api.get(`/volumes/${volume.name}`)).at('Labels')).toEqual({ ...stage.labels, flavour: 'salt' })
})

inspect.must('show the scope of the volume', { id: 'volume-inspect-scope', since: '1.24', needs: ['local-volumes'] }, async ({ api, stage }) => {
  const volume = await stage.volume({ Driver: 'local' })
  expect((await api.get(`/volumes/${volume.name}`)).at('Scope')).toBe('local')
})

inspect.must('show the options that the driver was given', {
  id: 'volume-inspect-options', since: '1.25', source: 'change 1.25/22', needs: ['local-volumes'],
}, async ({ api, stage }) => {
  const DriverOpts = { type: 'tmpfs', device: 'tmpfs', o: 'noexec' }
  const volume = await stage.volume({ DriverOpts })
  expect((await api.get(`/volumes/${volume.name}`)).at('Options')).toEqual(DriverOpts)
})
