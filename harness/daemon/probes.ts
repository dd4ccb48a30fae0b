import type { Client } from '../wire/http.ts'
import { printable } from '../wire/sanitize.ts'
import type { CapabilityRecord, Probed } from './capabilities.ts'

/** What trying needs. */
export type ProbeParts = { readonly runId: string; readonly guestImage: string; readonly foreignObjects: number }

/**
 * Finds out by trying what a daemon's `/info` does not tell, or not truly.
 * Everything that is made for it carries the name of the run, and is removed at once.
 */
export async function probeCapabilities(control: Client, parts: ProbeParts): Promise<Probed> {
  const tryLimit = (what: string, resources: object) => tryContainer(control, parts, what, resources)
  const [realtime, weight, throttle, privileged, ipv6] = await Promise.all([
    tryLimit('a real-time budget', { CpuRealtimePeriod: 1_000_000, CpuRealtimeRuntime: 1_000 }),
    tryLimit('a weight of block I/O', { BlkioWeight: 300 }),
    tryLimit('a limit of block I/O', { BlkioDeviceReadBps: [{ Path: '/dev/zero', Rate: 1_048_576 }] }),
    tryLimit('all privileges', { Privileged: true }),
    tryIpv6(control, parts),
  ])
  return {
    'cpu-realtime': realtime,
    'blkio-weight': weight,
    blkio: throttle,
    privileged,
    ipv6,
    'no-foreign-objects': {
      present: parts.foreignObjects === 0,
      reason: `before this run the daemon's /info counted ${parts.foreignObjects} containers and images`,
    },
  }
}

async function tryContainer(control: Client, parts: ProbeParts, what: string, resources: object): Promise<CapabilityRecord> {
  const name = `plimsoll-${parts.runId}-probe-${Math.random().toString(36).slice(2, 8)}`
  const created = await control.request('POST', `/containers/create?name=${name}`, {
    body: { Image: parts.guestImage, Cmd: ['exit', '0'], Labels: { 'plimsoll.run': parts.runId }, HostConfig: { NetworkMode: 'none', ...resources } },
  })
  if (created.status !== 201) return refused(what, 'create', created.status, created.text)
  try {
    const warnings = warningsOf(created.json())
    const started = await control.request('POST', `/containers/${name}/start`)
    if (started.status !== 204) return refused(what, 'start', started.status, started.text)
    if (warnings.length > 0) return { present: false, reason: `a container with ${what} is created with the warning ${printable(warnings.join(' '), 200)}` }
    return { present: true, reason: `a container with ${what} was created and started` }
  } finally {
    await control.request('DELETE', `/containers/${name}?force=1&v=1`)
  }
}

async function tryIpv6(control: Client, parts: ProbeParts): Promise<CapabilityRecord> {
  const name = `plimsoll-${parts.runId}-probe-ipv6`
  const created = await control.request('POST', '/networks/create', {
    body: { Name: name, EnableIPv6: true, Labels: { 'plimsoll.run': parts.runId }, IPAM: { Config: [{ Subnet: 'fd00:706c:696d::/64' }] } },
  })
  if (created.status !== 201) return refused('IPv6', 'create', created.status, created.text)
  await control.request('DELETE', `/networks/${name}`)
  return { present: true, reason: 'a network with IPv6 was created' }
}

function refused(what: string, step: string, status: number, text: string): CapabilityRecord {
  return { present: false, reason: `${step} of something with ${what} is refused with ${status}: ${printable(text.trim(), 200)}` }
}

function warningsOf(body: unknown): string[] {
  const warnings = (body as { Warnings?: unknown } | null)?.Warnings
  return Array.isArray(warnings) ? warnings.map(String) : []
}
