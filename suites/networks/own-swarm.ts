import { expect, until, type Api, type Stage } from '../../harness/case/index.ts'
import { ownSwarm } from '../swarm/own-swarm.ts'

/**
 * Makes the daemon a swarm of its own until the case ends, and waits for the network that every swarm has. For cases
 * that are `alone`, `disposable` and need `swarm-inactive`.
 * @returns the path of that network, `ingress`: it is of the swarm's scope, and not for containers
 * @throws Blocked where the daemon does not do it
 */
export async function ingressOfOwnSwarm(api: Api, stage: Stage): Promise<string> {
  await ownSwarm(api, stage)
  // The swarm hands out driver and addresses in its own time.
  await until(async () => expect((await api.get('/networks/ingress')).at('Driver')).toBe('overlay'))
  return '/networks/ingress'
}
