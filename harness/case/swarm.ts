import type { Client } from '../wire/http.ts'
import { WireError } from '../wire/errors.ts'
import { printable } from '../wire/sanitize.ts'

/** What making a swarm may take: keys and certificates are made for it. */
const timeoutMs = 60_000

/**
 * Makes the daemon the only node of a swarm for as long as `use` takes. It listens on the loopback, where nobody else comes.
 * @param use gets why there is no swarm, where there is none
 * @param onSay told where the daemon could not leave it
 */
export async function withSwarm<T>(control: Client, onSay: (line: string) => void, use: (swarm: { readonly failure?: string }) => Promise<T>): Promise<T> {
  const failure = await failureOf(control, '/swarm/init', { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' })
  if (failure !== undefined) return await use({ failure })
  try {
    return await use({})
  } finally {
    const left = await failureOf(control, '/swarm/leave?force=1')
    if (left !== undefined) onSay(`the daemon is still in the swarm that was made for this run: ${left}`)
  }
}

async function failureOf(control: Client, path: string, body?: object): Promise<string | undefined> {
  try {
    const answer = await control.request('POST', path, { timeoutMs, ...(body && { body }) })
    return answer.status === 200 ? undefined : `POST ${path} answers ${answer.status}, ${printable(answer.text.trim(), 300)}`
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    return error.message
  }
}
