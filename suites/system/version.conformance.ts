import { expect, operation } from '../../harness/case/index.ts'

const version = operation('GET /version')

version.must('answer Os, Arch and KernelVersion', { id: 'version-platform', source: 'change 1.18/01' }, async ({ api }) => {
  const answer = await api.get('/version')
  expect(answer).toAnswer(200)
  expect(answer.at('Os')).toMatch(/^[a-z]+$/)
  expect(answer.at('Arch')).toMatch(/^[a-z0-9]+$/)
  expect(answer.at('KernelVersion')).toMatch(/^\d+\.\d+/)
})

version.must('answer BuildTime in RFC 3339 with nanoseconds', { id: 'version-build-time', since: '1.22', source: 'change 1.22/06' }, async ({ api }) => {
  expect((await api.get('/version')).at('BuildTime')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/)
})

version.must('answer an ApiVersion at which the daemon can be called', { id: 'version-api-version', source: ['operation', 'general/07'] }, async ({ api }) => {
  const claimed = (await api.get('/version')).at('ApiVersion')
  expect(claimed).toMatch(/^\d+\.\d+$/)
  expect(await api.unversioned.get(`/v${claimed}/version`)).toAnswer(200)
})

version.must('answer a MinAPIVersion at which the daemon can be called', { id: 'version-min-api-version', since: '1.25' }, async ({ api }) => {
  const answer = await api.get('/version')
  const claimed = answer.textAt('MinAPIVersion')
  expect(claimed).toMatch(/^\d+\.\d+$/)
  expect(await api.unversioned.get(`/v${claimed}/version`)).toAnswer(200)
  // The version that was asked just now was answered, so it is none of those below the least.
  const [major, minor] = numbersOf(claimed)
  const [askedMajor, askedMinor] = numbersOf(/^\/v([\d.]+)\//.exec(answer.exchange.path)?.[1] ?? '')
  expect(major < askedMajor || (major === askedMajor && minor <= askedMinor), `${claimed} is the least version, and ${answer.exchange.path} was answered`).toBe(true)
})

version.must("answer a path without a version as the daemon's current version does", { id: 'version-unprefixed', source: 'general/06' }, async ({ api, daemon }) => {
  const current = daemon.currentVersion ?? (await api.unversioned.get('/version')).at('ApiVersion')
  for (const path of ['/version', '/info', '/containers/json', '/images/json']) {
    const plain = await api.unversioned.get(path)
    const prefixed = await api.unversioned.get(`/v${current}${path}`)
    expect(plain).toAnswer(200)
    expect(prefixed).toAnswer(200)
    // Counters and clocks differ from one request to the next; what is there does not.
    expect(fieldsOf(plain.at())).toEqual(fieldsOf(prefixed.at()))
  }
})

version.must('refuse a version that is newer than the daemon with 400', {
  id: 'version-too-new', since: '1.19', source: 'change 1.19/01',
  reality: 'Docker 1.6 answers 404 and 1.13.1 takes any version; 1.7 to 1.12 and 17.03 on answer 400',
}, async ({ api }) => {
  expect(await api.unversioned.get('/v99.99/version')).toAnswer(400)
})

function numbersOf(version: string): [major: number, minor: number] {
  const [major, minor] = version.split('.')
  return [Number(major), Number(minor)]
}

/** The names of the fields of an object; of a list only that it is one, for others' containers come and go. */
function fieldsOf(value: unknown): unknown {
  return Array.isArray(value) ? 'a list' : Object.keys(value as object).sort()
}
