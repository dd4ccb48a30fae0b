import { decodeFrames, demultiplex, FrameError } from '../wire/frames.ts'
import type { Client } from '../wire/http.ts'
import { printable } from '../wire/sanitize.ts'
import type { CapabilityRecord, Probed } from './capabilities.ts'
import { jsonObject } from './json-object.ts'
import { caseLabel, namePrefix, runLabel } from './marks.ts'
import { tryRegistry, type NamedRegistry } from './named-registry.ts'
import { tryReach } from './reach.ts'

/** What was found out by trying. */
export type Probes = {
  readonly capabilities: Probed
  /** A block device of the daemon's machine, as its containers would name it: `/dev/sda`; absent where none was found. */
  readonly blockDevice?: string
  /** The address at which the daemon reaches servers of this process; absent where it does not. */
  readonly suiteAddress?: string
}

/** What trying needs. */
export type ProbeParts = { readonly runId: string; readonly guestImage: string; readonly foreignObjects: number | undefined; readonly registry?: NamedRegistry | undefined }

/**
 * Finds out by trying what a daemon's `/info` does not tell, or not truly.
 * Everything that is made for it carries the name of the run, and is removed at once.
 */
export async function probeCapabilities(control: Client, parts: ProbeParts): Promise<Probes> {
  const tryLimit = (what: string, resources: object) => tryContainer(control, parts, what, resources)
  const blockDevice = await findBlockDevice(control, parts)
  const [realtime, weight, throttle, privileged, ipv6, reach, registry] = await Promise.all([
    tryLimit('a real-time budget', { CpuRealtimePeriod: 1_000_000, CpuRealtimeRuntime: 1_000 }),
    // Podman drops it where the kernel has none, and warns nobody.
    tryContainer(control, parts, 'a weight of block I/O', { BlkioWeight: 300 }, 'BlkioWeight'),
    blockDevice === undefined
      ? { present: false, reason: "no block device of the daemon's machine is to be seen in a container's /sys/block" }
      : tryLimit('a limit of block I/O', { BlkioDeviceReadBps: [{ Path: blockDevice, Rate: 987_654_321 }] }),
    tryLimit('all privileges', { Privileged: true }),
    tryIpv6(control, parts),
    tryReach(control),
    tryRegistry(parts.registry),
  ])
  const capabilities: Probed = {
    'cpu-realtime': realtime,
    'blkio-weight': weight,
    blkio: throttle,
    privileged,
    ipv6,
    'reaches-suite': { present: reach.present, reason: reach.reason },
    ...registry,
    'no-foreign-objects': {
      present: parts.foreignObjects === 0,
      reason: `before this run the daemon's /info counted ${parts.foreignObjects ?? 'no'} containers and images`,
    },
  }
  return { capabilities, ...(blockDevice !== undefined && { blockDevice }), ...(reach.address !== undefined && { suiteAddress: reach.address }) }
}

/** Containers see all block devices of the machine in /sys/block. Loop devices are left to their users where there is another. */
async function findBlockDevice(control: Client, parts: ProbeParts): Promise<string | undefined> {
  const name = probeName(parts)
  const created = await control.request('POST', `/containers/create?name=${name}`, { body: probeConfig(parts, ['ls', '/sys/block'], {}) })
  if (created.status !== 201) return undefined
  try {
    await control.request('POST', `/containers/${name}/start`)
    await control.request('POST', `/containers/${name}/wait`)
    const logs = await control.request('GET', `/containers/${name}/logs?stdout=1`)
    if (logs.status !== 200) return undefined
    const devices = demultiplex(decodeFrames(logs.body)).stdout.toString('utf8').split('\n').filter((device) => /^[a-z][a-z0-9-]{1,30}$/.test(device))
    const [device] = [...devices.filter((each) => !each.startsWith('loop')), ...devices]
    return device === undefined ? undefined : `/dev/${device}`
  } catch (error) {
    // A daemon whose logs are no frames is judged for that elsewhere; here it only has no device to name.
    if (error instanceof FrameError) return undefined
    throw error
  } finally {
    await control.request('DELETE', `/containers/${name}?force=1&v=1`)
  }
}

function probeName(parts: ProbeParts): string {
  return `${namePrefix}${parts.runId}-probe-${Math.random().toString(36).slice(2, 8)}`
}

function probeConfig(parts: ProbeParts, command: readonly string[], resources: object): object {
  return { Image: parts.guestImage, Cmd: command, Labels: { [runLabel]: parts.runId, [caseLabel]: 'probe' }, HostConfig: { NetworkMode: 'none', ...resources } }
}

/** @param shown the field of the host configuration that has to be there again, not 0, when the container is inspected */
async function tryContainer(control: Client, parts: ProbeParts, what: string, resources: object, shown?: string): Promise<CapabilityRecord> {
  const name = probeName(parts)
  const created = await control.request('POST', `/containers/create?name=${name}`, { body: probeConfig(parts, ['exit', '0'], resources) })
  if (created.status !== 201) return refused(what, 'create', created.status, created.text)
  try {
    const warnings = warningsOf(jsonObject(created)?.Warnings)
    const started = await control.request('POST', `/containers/${name}/start`)
    if (started.status !== 204) return refused(what, 'start', started.status, started.text)
    if (warnings.length > 0) return { present: false, reason: `a container with ${what} is created with the warning ${printable(warnings.join(' '), 200)}` }
    if (shown !== undefined && !(await shows(control, name, shown))) return { present: false, reason: `a container with ${what} is created without a warning, and has none` }
    return { present: true, reason: `a container with ${what} was created and started` }
  } finally {
    await control.request('DELETE', `/containers/${name}?force=1&v=1`)
  }
}

async function shows(control: Client, name: string, field: string): Promise<boolean> {
  const configuration = jsonObject(await control.request('GET', `/containers/${name}/json`))?.HostConfig
  return typeof configuration === 'object' && configuration !== null && Boolean((configuration as Readonly<Record<string, unknown>>)[field])
}

async function tryIpv6(control: Client, parts: ProbeParts): Promise<CapabilityRecord> {
  const name = `${namePrefix}${parts.runId}-probe-ipv6`
  const created = await control.request('POST', '/networks/create', {
    body: { Name: name, EnableIPv6: true, Labels: { [runLabel]: parts.runId, [caseLabel]: 'probe' }, IPAM: { Config: [{ Subnet: 'fd00:706c:696d::/64' }] } },
  })
  if (created.status !== 201) return refused('IPv6', 'create', created.status, created.text)
  await control.request('DELETE', `/networks/${name}`)
  return { present: true, reason: 'a network with IPv6 was created' }
}

function refused(what: string, step: string, status: number, text: string): CapabilityRecord {
  return { present: false, reason: `${step} of something with ${what} is refused with ${status}: ${printable(text.trim(), 200)}` }
}

function warningsOf(warnings: unknown): string[] {
  return Array.isArray(warnings) ? warnings.map(String) : []
}
