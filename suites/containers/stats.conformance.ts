import { expect, operation, placesIn, until, type Api } from '../../harness/case/index.ts'

const stats = operation('GET /containers/{id}/stats')

/** Nanoseconds on each processor. */
function expectTimes(times: unknown): void {
  expect(times).toBeInstanceOf(Array)
  expect(times).not.toEqual([])
  for (const time of times as unknown[]) expect(time).toEqual(expect.any(Number))
}

/** The first sample of a container's usage. */
async function sampleOf(api: Api, box: { readonly id: string }, query: object = {}) {
  const stream = await api.stream('GET', `/containers/${box.id}/stats`, { query: { ...query } })
  const sample = await stream.nextValue()
  return placesIn(() => sample)
}

stats.must('stream the usage of a container again and again', { id: 'container-stats-stream' }, async ({ api, bystanders }) => {
  const stream = await api.stream('GET', `/containers/${bystanders.running.id}/stats`)
  expect(stream.status).toBe(200)
  const readAt = async () => {
    const sample = await stream.nextValue()
    return Date.parse(placesIn(() => sample).textAt('read'))
  }
  const first = await readAt()
  expect(await readAt()).toBeGreaterThan(first)
})

stats.must('answer once and end for stream=false', { id: 'container-stats-once', since: '1.19', source: 'change 1.19/02' }, async ({ api, bystanders }) => {
  const stream = await api.stream('GET', `/containers/${bystanders.running.id}/stats`, { query: { stream: false } })
  expect(stream.status).toBe(200)
  expect(await stream.allValues()).toHaveLength(1)
})

stats.must('measure processor time and memory', { id: 'container-stats-usage', needs: ['linux'] }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['alloc', '24', 'hold'], HostConfig: { Memory: 67_108_864 } })
  const seen = await sampleOf(api, box)
  expect(seen.at('memory_stats', 'limit')).toBe(67_108_864)
  expect(seen.at('memory_stats', 'usage')).toBeGreaterThan(0)
  expect(seen.at('memory_stats', 'usage')).toBeLessThanOrEqual(67_108_864)
  expect(seen.at('cpu_stats', 'cpu_usage', 'total_usage')).toBeGreaterThan(0)
  expect(seen.at('cpu_stats', 'system_cpu_usage')).toBeGreaterThan(0)
})

stats.must('count how often a container ran into its limit of memory', { id: 'container-stats-failcnt', needs: ['memory-limit', 'cgroup-v1'] }, async ({ api, stage }) => {
  const box = await stage.running({ HostConfig: { Memory: 33_554_432 } })
  const count = async () => Number((await sampleOf(api, box)).at('memory_stats', 'failcnt') ?? 0)
  const before = await count()
  // Whether it is ended for it, or others' memory is swapped out, is the machine's affair.
  await stage.run(box, 'alloc', '128')
  expect(await count()).toBeGreaterThan(before)
})

stats.must('count the pages of a container’s memory in each way of the sample', {
  id: 'container-stats-memory-pages', needs: ['memory-limit', 'cgroup-v1'],
  reality: 'the counters are those of memory.stat under cgroup v1; with v2 there are others',
}, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['alloc', '24', 'hold'], HostConfig: { Memory: 67_108_864 } })
  // It takes its memory after it has started.
  const seen = await until(async () => {
    const sample = await sampleOf(api, box)
    expect(sample.at('memory_stats', 'stats', 'rss')).toBeGreaterThan(24 * 1024 * 1024)
    return sample
  })
  for (const name of ['usage', 'max_usage', 'limit']) expect(seen.at('memory_stats', name), name).toEqual(expect.any(Number))
  const own = ['active_anon', 'active_file', 'cache', 'inactive_anon', 'inactive_file', 'mapped_file', 'pgfault', 'pgmajfault', 'pgpgin', 'pgpgout', 'rss', 'rss_huge', 'unevictable', 'writeback']
  for (const name of own.flatMap((each) => [each, `total_${each}`])) expect(seen.at('memory_stats', 'stats', name), name).toEqual(expect.any(Number))
  expect(seen.at('memory_stats', 'stats', 'hierarchical_memory_limit')).toBe(67_108_864)
})

const eachProcessor = { needs: ['linux', 'cgroup-v1'], reality: 'with cgroup v2 the kernel does not tell the time on each processor' } as const

stats.must('answer the time on each processor', { id: 'container-stats-each-processor', ...eachProcessor }, async ({ api, bystanders }) => {
  expectTimes((await sampleOf(api, bystanders.running)).at('cpu_stats', 'cpu_usage', 'percpu_usage'))
})

stats.must('answer the time on each processor as it was in the sample before', { id: 'container-stats-each-processor-before', since: '1.19', ...eachProcessor }, async ({ api, bystanders }) => {
  const stream = await api.stream('GET', `/containers/${bystanders.running.id}/stats`)
  const [first, second] = [await stream.nextValue(), await stream.nextValue()]
  const times = placesIn(() => first).at('cpu_stats', 'cpu_usage', 'percpu_usage')
  expectTimes(times)
  expect(placesIn(() => second).at('precpu_stats', 'cpu_usage', 'percpu_usage')).toEqual(times)
})

stats.must('answer the traffic of a container as one', { id: 'container-stats-network', removedIn: '1.21', source: 'change 1.21/08', needs: ['bridge-network'] }, async ({ api, bystanders }) => {
  const seen = await sampleOf(api, bystanders.running)
  expect(seen.at('network')).toMatchObject({ rx_bytes: expect.any(Number), tx_bytes: expect.any(Number) })
  expect(seen.fields()).not.toContain('networks')
})

stats.must('answer the traffic of each interface', { id: 'container-stats-networks', since: '1.21', source: 'change 1.21/08', needs: ['bridge-network'] }, async ({ api, bystanders }) => {
  const seen = await sampleOf(api, bystanders.running, { stream: 0 })
  expect(seen.at('networks')).toMatchObject({ eth0: { rx_bytes: expect.any(Number), tx_bytes: expect.any(Number) } })
  expect(seen.fields()).not.toContain('network')
})

stats.must('count the processes of a container', { id: 'container-stats-pids', since: '1.23', source: 'change 1.23/10', needs: ['pids-limit'] }, async ({ api, bystanders }) => {
  const seen = await sampleOf(api, bystanders.running)
  expect(seen.at('pids_stats', 'current')).toBeGreaterThanOrEqual(1)
})

stats.must('answer 404 where there is no such container', { id: 'container-stats-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/containers/${stage.name()}/stats`, { query: { stream: 0 } })).toAnswer(404)
})
