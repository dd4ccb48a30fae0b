import { expect, operation } from '../../harness/case/index.ts'
import { bare, sorted } from './images.ts'

const history = operation('GET /images/{name}/history')

history.must('tell how an image was made, the newest first', { id: 'image-history-steps' }, async ({ api, stage }) => {
  const { id, name } = await stage.built(['ENV COLOUR=blue', 'LABEL shape=round'])
  const answer = await api.get(`/images/${name}/history`)
  expect(answer).toAnswer(200)
  const items = answer.list()
  expect(bare(items[0]?.at('Id'))).toBe(bare(id))
  expect(items[0]?.at()).toMatchObject({ CreatedBy: expect.stringContaining('LABEL shape=round') })
  expect(items[1]?.at()).toMatchObject({ CreatedBy: expect.stringContaining('ENV COLOUR=blue') })
  expect(items[2]?.at()).toMatchObject({ CreatedBy: expect.stringContaining('LABEL') })
  expect(items.at(-1)?.at()).toMatchObject({ Created: Date.parse('2025-01-01T00:00:00Z') / 1000, CreatedBy: expect.stringContaining('guest') })
  const times = items.map((item) => item.numberAt('Created'))
  expect(times).toEqual([...times].sort((one, other) => other - one))
})

history.must('tell the names and the size of each step', { id: 'image-history-names-sizes', since: '1.19' }, async ({ api, stage, guest }) => {
  const { id, name } = await stage.built(['COPY file /file'], { files: [{ name: 'file', content: 'x'.repeat(5000) }] })
  const other = stage.name('other')
  expect(await api.post(`/images/${id}/tag`, { query: { repo: other, tag: 'two' } })).toAnswer(201)
  const items = (await api.get(`/images/${id}/history`)).list()
  expect(sorted(items[0]?.at('Tags'))).toEqual([name, `${other}:two`].sort())
  expect(Number(items[0]?.at('Size'))).toBeGreaterThanOrEqual(5000)
  expect(items[1]?.at()).toMatchObject({ Size: 0, CreatedBy: expect.stringContaining('LABEL') })
  expect(items[1]?.at('Tags') ?? []).toEqual([])
  expect(items.at(-1)?.at('Tags')).toContain(guest.image)
  expect(Number(items.at(-1)?.at('Size'))).toBeGreaterThan(0)
})

history.must('tell the comment of a step', { id: 'image-history-comment', since: '1.19' }, async ({ api, stage, bystanders }) => {
  const committed = await api.post('/commit', { query: { container: bystanders.exited.id, comment: 'what changed' }, body: { Labels: stage.imageLabels() } })
  expect(committed).toAnswer(201)
  const items = (await api.get(`/images/${committed.at('Id')}/history`)).list()
  expect(bare(items[0]?.at('Id'))).toBe(bare(committed.at('Id')))
  expect(items[0]?.at('Comment')).toBe('what changed')
  expect(items[1]?.at('Comment')).toBe('')
})

history.must('answer 404 where there is no such image', { id: 'image-history-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/images/${stage.name()}/history`)).toAnswer(404)
})
