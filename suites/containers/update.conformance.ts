import type { CaseData } from '../../harness/case/index.ts'
import { expect, operation } from '../../harness/case/index.ts'
import { nanoCpusOf } from './nano-cpus.ts'

const update = operation('POST /containers/{id}/update')

/** Limits that updating sets, and inspecting shows. */
const limits: readonly { field: string; value: number | string; data: CaseData; beside?: Record<string, unknown> }[] = [
  { field: 'BlkioWeight', value: 300, data: { id: 'container-update-blkio-weight', source: 'change 1.22/01', needs: ['blkio-weight'] } },
  { field: 'CpuShares', value: 512, data: { id: 'container-update-cpu-shares', source: 'change 1.22/01', needs: ['cpu-shares'] } },
  { field: 'CpuPeriod', value: 50_000, data: { id: 'container-update-cpu-period', source: 'change 1.22/01', needs: ['cpu-quota'] } },
  { field: 'CpuQuota', value: 20_000, data: { id: 'container-update-cpu-quota', source: 'change 1.22/01', needs: ['cpu-quota'] } },
  { field: 'CpusetCpus', value: '0', data: { id: 'container-update-cpuset-cpus', source: 'change 1.22/01', needs: ['cpuset'] } },
  { field: 'CpusetMems', value: '0', data: { id: 'container-update-cpuset-mems', source: 'change 1.22/01', needs: ['cpuset'] } },
  { field: 'Memory', value: 314_572_800, beside: { MemorySwap: 629_145_600 }, data: { id: 'container-update-memory', source: 'change 1.22/01', needs: ['memory-limit'] } },
  { field: 'MemorySwap', value: 629_145_600, beside: { Memory: 314_572_800 }, data: { id: 'container-update-memory-swap', source: 'change 1.22/01', needs: ['swap-limit'] } },
  { field: 'MemoryReservation', value: 209_715_200, data: { id: 'container-update-memory-reservation', source: 'change 1.22/01', needs: ['memory-limit'] } },
  { field: 'KernelMemory', value: 52_428_800, data: { id: 'container-update-kernel-memory', source: 'change 1.22/01', needs: ['kernel-memory'] } },
  { field: 'CpuRealtimePeriod', value: 1_000_000, data: { id: 'container-update-cpu-realtime-period', since: '1.25', needs: ['cpu-realtime'] } },
  { field: 'CpuRealtimeRuntime', value: 1_000, data: { id: 'container-update-cpu-realtime-runtime', since: '1.25', needs: ['cpu-realtime'] } },
]

for (const { field, value, data, beside = {} } of limits) {
  update.must(`set ${field}: inspecting shows the new value`, data, async ({ api, stage }) => {
    const box = await stage.container()
    expect((await api.get(`${box.path}/json`)).at('HostConfig', field)).not.toBe(value)
    expect(await api.post(`${box.path}/update`, { body: { ...beside, [field]: value } })).toAnswer(200)
    expect((await api.get(`${box.path}/json`)).at('HostConfig', field)).toBe(value)
  })
}

update.must('set NanoCPUs: inspecting shows the new value', {
  id: 'container-update-nano-cpus', since: '1.25', needs: ['cpu-quota'],
  reality: 'the page has the field; Docker 1.13 takes it and leaves it alone, from 17.06 on it is set',
}, async ({ api, stage }) => {
  const box = await stage.container()
  const nanoCpus = async () => nanoCpusOf(await api.get(`${box.path}/json`))
  expect(await nanoCpus()).not.toBe(500_000_000)
  expect(await api.post(`${box.path}/update`, { body: { NanoCPUs: 500_000_000 } })).toAnswer(200)
  expect(await nanoCpus()).toBe(500_000_000)
})

update.must('change the limits of a container that runs', { id: 'container-update-running', source: 'change 1.22/01', needs: ['memory-limit', 'cgroup-v1'] }, async ({ api, stage }) => {
  const box = await stage.running({ HostConfig: { Memory: 67_108_864, MemorySwap: 134_217_728 } })
  expect(await api.post(`${box.path}/update`, { body: { Memory: 33_554_432, MemorySwap: 134_217_728 } })).toAnswer(200)
  expect((await stage.run(box, 'cat', '/sys/fs/cgroup/memory/memory.limit_in_bytes')).stdout).toBe('33554432\n')
})

