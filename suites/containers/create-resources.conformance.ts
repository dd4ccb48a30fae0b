import type { CaseData } from '../../harness/case/index.ts'
import { expect, operation, until } from '../../harness/case/index.ts'
import { writtenBy } from './lifecycle.ts'
import { nanoCpusOf } from './nano-cpus.ts'

const create = operation('POST /containers/create')
const invalid = 'the page gives no status for values out of range; Docker 1.6 to 1.13 answer 500, later ones 400'

/** Limits that a container shows again just as they were given. */
const kept: readonly { field: string; value: unknown; beside?: Record<string, unknown>; data: CaseData }[] = [
  { field: 'Memory', value: 67_108_864, data: { id: 'container-create-memory-kept', needs: ['memory-limit'] } },
  { field: 'MemorySwap', value: 134_217_728, beside: { Memory: 67_108_864 }, data: { id: 'container-create-memory-swap-kept', needs: ['swap-limit'] } },
  { field: 'MemoryReservation', value: 33_554_432, data: { id: 'container-create-memory-reservation-kept', since: '1.21', needs: ['memory-limit'] } },
  { field: 'MemorySwappiness', value: 30, data: { id: 'container-create-memory-swappiness-kept', since: '1.20', needs: ['memory-limit', 'cgroup-v1'] } },
  { field: 'KernelMemory', value: 33_554_432, data: { id: 'container-create-kernel-memory-kept', since: '1.21', source: 'change 1.21/16', needs: ['kernel-memory'] } },
  { field: 'CpuShares', value: 512, data: { id: 'container-create-cpu-shares-kept', needs: ['cpu-shares'] } },
  { field: 'CpuPeriod', value: 50_000, data: { id: 'container-create-cpu-period-kept', since: '1.19', source: 'change 1.19/05', needs: ['cpu-quota'] } },
  { field: 'CpuQuota', value: 20_000, data: { id: 'container-create-cpu-quota-kept', since: '1.19', source: 'change 1.19/05', needs: ['cpu-quota'] } },
  { field: 'CpusetCpus', value: '0', data: { id: 'container-create-cpuset-cpus-kept', needs: ['cpuset'] } },
  { field: 'CpusetMems', value: '0', data: { id: 'container-create-cpuset-mems-kept', since: '1.19', needs: ['cpuset'] } },
  { field: 'BlkioWeight', value: 300, data: { id: 'container-create-blkio-weight-kept', since: '1.19', needs: ['blkio-weight'] } },
  { field: 'OomKillDisable', value: true, beside: { Memory: 67_108_864 }, data: { id: 'container-create-oom-kill-disable-kept', since: '1.19', needs: ['oom-kill-disable'] } },
  { field: 'OomScoreAdj', value: 500, data: { id: 'container-create-oom-score-adj-kept', since: '1.22' } },
  { field: 'PidsLimit', value: 64, data: { id: 'container-create-pids-limit-kept', since: '1.23', source: 'change 1.23/09', needs: ['pids-limit'] } },
  { field: 'CpuRealtimePeriod', value: 1_000_000, data: { id: 'container-create-cpu-realtime-period-kept', since: '1.25', source: 'change 1.25/29', needs: ['cpu-realtime'] } },
  { field: 'CpuRealtimeRuntime', value: 1_000, data: { id: 'container-create-cpu-realtime-runtime-kept', since: '1.25', source: 'change 1.25/29', needs: ['cpu-realtime'] } },
]

for (const { field, value, beside = {}, data } of kept) {
  create.must(`keep HostConfig.${field}: inspecting shows it as it was given`, data, async ({ api, stage }) => {
    const box = await stage.container({ HostConfig: { ...beside, [field]: value } })
    expect((await api.get(`${box.path}/json`)).at('HostConfig', field)).toEqual(value)
  })
}

create.must('keep HostConfig.NanoCPUs: inspecting shows it as it was given', { id: 'container-create-nano-cpus-kept', since: '1.25', source: 'change 1.25/32', needs: ['cpu-quota'] }, async ({ api, stage }) => {
  const box = await stage.container({ HostConfig: { NanoCPUs: 500_000_000 } })
  expect(nanoCpusOf(await api.get(`${box.path}/json`))).toBe(500_000_000)
})

