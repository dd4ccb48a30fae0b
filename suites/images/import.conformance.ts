import { expect, operation, type Stage } from '../../harness/case/index.ts'
import { packTar } from '../../harness/wire/tar.ts'
import { filesIn, statusOf } from './images.ts'

const create = operation('POST /images/create')

/** What imported images need to be found again, should the run be interrupted: daemons of the time know this parameter, and others may ignore it. */
const labelling = (stage: Stage) => ({ changes: `LABEL ${Object.entries(stage.imageLabels()).map(([key, value]) => `${key}=${value}`).join(' ')}` })

create.must('import an image from the tar archive in the body', { id: 'image-import-body' }, async ({ api, stage }) => {
  const repo = stage.name('imported')
  stage.adopt('image', `${repo}:v1`)
  const content = `of ${repo}\n`
  const archive = await packTar([{ name: 'one', content }, { name: 'folder/', type: 'directory' }, { name: 'folder/two', content: 'two\n' }])
  expect(await statusOf(api, `${repo}:v1`)).toBe(404)
  const stream = await api.stream('POST', '/images/create', { query: { fromSrc: '-', repo, tag: 'v1', ...labelling(stage) }, body: archive, headers: { 'Content-Type': 'application/x-tar' } })
  expect(stream.status).toBe(200)
  expect(String(stream.header('Content-Type'))).toMatch(/^application\/json/)
  const messages = await stream.allValues()
  expect(messages).not.toEqual([])
  expect(messages.at(-1)).toMatchObject({ status: expect.any(String) })
  const files = await filesIn(api, stage, `${repo}:v1`)
  expect(files.get('one')).toBe(content)
  expect(files.get('folder/two')).toBe('two\n')
})

create.must('take the tag from the name of the repository', { id: 'image-import-tag-in-repo', since: '1.21' }, async ({ api, stage }) => {
  const name = `${stage.name('imported')}:v1`
  stage.adopt('image', name)
  const body = await packTar([{ name: 'one', content: name }])
  expect(await api.post('/images/create', { query: { fromSrc: '-', repo: name, ...labelling(stage) }, body, headers: { 'Content-Type': 'application/x-tar' } })).toAnswer(200)
  expect(await statusOf(api, name)).toBe(200)
})

create.must('make no image of a body that is no archive, and tell of the error', {
  id: 'image-import-no-archive',
  reality: 'the page documents 500; a daemon that has begun its answer says it in an error of the stream',
}, async ({ api, stage }) => {
  const repo = stage.name('imported')
  stage.adopt('image', `${repo}:v1`)
  const answer = await api.post('/images/create', { query: { fromSrc: '-', repo, tag: 'v1' }, body: 'this is no archive', headers: { 'Content-Type': 'application/x-tar' } })
  expect(answer).toAnswer(500, 200)
  if (answer.status === 200) expect(answer.text).toContain('"error"')
  expect(await statusOf(api, `${repo}:v1`)).toBe(404)
})
