import { Blocked, type Api, type Stage } from '../../harness/case/index.ts'

/** What a case declares that makes the daemon a swarm: the swarm is the whole daemon's. */
export const ofOwnSwarm = { alone: true, disposable: true, needs: ['swarm-inactive'] } as const

/** Where the manager of the one-node swarm listens: on loopback, so that it needs no network and nobody else reaches it. */
export const loopback = { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' } as const

/**
 * Makes the daemon a swarm of one node until the case ends. For cases that declare `ofOwnSwarm`. The secrets and services that are made in
 * it are gone with it; one swarm takes about 2 s of the daemon's time.
 * @param options members of the body of `POST /swarm/init`, beside its addresses
 * @returns the id of the node, which is a manager
 * @throws Blocked where the daemon does not do it
 */
export async function ownSwarm(api: Api, stage: Stage, options: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const initialized = await api.post('/swarm/init', { body: { ...loopback, ...options } })
  if (initialized.status !== 200) throw new Blocked(`could not make a swarm: status ${initialized.status}, ${initialized.text.trim()}`, { exchange: initialized.exchange })
  leaveAtTheEnd(api, stage)
  return initialized.textAt()
}

/** Leaves the swarm when the case ends, if the daemon is still part of one: for cases that initialise it themselves. */
export function leaveAtTheEnd(api: Api, stage: Stage): void {
  stage.defer(async () => {
    const left = await api.post('/swarm/leave', { query: { force: true } })
    if (left.status === 200) return
    // A case may have left it itself; what the answer to a second leave is differs, what the daemon is part of does not.
    const state = (await api.get('/info')).at('Swarm', 'LocalNodeState')
    if (state !== 'inactive') throw new Error(`could not leave the swarm: status ${left.status}, ${left.text.trim()}`)
  })
}
