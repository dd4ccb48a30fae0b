import { printable } from '../wire/sanitize.ts'
import type { Answer } from '../wire/http.ts'
import { pathOnly } from './path-only.ts'

/** What a daemon's host has only so much of, and how daemons say that there is none left. Others may have taken it: that breaks no promise. */
const limited: readonly { readonly path: RegExp; readonly says: RegExp; readonly what: string }[] = [
  {
    path: /^\/networks\/create$/,
    // Docker up to 23 and since then, and Podman.
    says: /could not find an available,? (predefined|non-overlapping)|predefined address pools have been fully subnetted|could not find free subnet/i,
    what: 'no subnet is left on this daemon for another network',
  },
  {
    path: /^\/(containers\/[^/]+\/(start|restart)|networks\/[^/]+\/connect)$/,
    says: /port is already allocated|all ports are allocated|address already in use/i,
    what: "no port is left on the daemon's host for what is published",
  },
  { path: /^\/swarm\/(init|join)$/, says: /address already in use/i, what: "the port of a swarm is taken on the daemon's host" },
]

/**
 * Why a request could not succeed on this host, where the answer says that all of what it takes is in use: no daemon is to blame for that.
 * @returns undefined for any other answer
 */
export function exhaustedBy(method: string, path: string, answer: Answer): string | undefined {
  if (method !== 'POST' || answer.status < 400) return undefined
  const place = pathOnly(path)
  const found = limited.find((each) => each.path.test(place) && each.says.test(answer.text))
  return found === undefined ? undefined : `${found.what}: POST ${place} answers ${answer.status}, ${printable(answer.text.trim(), 300)}`
}
