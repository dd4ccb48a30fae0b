import { withSwarm } from '../case/swarm.ts'
import type { ReadyDaemon } from './ready.ts'

/**
 * Makes the swarm that cases share, for as long as `use` takes, where this daemon may be made one. Elsewhere there is none, and the cases say why.
 * @param use gets why there is no swarm, where it could not be made
 * @param onSay told where the daemon could not leave it
 */
export async function withSharedSwarm<T>({ control, settings }: ReadyDaemon, onSay: (line: string) => void, use: (failure?: string) => Promise<T>): Promise<T> {
  const allowed = settings.disposable && settings.capabilities['swarm-inactive']?.present === true
  return allowed ? withSwarm(control, settings.runId, settings.endpoint, onSay, use) : use()
}
