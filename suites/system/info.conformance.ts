import { expect, operation, until, type Api, type Query } from '../../harness/case/index.ts'

const info = operation('GET /info')

info.must("tell the daemon's time, and its proxies", { id: 'info-time-and-proxies', source: 'change 1.18/03' }, async ({ api }) => {
  const answer = await api.get('/info')
  expect(answer).toAnswer(200)
  expect(answer.at('SystemTime')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/)
  for (const field of ['HttpProxy', 'HttpsProxy', 'NoProxy']) expect(answer.at(field), field).toEqual(expect.any(String))
})

info.must('tell how much memory and how many processors the machine has', { id: 'info-machine' }, async ({ api }) => {
  const answer = await api.get('/info')
  expect(answer.numberAt('NCPU')).toBeGreaterThanOrEqual(1)
  // Less than a daemon needs for itself would be another unit than bytes.
  expect(answer.numberAt('MemTotal')).toBeGreaterThan(16 * 1024 * 1024)
})

info.must('have a clock that goes on', { id: 'info-time-goes-on' }, async ({ api }) => {
  const first = Date.parse((await api.get('/info')).textAt('SystemTime'))
  const second = Date.parse((await api.get('/info')).textAt('SystemTime'))
  expect(second).toBeGreaterThan(first)
})

info.must('answer Debug, IPv4Forwarding, MemoryLimit and SwapLimit as integers', { id: 'info-integers', removedIn: '1.19', source: 'change 1.19/04' }, async ({ api }) => {
  const answer = await api.get('/info')
  for (const field of ['Debug', 'IPv4Forwarding', 'MemoryLimit', 'SwapLimit']) expect(answer.at(field), field).toEqual(expect.any(Number))
})

info.must('answer Debug, IPv4Forwarding, MemoryLimit and SwapLimit as booleans, and CpuCfsPeriod, CpuCfsQuota and OomKillDisable', { id: 'info-booleans', since: '1.19', source: 'change 1.19/04' }, async ({ api }) => {
  const answer = await api.get('/info')
  for (const field of ['Debug', 'IPv4Forwarding', 'MemoryLimit', 'SwapLimit', 'CpuCfsPeriod', 'CpuCfsQuota', 'OomKillDisable']) expect(answer.at(field), field).toEqual(expect.any(Boolean))
})

info.must('answer the version of the engine, CPUShares and CPUSet', { id: 'info-server-version', since: '1.21', source: 'change 1.21/13' }, async ({ api }) => {
  const answer = await api.get('/info')
  expect(answer.at('ServerVersion')).toBe((await api.get('/version')).at('Version'))
  expect(answer.at('CPUShares')).toEqual(expect.any(Boolean))
  expect(answer.at('CPUSet')).toEqual(expect.any(Boolean))
})

info.must('tell the architecture and the type of operating system', { id: 'info-platform', since: '1.22', source: 'change 1.22/04' }, async ({ api }) => {
  const answer = await api.get('/info')
  expect(['linux', 'windows', 'freebsd', 'solaris']).toContain(answer.at('OSType'))
  expect(answer.at('OSType')).toBe((await api.get('/version')).at('Os'))
  expect(answer.at('Architecture')).toMatch(/^[a-z0-9_]+$/)
})

/** What /info counts, and the ids that the daemon lists then: looked at again where others' containers came or went meanwhile. */
async function countedAndListed(api: Api) {
  const listed = async (query: Query) => (await api.get('/containers/json', { query })).list().map((entry) => entry.textAt('Id')).sort()
  const lists = async () => ({ all: await listed({ all: 1 }), running: await listed({ filters: { status: ['running'] } }), paused: await listed({ filters: { status: ['paused'] } }) })
  return until(async () => {
    const before = await lists()
    const answer = await api.get('/info')
    expect(await lists()).toEqual(before)
    return { answer, ...before }
  })
}

info.must('count the containers that run, are paused and are stopped', { id: 'info-counts', since: '1.22', source: 'change 1.22/14', alone: true }, async ({ api, stage }) => {
  const expectCounts = async () => {
    const { answer, all, running, paused } = await countedAndListed(api)
    expect(['Containers', 'ContainersRunning', 'ContainersPaused', 'ContainersStopped'].map((field) => answer.numberAt(field))).toEqual([all.length, running.length, paused.length, all.length - running.length - paused.length])
    return { all, running, paused }
  }
  const box = await stage.running()
  const ended = await stage.exited()
  const before = await expectCounts()
  expect(before.running).toContain(box.id)
  expect(before.all).toContain(ended.id)
  await api.post(`${box.path}/pause`)
  stage.defer(async () => void (await api.post(`${box.path}/unpause`)))
  expect((await expectCounts()).paused).toContain(box.id)
})

