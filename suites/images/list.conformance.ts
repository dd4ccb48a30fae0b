import { expect, operation, type Stage } from '../../harness/case/index.ts'
import { asList, bare, entryOf, idsOf, nameless, parentOf, sorted } from './images.ts'

const list = operation('GET /images/json')

list.must('list an image with its id, its sizes and when it was created', { id: 'image-list-entry' }, async ({ api, stage }) => {
  const { id } = await stage.image({ created: new Date('2025-03-01T00:00:00Z') })
  const entry = await entryOf(api, id)
  expect(entry?.at()).toMatchObject({ Id: id, Created: Date.parse('2025-03-01T00:00:00Z') / 1000 })
  expect(Number(entry?.at('Size'))).toBeGreaterThan(0)
  expect(Number(entry?.at('VirtualSize'))).toBeGreaterThanOrEqual(Number(entry?.at('Size')))
})

list.must('list an image once, with all its names', { id: 'image-list-names' }, async ({ api, stage }) => {
  const { id, name } = await stage.image()
  const other = stage.name('other')
  expect((await entryOf(api, id))?.at('RepoTags')).toEqual([name])
  expect(await api.post(`/images/${name}/tag`, { query: { repo: other, tag: 'two' } })).toAnswer(201)
  expect((await idsOf(api)).filter((each) => each === bare(id))).toEqual([bare(id)])
  expect(sorted((await entryOf(api, id))?.at('RepoTags'))).toEqual([name, `${other}:two`].sort())
})

list.must('tell the labels of an image', { id: 'image-list-labels', since: '1.19' }, async ({ api, stage }) => {
  const { id } = await stage.image({ config: { Labels: { colour: 'blue', empty: '' } } })
  expect((await entryOf(api, id))?.at('Labels')).toEqual({ ...stage.imageLabels(), colour: 'blue', empty: '' })
})

list.must('tell the digests of an image', {
  id: 'image-list-digests', source: ['operation', 'change 1.18/04'],
  reality: 'the pages show digests in an example up to 1.24 and as a parameter at 1.25; of an image that came from no registry, with it or without it, Docker 1.6 to 1.9 answer [], later ones null, and daemons that keep images by their digests that',
}, async ({ api, stage }) => {
  const { id } = await stage.image()
  for (const query of [{}, { digests: 1 }]) {
    const entry = await entryOf(api, id, query)
    expect(entry?.fields()).toContain('RepoDigests')
    for (const digest of asList(entry?.at('RepoDigests'))) expect(String(digest)).toMatch(/@sha256:[0-9a-f]{64}$/)
  }
})

list.must('leave out, unless all are asked for, the images that others are made of', { id: 'image-list-all' }, async ({ api, stage }) => {
  const { id } = await stage.built(['ENV ONE=1'], { from: 'scratch' })
  const parent = await parentOf(api, id)
  const [without, zero, all] = [await idsOf(api), await idsOf(api, { all: 0 }), await idsOf(api, { all: 1 })]
  for (const some of [without, zero]) {
    expect(some).toContain(bare(id))
    expect(some).not.toContain(parent)
  }
  expect(all).toEqual(expect.arrayContaining([bare(id), parent]))
  expect(bare((await entryOf(api, id))?.at('ParentId'))).toBe(parent)
})

list.must('list the images of one name only where the filter parameter gives it', { id: 'image-list-filter', removedIn: '1.25' }, async ({ api, stage }) => {
  const one = await stage.image()
  const other = await stage.image()
  expect(await idsOf(api)).toEqual(expect.arrayContaining([bare(one.id), bare(other.id)]))
  expect(await idsOf(api, { filter: repositoryOf(one.name) })).toEqual([bare(one.id)])
  expect(await idsOf(api, { filter: stage.name('nowhere') })).toEqual([])
})

list.must('filter by reference: a name with its tag or without', { id: 'image-list-filter-reference', since: '1.25' }, async ({ api, stage }) => {
  const one = await stage.image()
  const other = await stage.image()
  const tagged = stage.name('tagged')
  for (const [name, tag] of [[one.name, 'a'], [other.name, 'b']]) expect(await api.post(`/images/${name}/tag`, { query: { repo: tagged, tag } })).toAnswer(201)
  expect(await idsOf(api, { filters: { reference: [`${tagged}:a`] } })).toEqual([bare(one.id)])
  expect((await idsOf(api, { filters: { reference: [tagged] } })).sort()).toEqual([one.id, other.id].map(bare).sort())
  expect(await idsOf(api, { filters: { reference: [stage.name('nowhere')] } })).toEqual([])
})

list.must('filter by whether an image is without a name', { id: 'image-list-filter-dangling' }, async ({ api, stage }) => {
  const named = await stage.image()
  const without = await nameless(api, stage)
  expect(await idsOf(api)).toEqual(expect.arrayContaining([bare(named.id), without]))
  const dangling = await idsOf(api, { filters: { dangling: ['true'] } })
  expect(dangling).toContain(without)
  expect(dangling).not.toContain(bare(named.id))
})

list.must('filter by a label, with and without its value', { id: 'image-list-filter-label' }, async ({ api, stage }) => {
  const mark = stage.name('mark')
  const blue = await stage.image({ config: { Labels: { [mark]: '1', colour: 'blue' } } })
  const red = await stage.image({ config: { Labels: { [mark]: '1', colour: 'red' } } })
  const none = await stage.image({ config: { Labels: { [mark]: '1' } } })
  const ids = async (...label: string[]) => (await idsOf(api, { filters: { label: [mark, ...label] } })).sort()
  expect(await ids()).toEqual([blue.id, red.id, none.id].map(bare).sort())
  expect(await ids('colour')).toEqual([blue.id, red.id].map(bare).sort())
  expect(await ids('colour=blue')).toEqual([bare(blue.id)])
})

for (const by of ['before', 'since'] as const) {
  list.must(`filter by the image that the others were created ${by === 'before' ? 'before' : 'after'}: its name, or its id`, {
    id: `image-list-filter-${by}`, since: '1.24', source: ['operation', 'change 1.24/13'],
  }, async ({ api, stage }) => {
    const mark = stage.name('mark')
    const [oldest, middle, newest] = [await imageOf(stage, mark, 1), await imageOf(stage, mark, 2), await imageOf(stage, mark, 3)]
    expect((await idsOf(api, { filters: { label: [mark] } })).sort()).toEqual([oldest.id, middle.id, newest.id].map(bare).sort())
    const expected = [bare(by === 'before' ? oldest.id : newest.id)]
    expect(await idsOf(api, { filters: { label: [mark], [by]: [middle.name] } })).toEqual(expected)
    expect(await idsOf(api, { filters: { label: [mark], [by]: [middle.id] } })).toEqual(expected)
  })
}

list.must('refuse filters that are no JSON', {
  id: 'image-list-filters-no-json',
  reality: 'the page documents 500; Docker 1.6 to 20.10 answer that, later ones 400',
}, async ({ api }) => {
  expect(await api.get('/images/json', { query: { filters: 'notjson' } })).toAnswer(500, 400)
})

function imageOf(stage: Stage, mark: string, day: number) {
  return stage.image({ config: { Labels: { [mark]: '1' } }, created: new Date(Date.UTC(2025, 0, day)) })
}

function repositoryOf(name: string): string {
  return name.slice(0, name.lastIndexOf(':'))
}
