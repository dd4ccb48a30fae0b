import type { CaseData, Query } from '../../harness/case/index.ts'
import { expect, NotApplicable, operation, uncached } from '../../harness/case/index.ts'
import { asTar, build, contextOf, expectRefused, idOf } from './building.ts'

const post = operation('POST /build')

post.must('give the image the name and the tag that t says, latest where it has no tag', { id: 'image-build-name' }, async ({ api, stage }) => {
  const [tagged, untagged] = [`${stage.name('built')}:v42`, stage.name('built')]
  const body = await contextOf(stage, [], { from: 'scratch' })
  for (const t of [tagged, untagged]) {
    expect(await api.get(`/images/${t}/json`)).toAnswer(404)
    expect(await api.post('/build', { query: { ...uncached, t }, body, headers: asTar })).toAnswer(200)
  }
  expect(await api.get(`/images/${tagged}/json`)).toAnswer(200)
  expect(await api.get(`/images/${untagged}:latest/json`)).toAnswer(200)
})

post.must('give the image each name that a t says', { id: 'image-build-names', since: '1.21' }, async ({ api, stage }) => {
  const [one, two] = [`${stage.name('built')}:v1`, `${stage.name('other')}:v2`]
  expect(await api.post(`/build?t=${one}&t=${two}`, { query: uncached, body: await contextOf(stage, [], { from: 'scratch' }), headers: asTar })).toAnswer(200)
  const image = await api.get(`/images/${one}/json`)
  expect(image).toAnswer(200)
  expect((await api.get(`/images/${two}/json`)).at('Id')).toBe(image.at('Id'))
})

post.must('refuse a name that can be none', { id: 'image-build-bad-name', reality: 'the pages document 500; from 1.25 on they know 400 as well' }, async ({ api, stage }) => {
  expect(await api.post('/build', { query: { t: `${stage.name('built')}:no/tag` }, body: await contextOf(stage, [], { from: 'scratch' }), headers: asTar })).toAnswer(500, 400)
})

post.must('take steps that were taken before from the cache, unless nocache is given', { id: 'image-build-nocache' }, async ({ api, stage }) => {
  const { name: from } = await stage.image()
  const ids: string[] = []
  for (const nocache of [undefined, 0, 1]) ids.push(await idOf(api, await build(api, stage, ['ENV COLOUR=blue'], { from, query: { nocache } })))
  expect(ids[1]).toBe(ids[0])
  expect(ids[2]).not.toBe(ids[0])
})

post.must('take only what the images in cachefrom hold for cached', { id: 'image-build-cachefrom', since: '1.25', source: ['operation', 'change 1.25/13'] }, async ({ api, stage, guest }) => {
  const { name: from } = await stage.image()
  const cached = { nocache: undefined }
  const first = await build(api, stage, ['ENV COLOUR=blue'], { from })
  const id = await idOf(api, first)
  const otherwise = await build(api, stage, ['ENV COLOUR=blue'], { from, query: { ...cached, cachefrom: [guest.image] } })
  expect(await idOf(api, otherwise)).not.toBe(id)
  const again = await build(api, stage, ['ENV COLOUR=blue'], { from, query: { ...cached, cachefrom: [first.name] } })
  expect(await idOf(api, again)).toBe(id)
})

post.must('try to pull the image to begin with, though it is there, where pull is given', {
  id: 'image-build-pull', reality: 'the page documents 500 for an error; a daemon that has begun its answer says it in an error of the stream',
}, async ({ api, stage }) => {
  // An image with a name that only a registry could have which can't be there: it is on the daemon, and can't be pulled.
  const image = await stage.image()
  const repo = `127.0.0.1:1/${stage.name('base')}`
  expect(await api.post(`/images/${image.name}/tag`, { query: { repo, tag: 'v1' } })).toAnswer(201)
  await idOf(api, await build(api, stage, [], { from: `${repo}:v1`, query: { pull: 0 } }))
  expectRefused(await api.post('/build', { query: { ...uncached, pull: 1 }, body: await contextOf(stage, [], { from: `${repo}:v1` }), headers: asTar }))
})

