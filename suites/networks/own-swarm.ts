import { Blocked, expect, until, type Api, type Stage } from '../../harness/case/index.ts'

/**
 * Makes the daemon a swarm of its own until the case ends, and waits for the network that every swarm has. For cases
 * that are `alone`, `disposable` and need `swarm-inactive`.
 * @returns the path of that network, `ingress`: it is of the swarm's scope, and not for containers
 * @throws Blocked where the daemon does not do it
 */
export async function ingressOfOwnSwarm(api: Api, stage: Stage): Promise<string> {
  const initialized = await api.post('/swarm/init', { body: { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' } })
  if (initialized.status !== 200) throw new Blocked(`could not make a swarm: status ${initialized.status}, ${initialized.text.trim()}`, { exchange: initialized.exchange })
  stage.defer(async () => {
    const left = await api.post('/swarm/leave', { query: { force: true } })
    if (left.status !== 200) throw new Error(`could not leave the swarm: status ${left.status}, ${left.text.trim()}`)
  })
  // The swarm hands out driver and addresses in its own time.
  await until(async () => expect((await api.get('/networks/ingress')).at('Driver')).toBe('overlay'))
  return '/networks/ingress'
}