/** Files of the version 1 control groups that show a limit to the process that it holds for. */
const seen: readonly { what: string; hostConfig: Record<string, unknown>; file: string; shown: string; data: CaseData }[] = [
  { what: 'the memory of a container to Memory', hostConfig: { Memory: 67_108_864 }, file: 'memory/memory.limit_in_bytes', shown: '67108864', data: { id: 'container-create-memory-seen', needs: ['memory-limit', 'cgroup-v1'] } },
  { what: 'memory and swap together to MemorySwap', hostConfig: { Memory: 67_108_864, MemorySwap: 134_217_728 }, file: 'memory/memory.memsw.limit_in_bytes', shown: '134217728', data: { id: 'container-create-memory-swap-seen', needs: ['swap-limit', 'cgroup-v1'] } },
  { what: 'memory softly to MemoryReservation', hostConfig: { MemoryReservation: 33_554_432 }, file: 'memory/memory.soft_limit_in_bytes', shown: '33554432', data: { id: 'container-create-memory-reservation-seen', since: '1.21', needs: ['memory-limit', 'cgroup-v1'] } },
  { what: 'the swappiness to MemorySwappiness', hostConfig: { MemorySwappiness: 30 }, file: 'memory/memory.swappiness', shown: '30', data: { id: 'container-create-memory-swappiness-seen', since: '1.20', needs: ['memory-limit', 'cgroup-v1'] } },
  { what: 'the share of the processors to CpuShares', hostConfig: { CpuShares: 512 }, file: 'cpu/cpu.shares', shown: '512', data: { id: 'container-create-cpu-shares-seen', needs: ['cpu-shares', 'cgroup-v1'] } },
  { what: 'the time on the processors to CpuQuota of CpuPeriod', hostConfig: { CpuQuota: 20_000, CpuPeriod: 50_000 }, file: 'cpu/cpu.cfs_quota_us', shown: '20000', data: { id: 'container-create-cpu-quota-seen', since: '1.19', source: 'change 1.19/05', needs: ['cpu-quota', 'cgroup-v1'] } },
  { what: 'the time on the processors to NanoCPUs', hostConfig: { NanoCPUs: 500_000_000 }, file: 'cpu/cpu.cfs_quota_us', shown: '50000', data: { id: 'container-create-nano-cpus-seen', since: '1.25', source: 'change 1.25/32', needs: ['cpu-quota', 'cgroup-v1'] } },
  { what: 'the processors to CpusetCpus', hostConfig: { CpusetCpus: '0' }, file: 'cpuset/cpuset.cpus', shown: '0', data: { id: 'container-create-cpuset-cpus-seen', needs: ['cpuset', 'cgroup-v1'] } },
  { what: 'the memory nodes to CpusetMems', hostConfig: { CpusetMems: '0' }, file: 'cpuset/cpuset.mems', shown: '0', data: { id: 'container-create-cpuset-mems-seen', since: '1.19', needs: ['cpuset', 'cgroup-v1'] } },
  { what: 'the number of processes to PidsLimit', hostConfig: { PidsLimit: 64 }, file: 'pids/pids.max', shown: '64', data: { id: 'container-create-pids-limit-seen', since: '1.23', source: 'change 1.23/09', needs: ['pids-limit', 'cgroup-v1'] } },
]

for (const { what, hostConfig, file, shown, data } of seen) {
  create.must(`limit ${what}`, data, async ({ stage }) => {
    const { stdout } = await stage.output({ Cmd: ['cat', `/sys/fs/cgroup/${file}`], HostConfig: hostConfig })
    expect(stdout).toBe(`${shown}\n`)
  })
}

create.must('kill a process that takes more memory than Memory, and say so', { id: 'container-create-memory-exceeded', needs: ['memory-limit'] }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['sh', '-c', 'emit line; alloc 64; print killed $?; emit sleep=1000'], OpenStdin: true, HostConfig: { Memory: 33_554_432, MemorySwap: 33_554_432 } })
  // Only now, and with a first process that lives on: a daemon hears of the kill by listening to the kernel.
  const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 } })
  await stdin.write('go on\n')
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  expect(await writtenBy(api, box)).toMatch(/^killed 137\n$/m)
  await until(async () => expect((await api.get(`${box.path}/json`)).at('State', 'OOMKilled')).toBe(true))
})

create.must('refuse more processes than PidsLimit', { id: 'container-create-pids-exceeded', since: '1.23', source: 'change 1.23/09', needs: ['pids-limit'] }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['fork', '40'], HostConfig: { PidsLimit: 16 } })
  expect(Number(stdout)).toBeLessThan(16)
  expect(Number(stdout)).toBeGreaterThan(8)
})

const refused: readonly { what: string; hostConfig: Record<string, unknown>; data: CaseData }[] = [
  { what: 'a MemorySwap below Memory', hostConfig: { Memory: 67_108_864, MemorySwap: 33_554_432 }, data: { id: 'container-create-memory-swap-too-small', needs: ['swap-limit'] } },
  { what: 'a MemorySwap without Memory', hostConfig: { MemorySwap: 33_554_432 }, data: { id: 'container-create-memory-swap-alone', needs: ['swap-limit'] } },
  { what: 'a MemorySwappiness above 100', hostConfig: { MemorySwappiness: 101 }, data: { id: 'container-create-memory-swappiness-too-large', since: '1.20', needs: ['memory-limit', 'cgroup-v1'] } },
  { what: 'a MemoryReservation above Memory', hostConfig: { Memory: 33_554_432, MemoryReservation: 67_108_864 }, data: { id: 'container-create-memory-reservation-too-large', since: '1.21', needs: ['memory-limit'] } },
  { what: 'a KernelMemory below 4 MiB', hostConfig: { KernelMemory: 1_048_576 }, data: { id: 'container-create-kernel-memory-too-small', since: '1.22', source: 'change 1.22/08', needs: ['kernel-memory'] } },
  { what: 'a BlkioWeight above 1000', hostConfig: { BlkioWeight: 1_001 }, data: { id: 'container-create-blkio-weight-too-large', since: '1.19', needs: ['blkio-weight'] } },
  { what: 'processors in CpusetCpus that the host has not', hostConfig: { CpusetCpus: '4095' }, data: { id: 'container-create-cpuset-unknown', since: '1.20', needs: ['cpuset'] } },
]

for (const { what, hostConfig, data } of refused) {
  create.must(`refuse ${what}`, { reality: invalid, ...data }, async ({ stage }) => {
    expect(await stage.create({ HostConfig: hostConfig })).toAnswer(400, 500)
  })
}
