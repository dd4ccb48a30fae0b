import { expect, operation, type Api, type Query } from '../../harness/case/index.ts'
import { openArchive } from './archived.ts'
import { statusOf } from './images.ts'

const load = operation('POST /images/load')

const asTar = { 'Content-Type': 'application/x-tar' }

/** Loads an archive, and gives the messages of the stream that is the answer. */
async function messagesOf(api: Api, archive: Buffer, query: Query): Promise<any[]> {
  const stream = await api.stream('POST', '/images/load', { query, body: archive, headers: asTar })
  expect(stream.status).toBe(200)
  expect(String(stream.header('Content-Type'))).toMatch(/^application\/json/)
  return await stream.allValues()
}

load.must('load an image with its name from an archive', { id: 'image-load-archive' }, async ({ api, stage }) => {
  const { name, archive } = await stage.imageArchive({ config: { Env: ['COLOUR=blue'] }, layers: [[{ name: 'file', content: 'loaded\n' }]] })
  expect(await statusOf(api, name)).toBe(404)
  expect(await api.post('/images/load', { body: archive, headers: asTar })).toAnswer(200)
  expect(await statusOf(api, name)).toBe(200)
  const saved = await openArchive((await api.get(`/images/${name}/get`)).body)
  expect(await saved.files()).toEqual(new Map([['file', 'loaded\n']]))
})

load.must('load again what was saved and deleted', { id: 'image-load-saved' }, async ({ api, stage, guest }) => {
  const [one, other] = [await stage.built(['COPY file /file'], { files: [{ name: 'file', content: 'kept\n' }] }), await stage.image()]
  const saved = await api.get(`/images/get?names=${one.name}&names=${other.name}`)
  expect(saved).toAnswer(200)
  for (const { name } of [one, other]) {
    expect(await api.delete(`/images/${name}`)).toAnswer(200)
    expect(await statusOf(api, name)).toBe(404)
  }
  expect(await api.post('/images/load', { body: saved.body, headers: asTar })).toAnswer(200)
  expect(await statusOf(api, other.name)).toBe(200)
  expect(await stage.output({ Image: one.name, Cmd: ['cat', '/file', '/data/hello'] })).toMatchObject({ stdout: 'kept\nhello\n', exitCode: 0 })
  expect(await statusOf(api, guest.image)).toBe(200)
})

load.must('tell of its progress in a stream of JSON', { id: 'image-load-progress', since: '1.23', source: ['operation', 'change 1.23/17'] }, async ({ api, stage }) => {
  const { name, archive } = await stage.imageArchive({ layers: [[{ name: 'large', content: Buffer.alloc(300_000, stage.name('content')) }]] })
  const messages = await messagesOf(api, archive, { quiet: 0 })
  const steps = messages.filter((message) => message?.progressDetail?.total !== undefined)
  expect(steps).not.toEqual([])
  for (const step of steps) expect(step).toMatchObject({ status: 'Loading layer', id: expect.any(String), progress: expect.any(String), progressDetail: { current: expect.any(Number), total: expect.any(Number) } })
  expect(messages.at(-1)).toEqual({ stream: expect.stringContaining(name) })
})

load.must('tell where it is quiet only that it has loaded the image', {
  id: 'image-load-quiet', since: '1.23', source: ['operation', 'change 1.23/17'],
  reality: 'that quiet is off where it is left out, as the page says, is true of no Docker that knows it: only what it does where it is given is asked for',
}, async ({ api, stage }) => {
  const { archive } = await stage.imageArchive()
  expect(await messagesOf(api, archive, { quiet: 1 })).toEqual([{ stream: expect.stringMatching(/^Loaded image.*\n?$/) }])
})

load.must('load no image from a body that is no archive, and tell of the error', {
  id: 'image-load-no-archive', reality: 'the page documents 500; Docker 20.10 and later ones answer 200 and put the error into the stream',
}, async ({ api }) => {
  const answer = await api.post('/images/load', { body: 'this is no archive', headers: asTar })
  expect(answer).toAnswer(500, 200)
  if (answer.status === 200) expect(answer.text).toMatch(/"errorDetail":.*"error":/)
})
