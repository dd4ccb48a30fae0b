import type { Client } from '../wire/http.ts'

/** The kinds of objects that the suite makes, as the paths of the API name them. */
export type StagedKind = 'container' | 'volume' | 'network' | 'image' | 'plugin'

/** A swarm that the suite made of the daemon is left, not removed. */
export type RemovableKind = StagedKind | 'swarm'

/** What leaving a swarm may take: its containers are stopped first. */
const leavingTimeoutMs = 60_000

/**
 * Removes one object that the suite made, at the daemon's own version.
 * @returns why it is still there; undefined where it is gone, or was gone before
 */
export async function remove(control: Client, kind: RemovableKind, id: string): Promise<string | undefined> {
  const query = kind === 'container' ? '?force=1&v=1' : kind === 'image' || kind === 'plugin' ? '?force=1' : ''
  try {
    if (kind === 'swarm') return await leaveSwarm(control)
    const answer = await control.request('DELETE', `/${kind}s/${encodeURIComponent(id)}${query}`)
    if (answer.status < 300 || answer.status === 404 || inRemoval(answer.status, answer.text)) return undefined
    return `${kind} ${id} could not be removed: status ${answer.status}, ${answer.text}`
  } catch (error) {
    return `${kind} ${id} could not be removed: ${error instanceof Error ? error.message : String(error)}`
  }
}

function inRemoval(status: number, text: string): boolean {
  return (status === 409 || status === 400) && text.includes('already in progress')
}

async function leaveSwarm(control: Client): Promise<string | undefined> {
  const answer = await control.request('POST', '/swarm/leave?force=1', { timeoutMs: leavingTimeoutMs })
  // The documents say 406 for a daemon that is in no swarm; Docker 1.13 and later ones answer 503.
  if ([200, 406, 503].includes(answer.status)) return undefined
  return `the swarm could not be left: status ${answer.status}, ${answer.text}`
}
