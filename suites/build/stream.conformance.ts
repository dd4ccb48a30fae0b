import { Blocked, expect, operation, uncached, until } from '../../harness/case/index.ts'
import { bare } from '../images/images.ts'
import { asTar, build, containersOf, contextOf, errorOf, expectRefused, idOf } from './building.ts'

const post = operation('POST /build')

post.must('tell of each instruction, what it writes, and the id of the image, in a stream of JSON', { id: 'image-build-stream' }, async ({ api, stage }) => {
  const context = await contextOf(stage, ['ENV COLOUR=blue', 'RUN ["cat", "/data/hello"]'])
  const name = stage.name('built')
  const stream = await api.stream('POST', '/build', { query: { ...uncached, t: name }, body: context, headers: asTar })
  expect(stream.status).toBe(200)
  expect(String(stream.header('Content-Type'))).toMatch(/^application\/json/)
  const messages: any[] = await stream.allValues({ timeoutMs: 50_000 })
  const output = messages.map((message) => String(message?.stream ?? '')).join('')
  const [env, run, written] = [output.indexOf('ENV COLOUR=blue'), output.indexOf('RUN ["cat", "/data/hello"]'), output.search(/^hello$/m)]
  expect(env).toBeGreaterThan(-1)
  expect(run).toBeGreaterThan(env)
  expect(written).toBeGreaterThan(run)
  const image = await api.get(`/images/${name}/json`)
  expect(image).toAnswer(200)
  expect(output.slice(written)).toContain(bare(image.at('Id')).slice(0, 12))
})

post.must('end the stream with an error where an instruction fails, and name no image', { id: 'image-build-error' }, async ({ api, stage }) => {
  const built = await build(api, stage, ['RUN ["exit", "3"]', 'ENV NEVER=reached'])
  const last = built.messages.at(-1)
  expect(last).toMatchObject({ error: expect.any(String), errorDetail: { code: 3, message: expect.any(String) } })
  expect(last?.error).toBe(last?.errorDetail?.message)
  expect(built.output).not.toContain('NEVER=reached')
  expect(await api.get(`/images/${built.name}/json`)).toAnswer(404)
})

post.must('leave out what instructions write where q is given', { id: 'image-build-quiet' }, async ({ api, stage }) => {
  const quiet = await build(api, stage, ['RUN ["cat", "/data/hello"]'], { query: { q: 1 } })
  const id = await idOf(api, quiet)
  expect(quiet.output).not.toMatch(/^hello$/m)
  expect(quiet.output).toContain(bare(id).slice(0, 12))
})

post.must('cancel the build where the client closes the connection', { id: 'image-build-cancel', source: 'change 1.18/07', timeoutMs: 120_000 }, async ({ api, stage }) => {
  const name = stage.name('built')
  const context = await contextOf(stage, ['RUN ["hold"]', 'ENV NEVER=reached'])
  const stream = await api.stream('POST', '/build', { query: { ...uncached, t: name }, body: context, headers: asTar })
  expect(stream.status).toBe(200)
  // It takes as long as the first steps of the build take.
  try {
    await until(async () => expect(await containersOf(api, stage, 'running')).toHaveLength(1), { timeoutMs: 50_000 })
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AssertionError')) throw error
    throw new Blocked('the container that runs for the build is not listed, so that its end can not be seen', { cause: error })
  }
  stream.close()
  await until(async () => expect(await containersOf(api, stage, 'running')).toEqual([]), { timeoutMs: 20_000 })
  expect(await api.get(`/images/${name}/json`)).toAnswer(404)
})

post.must('answer an error where the image to begin with is nowhere', {
  id: 'image-build-base-unknown', reality: 'the page documents 500; a daemon that has begun its answer says it in an error of the stream',
}, async ({ api, stage }) => {
  // No registry listens on this port.
  const body = await contextOf(stage, [], { from: `127.0.0.1:1/${stage.name('nowhere')}` })
  expectRefused(await api.post('/build', { body, headers: asTar }))
})

post.must('remove the containers of its instructions, unless rm says otherwise', { id: 'image-build-rm' }, async ({ api, stage }) => {
  await idOf(api, await build(api, stage, ['RUN ["pwd"]']))
  expect(await containersOf(api, stage)).toEqual([])
  await idOf(api, await build(api, stage, ['RUN ["pwd"]'], { query: { rm: 0 } }))
  expect((await containersOf(api, stage)).map((container) => container.at('Command'))).toContain('pwd')
})

post.must('leave the container of an instruction that failed, unless forcerm is given', { id: 'image-build-forcerm' }, async ({ api, stage }) => {
  expect(errorOf(await build(api, stage, ['RUN ["exit", "3"]'], { query: { forcerm: 1 } }))).toBeDefined()
  expect(await containersOf(api, stage)).toEqual([])
  expect(errorOf(await build(api, stage, ['RUN ["exit", "3"]'], { query: { forcerm: 0 } }))).toBeDefined()
  expect((await containersOf(api, stage)).map((container) => container.at('Command'))).toEqual(['exit 3'])
})