post.must('give build-time variables to instructions that are run, and put them in where others name them', {
  id: 'image-build-buildargs', since: '1.21', source: ['operation', 'change 1.21/10'],
}, async ({ api, stage }) => {
  const built = await build(api, stage, ['ARG COLOUR', 'RUN ["env"]', 'ENV KEPT=$COLOUR'], { query: { buildargs: { COLOUR: 'blue' } } })
  await idOf(api, built)
  expect(built.output).toMatch(/^COLOUR=blue$/m)
  const env = (await api.get(`/images/${built.name}/json`)).at('Config', 'Env')
  expect(env).toContain('KEPT=blue')
  expect(env).not.toContain('COLOUR=blue')
})

post.must('set labels on the image, over those of the Dockerfile', { id: 'image-build-labels', since: '1.23' }, async ({ api, stage }) => {
  const built = await build(api, stage, ['LABEL colour=red shape=round'], { from: 'scratch', query: { labels: { colour: 'blue', size: 'a large one' } } })
  await idOf(api, built)
  const image = await api.get(`/images/${built.name}/json`)
  expect(image).toAnswer(200)
  expect(image.at('Config', 'Labels')).toMatchObject({ ...stage.imageLabels(), shape: 'round', colour: 'blue', size: 'a large one' })
})

for (const [name, value] of [['buildargs', '1.21'], ['labels', '1.23'], ['cachefrom', '1.25']] as const) {
  post.must(`refuse ${name} that is no JSON`, {
    id: `image-build-${name}-no-json`, since: value, reality: 'the pages document 500; from 1.25 on they know 400 as well, and later daemons answer it at every version',
  }, async ({ api, stage }) => {
    expect(await api.post('/build', { query: { [name]: 'notjson' }, body: await contextOf(stage, [], { from: 'scratch' }), headers: asTar })).toAnswer(500, 400)
  })
}

/**
 * Limits of the containers of a build, and the files of the version 1 control groups that show them to a process. None is what a daemon takes for want of
 * it: memswap would be twice memory.
 */
const limits: readonly { what: string; query: Query; shown: Readonly<Record<string, string>>; data: CaseData }[] = [
  {
    what: 'memory to memory, and memory and swap together to memswap', query: { memory: 67_108_864, memswap: 100_663_296 },
    shown: { 'memory/memory.limit_in_bytes': '67108864', 'memory/memory.memsw.limit_in_bytes': '100663296' },
    data: { id: 'image-build-memory', source: ['operation', 'change 1.18/05'], needs: ['memory-limit', 'swap-limit', 'cgroup-v1'] },
  },
  {
    what: 'the share of the processors to cpushares, and which of them to cpusetcpus', query: { cpushares: 512, cpusetcpus: '0' },
    shown: { 'cpu/cpu.shares': '512', 'cpuset/cpuset.cpus': '0' },
    data: { id: 'image-build-cpus', source: ['operation', 'change 1.18/05'], needs: ['cpu-shares', 'cpuset', 'multiple-cpus', 'cgroup-v1'] },
  },
  {
    what: 'the time on the processors to cpuquota of cpuperiod', query: { cpuquota: 20_000, cpuperiod: 50_000 },
    shown: { 'cpu/cpu.cfs_quota_us': '20000', 'cpu/cpu.cfs_period_us': '50000' },
    data: { id: 'image-build-cpu-quota', since: '1.19', source: ['operation', 'change 1.19/06'], needs: ['cpu-quota', 'cgroup-v1'] },
  },
]
for (const { what, query, shown, data } of limits) {
  post.must(`limit ${what}`, data, async ({ api, stage }) => {
    const run = `RUN ${JSON.stringify(['cat', ...Object.keys(shown).map((file) => `/sys/fs/cgroup/${file}`)])}`
    const built = await build(api, stage, [run], { query })
    await idOf(api, built)
    expect(built.output).toContain(Object.values(shown).map((value) => `${value}\n`).join(''))
  })
}

