import { expect, operation, type Api, type ApiAnswer, type DaemonFacts, type Query, type Stage } from '../../harness/case/index.ts'
import { deadHost, requirePlainHttp, startRegistry } from './registry.ts'

const search = operation('GET /images/search')

const index = [
  { name: 'harbour/crane', description: 'lifts', star_count: 3, is_official: true, is_automated: false },
  { name: 'harbour/tug', description: 'pulls', star_count: 9, is_official: false, is_automated: true },
  { name: 'harbour/buoy', description: '', star_count: 0, is_official: false, is_automated: false },
  { name: 'desert/camel', description: 'carries', star_count: 7, is_official: false, is_automated: false },
]

/** An index says both, and pages that know the former take them for identical. */
const served = index.map((entry) => ({ ...entry, is_trusted: entry.is_automated }))

/** Searches a registry of ours whose index has these entries. */
async function find(api: Api, stage: Stage, daemon: DaemonFacts, term: string, query: Query = {}): Promise<ApiAnswer> {
  const registry = await startRegistry(daemon, stage, { index: served })
  const answer = await api.get('/images/search', { query: { term: `${registry.host}/${term}`, ...query } })
  requirePlainHttp(registry)
  expect(answer).toAnswer(200)
  return answer
}

const namesOf = (answer: ApiAnswer): string[] => answer.list().map((entry) => entry.textAt('name')).sort()

search.must('find what the index of the registry has of the term', { id: 'image-search', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const answer = await find(api, stage, daemon, 'harbour')
  expect(namesOf(answer)).toEqual(['harbour/buoy', 'harbour/crane', 'harbour/tug'])
  for (const entry of index.slice(0, 3)) expect(answer.json()).toContainEqual(expect.objectContaining(entry))
})

search.must('return is_trusted beside is_automated, identical to it', { id: 'image-search-is-trusted', since: '1.19', removedIn: '1.20', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  for (const entry of (await find(api, stage, daemon, 'harbour')).list()) expect(entry.at('is_trusted'), `is_trusted of ${entry.textAt('name')}`).toBe(entry.at('is_automated'))
})

search.must('answer an empty list where nothing is found', { id: 'image-search-nothing', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  expect((await find(api, stage, daemon, 'moon')).json()).toEqual([])
})

search.must('answer no more results than limit says', { id: 'image-search-limit', since: '1.24', source: ['operation', 'change 1.24/16'], needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  expect((await find(api, stage, daemon, 'harbour')).list()).toHaveLength(3)
  expect((await find(api, stage, daemon, 'harbour', { limit: 2 })).list()).toHaveLength(2)
})

for (const [filter, value, found] of [
  ['stars', '4', ['harbour/tug']],
  ['is-official', 'true', ['harbour/crane']],
  ['is-official', 'false', ['harbour/buoy', 'harbour/tug']],
  ['is-automated', 'true', ['harbour/tug']],
  ['is-automated', 'false', ['harbour/buoy', 'harbour/crane']],
] as const) {
  search.must(`leave out with the filter ${filter}=${value} what it does not fit`, {
    id: `image-search-filter-${filter}${filter === 'stars' ? '' : `-${value}`}`, since: '1.24', source: ['operation', 'change 1.24/08'], needs: ['reaches-suite'],
  }, async ({ api, stage, daemon }) => {
    expect(namesOf(await find(api, stage, daemon, 'harbour', { filters: { [filter]: [value] } }))).toEqual(found)
  })
}

search.must('tell of the error where the index does not answer', { id: 'image-search-unreachable', reality: 'the page documents 500; Docker 26 and later ones answer 400' }, async ({ api }) => {
  expect(await api.get('/images/search', { query: { term: `${deadHost}/harbour` } })).toAnswer(500, 400)
})
