import { jsonObject } from '../daemon/json-object.ts'
import { runLabel } from '../daemon/marks.ts'
import type { Endpoint } from '../wire/endpoint.ts'
import { createClient, type Client } from '../wire/http.ts'
import { WireError } from '../wire/errors.ts'
import { printable } from '../wire/sanitize.ts'
import { remove } from './remove.ts'

/** What making a swarm may take: keys and certificates are made for it. */
const timeoutMs = 60_000

/**
 * Makes the daemon the only node of a swarm for as long as `use` takes. It listens on the loopback, where nobody else comes.
 * @param runId stands in its labels, by which "clean" knows it for ours
 * @param endpoint where the swarm is left by a client of its own: the run's may have been cut short
 * @param use gets why there is no swarm, where there is none
 * @param onSay told where the daemon could not leave it
 */
export async function withSwarm<T>(control: Client, runId: string, endpoint: Endpoint, onSay: (line: string) => void, use: (failure: string | undefined) => Promise<T>): Promise<T> {
  const failure = await failureOf(control, '/swarm/init', { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1', Spec: { Labels: { [runLabel]: runId } } })
  if (failure !== undefined) return await use(failure)
  try {
    return await use(await ingressMissing(control))
  } finally {
    const leaving = createClient(endpoint)
    const left = await remove(leaving, 'swarm', runId)
    await leaving.close()
    if (left !== undefined) onSay(`the daemon is still in the swarm that was made for this run: ${printable(left, 300)}`)
  }
}

/** What a swarm's own network may take to be made. */
const ingressWithinMs = 20_000

/** Waits for the network that every swarm has: before that there is no other, and Docker that leaves the swarm so early keeps a broken one. */
async function ingressMissing(control: Client): Promise<string | undefined> {
  const deadline = performance.now() + ingressWithinMs
  try {
    for (;;) {
      const answer = await control.request('GET', '/networks/ingress')
      if (answer.status === 200 && jsonObject(answer)?.Driver === 'overlay') return undefined
      if (performance.now() > deadline) return `its network ingress is not there within ${ingressWithinMs / 1000} s: GET /networks/ingress answers ${answer.status}, ${printable(answer.text.trim(), 200)}`
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return error.message
  }
}

async function failureOf(control: Client, path: string, body: object): Promise<string | undefined> {
  try {
    const answer = await control.request('POST', path, { timeoutMs, body })
    return answer.status === 200 ? undefined : `POST ${path} answers ${answer.status}, ${printable(answer.text.trim(), 300)}`
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return error.message
  }
}