post.must('set the size of /dev/shm to shmsize', { id: 'image-build-shmsize', since: '1.22' }, async ({ api, stage }) => {
  const built = await build(api, stage, ['RUN ["shm"]'], { query: { shmsize: 8_388_608 } })
  await idOf(api, built)
  expect(built.output).toMatch(/^8388608$/m)
})

post.must('give instructions no network where networkmode is none', { id: 'image-build-networkmode-none', since: '1.25', source: ['operation', 'change 1.25/01'] }, async ({ api, stage }) => {
  const { stdout } = await stage.output({ Cmd: ['interfaces'], HostConfig: { NetworkMode: 'none' } })
  const built = await build(api, stage, ['RUN ["interfaces"]'], { query: { networkmode: 'none' } })
  const names = (printed: string) => [...printed.matchAll(/^(\S+) (?:[0-9a-f]{2}:){5}[0-9a-f]{2} /gm)].map(([, name]) => name)
  expect(names(stdout)).toContain('lo')
  expect(names(built.output)).toEqual(names(stdout))
})

post.must('give instructions the network of the host where networkmode is host', { id: 'image-build-networkmode-host', since: '1.25', source: ['operation', 'change 1.25/01'] }, async ({ api, stage }) => {
  const { stdout } = await stage.output({ Cmd: ['interfaces'], HostConfig: { NetworkMode: 'host' } })
  // Those of other guests and of their networks come and go.
  const [name, address] = stdout.split('\n').find((line) => line !== '' && !/^(lo |br-|veth|vx-)/.test(line))?.split(' ') ?? []
  if (name === undefined || address === undefined) throw new NotApplicable('the host has no interface but its loopback, so that its network can not be told from none')
  const built = await build(api, stage, [`RUN ["cat", "/sys/class/net/${name}/address"]`], { query: { networkmode: 'host' } })
  await idOf(api, built)
  expect(built.output).toContain(address)
})

post.must('give instructions the network of the container, or the network, that networkmode names', {
  id: 'image-build-networkmode-named', since: '1.25', source: ['operation', 'change 1.25/01'], needs: ['bridge-network'],
}, async ({ api, stage }) => {
  const network = await stage.network()
  const box = await stage.running({ HostConfig: { NetworkMode: network.name } })
  const inspected = await api.get(`${box.path}/json`)
  const [hardware, address] = ['MacAddress', 'IPAddress'].map((field) => inspected.textAt('NetworkSettings', 'Networks', network.name, field)) as [string, string]
  expect(hardware).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)
  const shared = await build(api, stage, ['RUN ["interfaces"]'], { query: { networkmode: `container:${box.id}` } })
  expect(shared.output).toContain(`eth0 ${hardware} ${address}/`)
  const beside = await build(api, stage, ['RUN ["interfaces"]'], { query: { networkmode: network.name } })
  const network24 = address.split('.').slice(0, 3).join('.')
  expect(beside.output).toContain(` ${network24}.`)
  expect(beside.output).not.toContain(hardware)
})

post.must('put all layers of the image into one where squash is given', { id: 'image-build-squash', since: '1.25', needs: ['experimental'] }, async ({ api, stage }) => {
  const files = [{ name: 'one', content: 'one\n' }, { name: 'two', content: 'two\n' }]
  const layersOf = async (query: Query) => {
    const built = await build(api, stage, ['COPY one /one', 'COPY two /two'], { from: 'scratch', files, query })
    await idOf(api, built)
    return (await api.get(`/images/${built.name}/json`)).at('RootFS', 'Layers')
  }
  expect(await layersOf({ squash: 0 })).toHaveLength(2)
  expect(await layersOf({ squash: 1 })).toHaveLength(1)
})
