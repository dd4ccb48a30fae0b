import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/**
 * The id of a run, part of the name of everything it makes: `<seconds>-<host>-<pid>-<random>`, each in base 36 or hex.
 * Host and pid are in it so that a later run can tell what a dead one left behind from what a living one uses.
 */
export type RunId = { readonly startedAt: Date; readonly host: string; readonly pid: number }

const pattern = /^(?<seconds>[0-9a-z]{6,7})-(?<host>[0-9a-f]{4})-(?<pid>[0-9a-z]{1,5})-[0-9a-f]{4}$/

/** A new id for a run of this process. */
export function newRunId(now = new Date()): string {
  return [Math.floor(now.getTime() / 1000).toString(36), thisHost(), process.pid.toString(36), randomBytes(2).toString('hex')].join('-')
}

/** Takes an id apart; undefined where it is none. */
export function parseRunId(text: string): RunId | undefined {
  const groups = pattern.exec(text)?.groups
  if (groups?.seconds === undefined || groups.host === undefined || groups.pid === undefined) return undefined
  return { startedAt: new Date(Number.parseInt(groups.seconds, 36) * 1000), host: groups.host, pid: Number.parseInt(groups.pid, 36) }
}

/**
 * The run that made an object of this name, as far as the name tells: `plimsoll-<run id>-…`. Podman puts `localhost/` before the
 * name of an image that has no registry in it.
 */
export function runIdOfName(name: string): string | undefined {
  const match = /^(?:\/|localhost\/)?plimsoll-([0-9a-z]+-[0-9a-f]+-[0-9a-z]+-[0-9a-f]{4})(?:-|$)/.exec(name)?.[1]
  return match !== undefined && parseRunId(match) !== undefined ? match : undefined
}

/** How long a run of another machine is taken to be alive. */
const foreignLifetimeMs = 6 * 3600 * 1000

/** Whether the run may still be going on: its process lives here, or it began on another machine not long ago. */
export function mayBeAlive(id: RunId, now = new Date()): boolean {
  if (id.host !== thisHost()) return now.getTime() - id.startedAt.getTime() < foreignLifetimeMs
  try {
    process.kill(id.pid, 0)
    return true
  } catch (error) {
    // EPERM: there is such a process, of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function thisHost(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 4)
}
