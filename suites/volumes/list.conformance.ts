import { expect, operation, type Api } from '../../harness/case/index.ts'

const list = operation('GET /volumes')

/** The volumes that are listed. */
async function listed(api: Api, filters?: object): Promise<any[]> {
  const answer = await api.get('/volumes', { query: { filters } })
  expect(answer).toAnswer(200)
  // Go sends null for an empty list.
  const volumes: unknown = answer.at('Volumes') ?? []
  expect(volumes).toBeInstanceOf(Array)
  return volumes as any[]
}

/** The names of the volumes that are listed. */
async function namesListed(api: Api, filters?: object): Promise<unknown[]> {
  return (await listed(api, filters)).map((volume) => volume?.Name)
}

/** The entry of a volume in the list. */
async function entryOf(api: Api, name: string): Promise<unknown> {
  return (await listed(api)).find((volume) => volume?.Name === name)
}

list.must('list the volumes that there are, each with its name, driver and mount point', {
  id: 'volume-list-created', source: ['operation', 'change 1.21/01'],
  reality: 'the change says "from all volume drivers"; a daemon without plugins has but one: local',
}, async ({ api, stage }) => {
  const one = await stage.volume()
  const other = await stage.volume()
  for (const { name } of [one, other]) expect(await entryOf(api, name)).toMatchObject({ Name: name, Driver: 'local', Mountpoint: expect.stringMatching(/./) })
  await api.delete(`/volumes/${one.name}`)
  expect(await entryOf(api, one.name)).toBeUndefined()
})

list.must('show the labels and the scope of each volume', { id: 'volume-list-labels-scope', since: '1.24' }, async ({ api, stage }) => {
  const volume = await stage.volume({ Labels: { ...stage.labels, flavour: 'salt' } })
  expect(await entryOf(api, volume.name)).toMatchObject({ Scope: 'local', Labels: { flavour: 'salt' } })
})

list.must('show the options that the driver was given for each volume', {
  id: 'volume-list-options', since: '1.25', source: 'change 1.25/22',
}, async ({ api, stage }) => {
  const DriverOpts = { type: 'tmpfs', device: 'tmpfs', o: 'noexec' }
  const volume = await stage.volume({ DriverOpts })
  expect(await entryOf(api, volume.name)).toMatchObject({ Options: DriverOpts })
})

list.must('filter by dangling=true: the volumes that no container uses', { id: 'volume-list-filter-dangling' }, async ({ api, stage }) => {
  const used = await stage.volume()
  const unused = await stage.volume()
  await stage.container({ HostConfig: { Binds: [`${used.name}:/kept`] } })
  expect(await namesListed(api)).toEqual(expect.arrayContaining([used.name, unused.name]))
  const dangling = await namesListed(api, { dangling: ['true'] })
  expect(dangling).toContain(unused.name)
  expect(dangling).not.toContain(used.name)
})

list.must('filter by dangling=false or 0: the volumes that a container uses; by 1 as by true', {
  id: 'volume-list-filter-not-dangling', since: '1.24',
}, async ({ api, stage }) => {
  const used = await stage.volume()
  const unused = await stage.volume()
  await stage.container({ HostConfig: { Binds: [`${used.name}:/kept`] } })
  expect(await namesListed(api)).toEqual(expect.arrayContaining([used.name, unused.name]))
  for (const [dangling, wanted, other] of [['false', used, unused], ['0', used, unused], ['1', unused, used]] as const) {
    const names = await namesListed(api, { dangling: [dangling] })
    expect(names).toContain(wanted.name)
    expect(names).not.toContain(other.name)
  }
})

list.must('list what passes all filters, and of the values of one what has any', { id: 'volume-list-filters-together', since: '1.24' }, async ({ api, stage }) => {
  const used = await stage.volume()
  const unused = await stage.volume()
  const other = await stage.volume()
  await stage.container({ HostConfig: { Binds: [`${used.name}:/kept`] } })
  expect((await namesListed(api, { name: [used.name, unused.name] })).sort()).toEqual([used.name, unused.name].sort())
  for (const filters of [{ name: [used.name, unused.name], dangling: ['true'] }, { dangling: ['true'], name: [used.name, unused.name] }]) {
    expect(await namesListed(api, filters)).toEqual([unused.name])
  }
  expect(await namesListed(api)).toContain(other.name)
})

list.must('filter by name', {
  id: 'volume-list-filter-name', since: '1.23', source: 'change 1.23/15',
  reality: 'Docker 1.11, the first of API 1.23, knows no such filter and refuses it; 1.12 has it',
}, async ({ api, stage }) => {
  const wanted = await stage.volume()
  const other = await stage.volume()
  expect(await namesListed(api)).toEqual(expect.arrayContaining([wanted.name, other.name]))
  expect(await namesListed(api, { name: [wanted.name] })).toEqual([wanted.name])
})

list.must('filter by a part of the name', { id: 'volume-list-filter-name-part', since: '1.24' }, async ({ api, stage }) => {
  const wanted = await stage.volume()
  const other = await stage.volume()
  const part = wanted.name.slice('plimsoll-'.length)
  expect(await namesListed(api)).toEqual(expect.arrayContaining([wanted.name, other.name]))
  expect(await namesListed(api, { name: [part] })).toEqual([wanted.name])
})

list.must('filter by driver', {
  id: 'volume-list-filter-driver', since: '1.23', source: 'change 1.23/15',
  reality: 'Docker 1.11, the first of API 1.23, knows no such filter and refuses it; 1.12 has it',
}, async ({ api, stage }) => {
  const volume = await stage.volume({ Driver: 'local' })
  expect(await namesListed(api, { driver: ['local'] })).toContain(volume.name)
  expect(await namesListed(api, { driver: ['no-such-driver'] })).toEqual([])
})

list.must('filter by a part of the driver’s name', { id: 'volume-list-filter-driver-part', since: '1.24' }, async ({ api, stage }) => {
  const volume = await stage.volume({ Driver: 'local' })
  expect(await namesListed(api, { driver: ['loca'] })).toContain(volume.name)
  expect(await namesListed(api, { driver: ['no-such'] })).not.toContain(volume.name)
})

list.must('refuse filters that are no JSON', {
  id: 'volume-list-filters-no-json',
  reality: 'the page documents 500 alone; Docker 20.10 answers 400',
}, async ({ api }) => {
  expect(await api.get('/volumes', { query: { filters: 'notjson' } })).toAnswer(400, 500)
})
