import { printable } from '../wire/sanitize.ts'

/** What a daemon may lack without being nonconformant. Cases name what they need. */
export const capabilityNames = [
  'linux', 'windows', 'amd64', 'arm64',
  'memory-limit', 'swap-limit', 'kernel-memory', 'pids-limit', 'cpu-quota', 'cpu-shares', 'cpuset', 'cpu-realtime', 'oom-kill-disable', 'blkio', 'blkio-weight',
  'cgroup-v1', 'cgroup-v2', 'cgroupfs', 'overlay2', 'storage-quota',
  'seccomp', 'apparmor', 'selinux', 'userns', 'no-userns', 'rootless', 'experimental',
  'swarm-active', 'swarm-inactive', 'ipv4-forwarding', 'ipv6', 'json-file-logs', 'local-volumes', 'bridge-network', 'multiple-cpus',
  'live-plugins', 'privileged', 'reaches-suite', 'registry', 'registry-user', 'no-foreign-objects',
] as const

export type Capability = (typeof capabilityNames)[number]

/** Whether a capability is there, and how that was found out. */
export type CapabilityRecord = { readonly present: boolean; readonly reason: string }

export type Capabilities = Readonly<Record<Capability, CapabilityRecord>>

/** What was found out beside `/info`, by trying. Each says how it went. */
export type Probed = Readonly<Partial<Record<Capability, CapabilityRecord>>>

/**
 * Reads a daemon's capabilities off its `/info`, as asked for at its newest version.
 * What the daemon does not mention is taken to be missing, and the reason says so.
 * @param info the JSON body of `/info`
 * @param probed what was found out by trying: it wins over what the daemon says
 */
export function readCapabilities(info: Readonly<Record<string, unknown>>, probed: Probed = {}): Capabilities {
  const flag = (field: string): CapabilityRecord => ({
    present: info[field] === true || info[field] === 1,
    reason: Object.hasOwn(info, field) ? `the daemon's /info says ${field}: ${printable(JSON.stringify(info[field]) ?? '', 60)}` : `the daemon's /info does not mention ${field}`,
  })
  const equals = (field: string, ...values: string[]): CapabilityRecord => ({
    present: typeof info[field] === 'string' && values.includes(info[field]),
    reason: `the daemon's /info says ${field}: ${printable(JSON.stringify(info[field]) ?? 'nothing', 60)}`,
  })
  const security = (name: string): CapabilityRecord => {
    const options = Array.isArray(info.SecurityOptions) ? info.SecurityOptions.map(String) : []
    const found = options.find((option) => option === name || option.split(',').includes(`name=${name}`))
    return { present: found !== undefined, reason: `the daemon's /info says SecurityOptions: ${printable(options.join(' ') || 'none', 120)}` }
  }
  const not = (capability: CapabilityRecord): CapabilityRecord => ({ ...capability, present: !capability.present })
  const plugin = (kind: string, name: string): CapabilityRecord => {
    const plugins = member(info.Plugins, kind)
    const names = Array.isArray(plugins) ? plugins.map(String) : []
    return { present: names.includes(name), reason: `the daemon's /info says Plugins.${kind}: ${printable(names.join(', ') || 'none', 120)}` }
  }
  const swarm = String(member(info.Swarm, 'LocalNodeState') ?? 'inactive')
  const cgroup = typeof info.CgroupVersion === 'string' ? info.CgroupVersion : '1'
  const cgroupReason = typeof info.CgroupVersion === 'string' ? `the daemon's /info says CgroupVersion: ${printable(cgroup, 20)}` : "the daemon's /info has no CgroupVersion, as of old: 1"
  const counts = ['Containers', 'Images'].map((field) => `${field}: ${Number(info[field] ?? 0)}`).join(', ')
  const userns = security('userns')
  const untried = (what: string): CapabilityRecord => ({ present: false, reason: `${what} was not tried` })

  return {
    linux: equals('OSType', 'linux'),
    windows: equals('OSType', 'windows'),
    amd64: equals('Architecture', 'x86_64', 'amd64'),
    arm64: equals('Architecture', 'aarch64', 'arm64'),
    'memory-limit': flag('MemoryLimit'),
    'swap-limit': flag('SwapLimit'),
    'kernel-memory': flag('KernelMemory'),
    'pids-limit': flag('PidsLimit'),
    'cpu-quota': flag('CpuCfsQuota'),
    'cpu-shares': flag('CPUShares'),
    cpuset: flag('CPUSet'),
    'cpu-realtime': untried('a real-time budget'),
    'oom-kill-disable': flag('OomKillDisable'),
    blkio: untried('a limit of block I/O'),
    'blkio-weight': untried('a weight of block I/O'),
    'cgroup-v1': { present: cgroup === '1', reason: cgroupReason },
    'cgroup-v2': { present: cgroup === '2', reason: cgroupReason },
    cgroupfs: equals('CgroupDriver', 'cgroupfs'),
    overlay2: equals('Driver', 'overlay2', 'overlay', 'overlayfs'),
    'storage-quota': untried('a limit of the size of a root file system'),
    seccomp: security('seccomp'),
    apparmor: security('apparmor'),
    selinux: security('selinux'),
    userns,
    'no-userns': not(userns),
    rootless: security('rootless'),
    experimental: flag('ExperimentalBuild'),
    'swarm-active': { present: swarm === 'active', reason: `the daemon's /info says Swarm.LocalNodeState: ${printable(swarm, 30)}` },
    'swarm-inactive': { present: swarm !== 'active', reason: `the daemon's /info says Swarm.LocalNodeState: ${printable(swarm, 30)}` },
    'ipv4-forwarding': flag('IPv4Forwarding'),
    ipv6: untried('an IPv6 network'),
    'json-file-logs': equals('LoggingDriver', 'json-file'),
    'local-volumes': plugin('Volume', 'local'),
    'bridge-network': plugin('Network', 'bridge'),
    'multiple-cpus': { present: Number(info.NCPU) > 1, reason: `the daemon's /info says NCPU: ${Number(info.NCPU)}` },
    'live-plugins': untried('a managed plugin'),
    privileged: untried('a privileged container'),
    'reaches-suite': untried('a connection from the daemon to this process'),
    registry: untried('a registry named with --registry'),
    'registry-user': untried('a user of a registry named with --registry'),
    'no-foreign-objects': { present: Number(info.Containers) === 0 && Number(info.Images) === 0, reason: `before this run the daemon's /info said ${counts}` },
    ...probed,
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
