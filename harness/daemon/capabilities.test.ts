import { describe, expect, test } from 'vitest'
import { capabilityNames, readCapabilities } from './capabilities.ts'

/** What Docker 20.10 says on Debian 12, as far as it matters here. */
const docker = {
  OSType: 'linux', Architecture: 'x86_64', MemoryLimit: true, SwapLimit: true, KernelMemory: true, PidsLimit: true, CpuCfsPeriod: true, CpuCfsQuota: true, CPUShares: true,
  CPUSet: true, OomKillDisable: true, CgroupDriver: 'cgroupfs', CgroupVersion: '1', Driver: 'overlay2', SecurityOptions: ['name=seccomp,profile=default'], ExperimentalBuild: false,
  Swarm: { LocalNodeState: 'inactive' }, IPv4Forwarding: true, LoggingDriver: 'json-file', Plugins: { Volume: ['local'], Network: ['bridge', 'host', 'null'] }, NCPU: 2, Containers: 0, Images: 0,
}

/** What Podman 4.3 says, as far as it differs. */
const podman = { ...docker, Architecture: 'amd64', Driver: 'overlay', CgroupVersion: '2', CgroupDriver: 'systemd', SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'], LoggingDriver: '', Containers: 2, Images: 1 }

const present = (info: Record<string, unknown>) => Object.entries(readCapabilities(info)).filter(([, { present: is }]) => is).map(([name]) => name)

describe('readCapabilities', () => {
  test('of Docker 20.10', () => {
    expect(present(docker)).toEqual([
      'linux', 'amd64', 'memory-limit', 'swap-limit', 'kernel-memory', 'pids-limit', 'cpu-quota', 'cpu-shares', 'cpuset', 'oom-kill-disable', 'cgroup-v1', 'cgroupfs', 'overlay2',
      'seccomp', 'no-userns', 'swarm-inactive', 'ipv4-forwarding', 'json-file-logs', 'local-volumes', 'bridge-network', 'multiple-cpus', 'no-foreign-objects',
    ])
  })

  test('of Podman 4.3', () => {
    const names = present(podman)
    expect(names).toEqual(expect.arrayContaining(['amd64', 'cgroup-v2', 'overlay2', 'rootless', 'seccomp']))
    for (const missing of ['cgroup-v1', 'cgroupfs', 'json-file-logs', 'no-foreign-objects']) expect(names).not.toContain(missing)
  })

  test('of a daemon that says almost nothing: hardly any, and each with a reason', () => {
    const capabilities = readCapabilities({})
    expect(present({})).toEqual(['cgroup-v1', 'no-userns', 'swarm-inactive'])
    expect(Object.keys(capabilities).sort()).toEqual([...capabilityNames].sort())
    for (const { reason } of Object.values(capabilities)) expect(reason).toMatch(/\/info|was not tried/)
    expect(capabilities['memory-limit'].reason).toBe("the daemon's /info does not mention MemoryLimit")
    expect(capabilities['no-foreign-objects'].reason).toMatch(/Containers/)
  })

  test('takes the integers that old daemons send for flags', () => {
    expect(readCapabilities({ MemoryLimit: 1, SwapLimit: 0 })).toMatchObject({ 'memory-limit': { present: true }, 'swap-limit': { present: false, reason: "the daemon's /info says SwapLimit: 0" } })
    expect(readCapabilities({ MemoryLimit: 'true' })['memory-limit'].present).toBe(false)
  })

  test('reads security options in the form of 1.24 and in the one from 1.25 on', () => {
    for (const SecurityOptions of [['apparmor', 'seccomp'], ['name=apparmor', 'name=seccomp,profile=default']]) {
      expect(readCapabilities({ SecurityOptions })).toMatchObject({ apparmor: { present: true }, seccomp: { present: true }, selinux: { present: false }, userns: { present: false } })
    }
    expect(readCapabilities({ SecurityOptions: ['name=userns'] })).toMatchObject({ userns: { present: true }, 'no-userns': { present: false } })
  })

  test('what was tried wins over what is said', () => {
    const tried = { present: false, reason: 'start of something is refused' }
    expect(readCapabilities(docker, { 'memory-limit': tried })['memory-limit']).toBe(tried)
    expect(readCapabilities(docker).privileged).toEqual({ present: false, reason: 'a privileged container was not tried' })
  })

  test('survives odd values, and shows them harmlessly', () => {
    const odd = readCapabilities({ OSType: ['linux'], SecurityOptions: 'seccomp', Plugins: [], Swarm: null, NCPU: 'many', CgroupVersion: 2, Driver: '\u001b[2J', Containers: null })
    expect(odd).toMatchObject({ linux: { present: false }, seccomp: { present: false }, 'local-volumes': { present: false }, 'multiple-cpus': { present: false }, 'swarm-inactive': { present: true } })
    expect(JSON.stringify(Object.values(odd).map(({ reason }) => reason))).not.toMatch(/\u001b/)
  })
})
