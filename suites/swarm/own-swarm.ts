import { Blocked, expect, until, type Api, type ApiAnswer, type Stage } from '../../harness/case/index.ts'

/** What a case declares that makes the daemon a swarm of its own. Most can share one instead: `inSwarm`. */
export const ownSwarm = { alone: true, disposable: true, needs: ['swarm-inactive'] } as const

/** On the loopback, where nobody else comes. */
export const addresses = { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' }

/**
 * Waits for the network that every swarm has: the swarm makes it in its own time. Docker that leaves a swarm before that keeps the network, and the
 * swarms after it have none that works.
 */
export async function ingressOf(api: Api): Promise<string> {
  await until(async () => expect((await api.get('/networks/ingress')).at('Driver')).toBe('overlay'), { timeoutMs: 20_000 })
  return '/networks/ingress'
}

type SwarmSpec = { readonly Labels?: object; readonly [member: string]: unknown }

/** `POST /swarm/init`: the answer is the case's to judge. A swarm that comes of it has the labels of the stage, and is left when the case ends. */
export async function initialize(api: Api, stage: Stage, { Spec = {}, ...more }: { readonly Spec?: SwarmSpec; readonly [member: string]: unknown } = {}): Promise<ApiAnswer> {
  const body = { ...addresses, Spec: { ...Spec, Labels: { ...Spec.Labels, ...stage.labels } }, ...more }
  const answer = await api.post('/swarm/init', { body, timeoutMs: 40_000 })
  if (answer.status === 200) {
    stage.defer(async () => {
      const left = await api.post('/swarm/leave', { query: { force: true }, timeoutMs: 40_000 })
      // A case may have left it itself.
      if (left.status !== 200 && (await api.get('/swarm')).status === 200) throw new Error(`could not leave the swarm: status ${left.status}, ${left.text.trim()}`)
    })
    await ingressOf(api)
  }
  return answer
}

/**
 * Makes the daemon a swarm of its own until the case ends. For cases that declare `ownSwarm`.
 * @param more members of the body beside the addresses
 * @throws Blocked where the daemon does not do it
 */
export async function makeSwarm(api: Api, stage: Stage, more: { readonly Spec?: SwarmSpec } = {}): Promise<void> {
  const answer = await initialize(api, stage, more)
  if (answer.status !== 200) throw new Blocked(`could not make a swarm: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
}

/** The version that an object of the swarm has now: `/swarm`, `/nodes/<id>`. An update names it. */
export const versionOf = async (api: Api, path: string) => (await api.get(path)).numberAt('Version', 'Index')

/** Updates an object from the version that it has now: the answer is the case's to judge. */
export async function update(api: Api, path: string, body: object, query: Readonly<Record<string, string | number | boolean>> = {}): Promise<ApiAnswer> {
  return await api.post(`${path}/update`, { query: { version: await versionOf(api, path), ...query }, body })
}

/** Updates what the swarm is to be in some members, and leaves the others, and the labels that it has, as they are: the answer is the case's to judge. */
export async function updateSwarm(api: Api, changes: SwarmSpec = {}, query: Readonly<Record<string, boolean>> = {}): Promise<ApiAnswer> {
  const answer = await api.get('/swarm')
  const spec = answer.at('Spec') as SwarmSpec
  return await api.post('/swarm/update', { query: { version: answer.numberAt('Version', 'Index'), ...query }, body: { ...spec, ...changes, Labels: { ...spec.Labels, ...changes.Labels } } })
}