info.must('count all containers and images', { id: 'info-totals', alone: true }, async ({ api, stage }) => {
  const box = await stage.container()
  const { answer, all } = await countedAndListed(api)
  expect(all).toContain(box.id)
  expect(answer.numberAt('Containers')).toBe(all.length)
  expect(answer.numberAt('Images')).toBeGreaterThanOrEqual(1)
})

info.should('count those who listen for events', {
  id: 'info-events-listeners', alone: true, versions: 'ends', needs: ['no-foreign-objects'], reality: 'the page has NEventsListener in its sample and says nothing of it',
}, async ({ api }) => {
  const listeners = async () => (await api.get('/info')).numberAt('NEventsListener')
  const before = await listeners()
  const open = await Promise.all(Array.from({ length: 5 }, () => api.stream('GET', '/events?since=0')))
  for (const stream of open) expect(stream.status).toBe(200)
  // Others may begin to listen meanwhile, or end.
  await until(async () => expect(await listeners()).toBeGreaterThanOrEqual(before + 3))
  for (const stream of open) stream.close()
  await until(async () => expect(await listeners()).toBeLessThanOrEqual(before + 2))
})

info.must('tell the cgroup driver', { id: 'info-cgroup-driver', since: '1.23', source: 'change 1.23/07', needs: ['linux'] }, async ({ api }) => {
  expect(['cgroupfs', 'systemd']).toContain((await api.get('/info')).at('CgroupDriver'))
})

info.must('tell whether kernel memory can be limited', { id: 'info-kernel-memory', since: '1.23', source: 'change 1.23/08', needs: ['linux'] }, async ({ api }) => {
  expect((await api.get('/info')).at('KernelMemory')).toEqual(expect.any(Boolean))
})

info.must('answer SystemStatus as rows of texts, where it has one', { id: 'info-system-status', since: '1.22', source: 'change 1.22/21' }, async ({ api }) => {
  const answer = await api.get('/info')
  const rows = answer.at('SystemStatus') ?? []
  expect(rows).toEqual(expect.any(Array))
  for (const row of rows as unknown[]) expect(row).toEqual(expect.arrayContaining([expect.any(String)]))
})

info.must('list the security options', { id: 'info-security-options', since: '1.24', removedIn: '1.25', source: 'change 1.24/02', needs: ['linux'] }, async ({ api }) => {
  for (const option of (await api.get('/info')).textsAt('SecurityOptions')) expect(['apparmor', 'seccomp', 'selinux', 'userns']).toContain(option)
})

info.must('structure the security options: key=value, the first of them the name', { id: 'info-security-options-structured', since: '1.25', source: 'change 1.25/33', needs: ['linux', 'seccomp'] }, async ({ api }) => {
  const options = (await api.get('/info')).textsAt('SecurityOptions')
  expect(options.length).toBeGreaterThan(0)
  for (const option of options) expect(option).toMatch(/^name=[a-z]+(,[a-z]+=[^,]*)*$/)
})

info.must('list userns among the security options where user namespaces are on', { id: 'info-userns', since: '1.25', source: 'change 1.25/30', needs: ['userns'] }, async ({ api }) => {
  expect((await api.get('/info')).textsAt('SecurityOptions').map((option) => option.split(',')[0])).toContain('name=userns')
})

info.must('answer ExecutionDriver', { id: 'info-execution-driver', removedIn: '1.24' }, async ({ api }) => {
  expect((await api.get('/info')).at('ExecutionDriver')).toEqual(expect.any(String))
})

info.must('name no execution driver any more', {
  id: 'info-execution-driver-gone', since: '1.24', source: 'change 1.24/03',
  reality: 'the page says that the property is gone; Docker 1.12 still sends it at 1.24, but empty',
}, async ({ api }) => {
  expect((await api.get('/info')).at('ExecutionDriver') ?? '').toBe('')
})

info.must('answer Isolation', { id: 'info-isolation', since: '1.25', source: 'change 1.25/03' }, async ({ api }) => {
  expect((await api.get('/info')).at('Isolation')).toEqual(expect.any(String))
})
