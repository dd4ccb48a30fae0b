import { gzipSync } from 'node:zlib'
import { expect, operation, type Api, type Stage } from '../../harness/case/index.ts'
import { packTar, readTar } from '../../harness/wire/tar.ts'
import { bare, idsOf } from '../images/images.ts'
import { asTar, build, buildFrom, contextOf, errorOf, expectRefused, idOf } from './building.ts'
import { compressed, hello } from './compressed.ts'

const post = operation('POST /build')

/** What a file of an image holds; undefined where there is none. The image needs no program. */
async function fileOf(api: Api, stage: Stage, image: string, path: string): Promise<string | undefined> {
  const box = await stage.container({ Image: image, Cmd: ['never', 'run'] })
  const answer = await api.get(`${box.path}/export`)
  expect(answer).toAnswer(200)
  return (await readTar(answer.body)).find(({ name }) => name === path)?.content.toString('utf8')
}

post.must('build an image from a tar archive with a Dockerfile and other files', { id: 'image-build-context' }, async ({ api, stage }) => {
  const files = [{ name: 'folder/', type: 'directory' as const }, { name: 'folder/file', content: 'of the context\n' }]
  const built = await build(api, stage, ['COPY folder/file /copied', 'ADD folder /added'], { from: 'scratch', files })
  await idOf(api, built)
  expect(await fileOf(api, stage, built.name, 'copied')).toBe('of the context\n')
  expect(await fileOf(api, stage, built.name, 'added/file')).toBe('of the context\n')
})

post.must('take an archive that is compressed by gzip', { id: 'image-build-gzip' }, async ({ api, stage }) => {
  const context = await contextOf(stage, ['COPY hello /hello'], { from: 'scratch', files: [{ name: 'hello', content: hello }] })
  const built = await buildFrom(api, stage, gzipSync(context))
  expect(errorOf(built)).toBeUndefined()
  expect(await fileOf(api, stage, built.name, 'hello')).toBe(hello)
})

for (const algorithm of ['bzip2', 'xz'] as const) {
  post.must(`take an archive that is compressed by ${algorithm}`, { id: `image-build-${algorithm}` }, async ({ api, stage }) => {
    const built = await buildFrom(api, stage, Buffer.from(compressed[algorithm], 'base64'))
    expect(errorOf(built)).toBeUndefined()
    expect(await fileOf(api, stage, built.name, 'hello')).toBe(hello)
  })
}

post.must('take the Dockerfile from the path that dockerfile says', { id: 'image-build-dockerfile' }, async ({ api, stage }) => {
  const files = [{ name: 'other/', type: 'directory' as const }, { name: 'other/Build.txt', content: stage.dockerfile(['ENV FROM_FILE=other'], 'scratch') }]
  const usual = await build(api, stage, ['ENV FROM_FILE=usual'], { from: 'scratch', files })
  const other = await build(api, stage, ['ENV FROM_FILE=usual'], { from: 'scratch', files, query: { dockerfile: 'other/Build.txt' } })
  const latestStep = async (name: string) => (await api.get(`/images/${name}/history`)).at(0, 'CreatedBy')
  await idOf(api, usual)
  await idOf(api, other)
  expect(await latestStep(usual.name)).toContain('FROM_FILE=usual')
  expect(await latestStep(other.name)).toContain('FROM_FILE=other')
})

post.must('answer an error where the archive has no Dockerfile', {
  id: 'image-build-no-dockerfile', reality: 'the pages document 500, and from 1.25 on 400; a daemon that has begun its answer says it in an error of the stream',
}, async ({ api }) => {
  expectRefused(await api.post('/build', { body: await packTar([{ name: 'file', content: 'no Dockerfile' }]), headers: asTar }))
})

post.must('answer an error where the archive is none', {
  id: 'image-build-no-archive', reality: 'the pages document 500, and from 1.25 on 400; a daemon that has begun its answer says it in an error of the stream',
}, async ({ api }) => {
  expectRefused(await api.post('/build', { body: 'this is no archive', headers: asTar }))
})

post.must('refuse a Dockerfile of wrong syntax before the first of its instructions is run', {
  id: 'image-build-syntax', source: 'change 1.25/12',
  reality: 'the change applies to all versions and names no status; Docker 1.13 answers 500, later ones 400; 1.12 and before run the instructions up to the wrong one',
}, async ({ api, stage }) => {
  const right = await build(api, stage, ['ENV RIGHT=1'], { from: 'scratch' })
  const made = () => idsOf(api, { filters: { label: [stage.imageFilter()] } })
  const before = await made()
  expect(before).toEqual([bare(await idOf(api, right))])
  const wrong = await contextOf(stage, ['ENV OTHER=1', 'BOGUS instruction'], { from: 'scratch' })
  expectRefused(await api.post('/build', { body: wrong, headers: asTar }))
  expect(await made(), 'no step of the wrong Dockerfile was taken').toEqual(before)
})
