import { jsonObject } from '../daemon/json-object.ts'
import type { NamedRegistry } from '../daemon/named-registry.ts'
import type { ApiVersion } from '../versions.ts'
import type { Client } from '../wire/http.ts'
import { Blocked } from './errors.ts'
import type { CaseSettings } from './settings.ts'

/** What a case may know of the daemon beside the answers it asks for itself. */
export type DaemonFacts = {
  /** The daemon's own current version, as `/version` says. */
  readonly currentVersion: ApiVersion | undefined
  /** The address at which the daemon reaches servers of this process. Cases that use it need `reaches-suite`. Throws Blocked where there is none. */
  suiteAddress(): string
  /** The registry that the run was given. Cases that use it need `registry`, and `registry-user` where they use its user. Throws Blocked where there is none. */
  registry(): NamedRegistry
  /** A block device of the daemon's machine: `/dev/sda`. Cases that use it need `blkio`. Throws Blocked where there is none. */
  blockDevice(): string
  /** The daemon's clock, in milliseconds since 1970: for `since` and `until`. Not part of the evidence. */
  now(): Promise<number>
}

/** The facts of one run. */
export function createDaemon(control: Client, settings: Pick<CaseSettings, 'daemonVersion' | 'blockDevice' | 'suiteAddress' | 'registry'>): DaemonFacts {
  return {
    currentVersion: settings.daemonVersion,
    suiteAddress() {
      if (settings.suiteAddress === undefined) throw new Blocked('no address is known at which the daemon reaches this process')
      return settings.suiteAddress
    },
    registry() {
      if (settings.registry === undefined) throw new Blocked('no registry was named')
      return settings.registry
    },
    blockDevice() {
      if (settings.blockDevice === undefined) throw new Blocked("no block device of the daemon's machine is known")
      return settings.blockDevice
    },
    async now() {
      const answer = await control.request('GET', '/info')
      const time = answer.status === 200 ? jsonObject(answer)?.SystemTime : undefined
      const now = typeof time === 'string' ? Date.parse(time) : NaN
      if (Number.isNaN(now)) throw new Blocked(`the daemon does not tell its time: GET /info gives status ${answer.status} and SystemTime ${JSON.stringify(time) ?? 'is missing'}`)
      return now
    },
  }
}
