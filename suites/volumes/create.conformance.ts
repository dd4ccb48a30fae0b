import { expect, operation } from '../../harness/case/index.ts'

const create = operation('POST /volumes/create')

create.must('create a volume of the given name', { id: 'volume-create-named', source: 'change 1.21/02' }, async ({ api, stage }) => {
  const Name = stage.name('vol')
  expect(await api.get(`/volumes/${Name}`)).toAnswer(404)
  const answer = await api.post('/volumes/create', { body: { Name } })
  expect(answer).toAnswer(201)
  expect(answer.at()).toMatchObject({ Name, Driver: 'local', Mountpoint: expect.stringMatching(/./) })
  expect(await api.get(`/volumes/${Name}`)).toAnswer(200)
})

create.must('make up a name where none is given', { id: 'volume-create-name-generated' }, async ({ api }) => {
  // Answers of 201 are taken over by the stage, under whatever name they have.
  const names: unknown[] = []
  for (const body of [{}, { Name: '' }]) {
    const answer = await api.post('/volumes/create', { body })
    expect(answer).toAnswer(201)
    expect(answer.at('Name')).toEqual(expect.stringMatching(/./))
    names.push(answer.at('Name'))
  }
  expect(names[0]).not.toBe(names[1])
  expect(await api.get(`/volumes/${String(names[0])}`)).toAnswer(200)
})

create.must('refuse a name that is none', {
  id: 'volume-create-name-invalid',
  reality: 'the page documents 500 alone; Docker 1.9 answers 400, 1.10 to 1.13 500, later ones 400',
}, async ({ api }) => {
  expect(await api.post('/volumes/create', { body: { Name: '!bad' } })).toAnswer(400, 500)
})

create.must('take the driver that Driver names', { id: 'volume-create-driver', needs: ['local-volumes'] }, async ({ api, stage }) => {
  const answer = await api.post('/volumes/create', { body: { Name: stage.name('vol'), Driver: 'local' } })
  expect(answer).toAnswer(201)
  expect(answer.at('Driver')).toBe('local')
})

create.must('refuse a driver that it does not have', {
  id: 'volume-create-driver-unknown',
  // Documented from 1.21 on, but Docker 20.10 looks for a plugin for 15 seconds before it says no.
  since: '1.25', timeoutMs: 90_000,
  reality: 'the page documents 500 alone; Docker 20.10 answers 404',
}, async ({ api, stage }) => {
  const Name = stage.name('vol')
  expect(await api.post('/volumes/create', { body: { Name, Driver: 'no-such-driver' }, timeoutMs: 60_000 })).toAnswer(404, 500)
  expect(await api.get(`/volumes/${Name}`)).toAnswer(404)
})

create.must('hand DriverOpts to the driver: local mounts what they say', {
  id: 'volume-create-driver-opts', since: '1.23', needs: ['local-volumes'],
  reality: 'documented from 1.21 on; the driver local takes options only from Docker 1.11 on, API 1.23',
}, async ({ api, stage }) => {
  const Name = stage.name('vol')
  expect(await api.post('/volumes/create', { body: { Name, Driver: 'local', DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' } } })).toAnswer(201)
  const { stdout } = await stage.output({ Cmd: ['mounts'], HostConfig: { Binds: [`${Name}:/kept`] } })
  expect(stdout.split('\n').find((line) => line.includes(' /kept ')) ?? '').toMatch(/ - tmpfs .*size=1024k/)
})

create.must('refuse options that the driver does not know', {
  id: 'volume-create-driver-opts-unknown', since: '1.23', needs: ['local-volumes'],
  reality: 'the page documents 500 alone; Docker 20.10 answers 400',
}, async ({ api, stage }) => {
  expect(await api.post('/volumes/create', { body: { Name: stage.name('vol'), Driver: 'local', DriverOpts: { bogus: 'x' } } })).toAnswer(400, 500)
})

create.must('keep the labels', { id: 'volume-create-labels', since: '1.23' }, async ({ api, stage }) => {
  const Name = stage.name('vol')
  const Labels = { ...stage.labels, 'com.example.some-label': 'some-value', empty: '' }
  const answer = await api.post('/volumes/create', { body: { Name, Labels } })
  expect(answer).toAnswer(201)
  expect(answer.at('Labels')).toEqual(Labels)
  expect((await api.get(`/volumes/${Name}`)).at('Labels')).toEqual(Labels)
})

create.must('answer with the scope of the volume', { id: 'volume-create-scope', since: '1.24', needs: ['local-volumes'] }, async ({ api, stage }) => {
  const answer = await api.post('/volumes/create', { body: { Name: stage.name('vol'), Driver: 'local' } })
  expect(answer).toAnswer(201)
  expect(answer.at('Scope')).toBe('local')
})

create.must('answer with the options that the driver was given', {
  id: 'volume-create-options', since: '1.25', source: 'change 1.25/22', needs: ['local-volumes'],
}, async ({ api, stage }) => {
  const DriverOpts = { type: 'tmpfs', device: 'tmpfs', o: 'noexec' }
  const answer = await api.post('/volumes/create', { body: { Name: stage.name('vol'), DriverOpts } })
  expect(answer).toAnswer(201)
  expect(answer.at('Options')).toEqual(DriverOpts)
})