update.must('set the restart policy', { id: 'container-update-restart-policy', since: '1.23', source: 'change 1.23/05' }, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await api.post(`${box.path}/update`, { body: { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 4 } } })).toAnswer(200)
  expect((await api.get(`${box.path}/json`)).at('HostConfig', 'RestartPolicy')).toEqual({ Name: 'on-failure', MaximumRetryCount: 4 })
})

update.must('refuse an unknown restart policy', {
  id: 'container-update-restart-policy-unknown', since: '1.25', source: 'change 1.25/09',
  reality: 'the change gives no status; Docker 1.13 answers 500, later ones 400',
}, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await api.post(`${box.path}/update`, { body: { RestartPolicy: { Name: 'no-such-policy' } } })).toAnswer(400, 500)
})

update.must('take the fields that can’t be updated without a word', { id: 'container-update-other-fields', since: '1.25' }, async ({ api, stage }) => {
  const box = await stage.container()
  const body = {
    BlkioWeightDevice: [{ Path: '/dev/null', Weight: 300 }],
    BlkioDeviceReadBps: [{ Path: '/dev/null', Rate: 1_048_576 }],
    BlkioDeviceReadIOps: [{ Path: '/dev/null', Rate: 1_000 }],
    BlkioDeviceWriteBps: [{ Path: '/dev/null', Rate: 1_048_576 }],
    BlkioDeviceWriteIOps: [{ Path: '/dev/null', Rate: 1_000 }],
    CgroupParent: '/elsewhere',
    Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/void', CgroupPermissions: 'rw' }],
    Ulimits: [{ Name: 'nofile', Soft: 512, Hard: 1024 }],
    DiskQuota: 0, CpuCount: 0, CpuPercent: 0, IOMaximumBandwidth: 0, IOMaximumIOps: 0,
  }
  expect(await api.post(`${box.path}/update`, { body })).toAnswer(200)
  // The container is still the one that was created.
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
})

update.must('take MemorySwappiness, OomKillDisable and PidsLimit', {
  id: 'container-update-taken', since: '1.25', needs: ['linux', 'memory-limit', 'pids-limit', 'cgroup-v1'],
  reality: 'the page has the fields without a word on what comes of them; Docker 20.10 answers 200 and leaves the container as it was',
}, async ({ api, stage }) => {
  const box = await stage.container({ HostConfig: { Memory: 67_108_864 } })
  expect(await api.post(`${box.path}/update`, { body: { MemorySwappiness: 30, OomKillDisable: false, PidsLimit: 64 } })).toAnswer(200)
})

update.must('set BlkioWeight, or warn that it is not heeded', {
  id: 'container-update-blkio-weight-heeded', source: 'change 1.22/01',
  reality: 'the page does not say what comes of a weight where the kernel has none; Docker 1.10 to 20.10 answer 200, warn and drop it',
}, async ({ api, stage }) => {
  const box = await stage.container()
  const answer = await api.post(`${box.path}/update`, { body: { BlkioWeight: 300 } })
  expect(answer).toAnswer(200)
  if (answer.at('Warnings', 0) !== undefined) expect(answer.at('Warnings')).toContainEqual(expect.stringMatching(/weight/i))
  else expect((await api.get(`${box.path}/json`)).at('HostConfig', 'BlkioWeight')).toBe(300)
})

update.must('tell its warnings', { id: 'container-update-warnings' }, async ({ api, stage }) => {
  const box = await stage.container()
  const answer = await api.post(`${box.path}/update`, { body: { CpuShares: 512 } })
  expect(answer).toAnswer(200)
  expect(answer.at('Warnings') ?? []).toBeInstanceOf(Array)
})

update.must('refuse a MemoryReservation above Memory', {
  id: 'container-update-memory-reservation-too-large',
  reality: 'the page documents 400 and 500; Docker 1.10 to 1.13 answer 500, later ones 400',
  needs: ['memory-limit'],
}, async ({ api, stage }) => {
  const box = await stage.container()
  expect(await api.post(`${box.path}/update`, { body: { Memory: 33_554_432, MemoryReservation: 67_108_864 } })).toAnswer(400, 500)
  expect((await api.get(`${box.path}/json`)).at('HostConfig', 'MemoryReservation')).toBe(0)
})

update.must('answer 404 where there is no such container', { id: 'container-update-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/update`, { body: { CpuShares: 512 } })).toAnswer(404)
})
