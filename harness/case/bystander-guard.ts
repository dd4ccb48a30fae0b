import type { Bystander } from './settings.ts'

/** Requests on a container that leave it as it is, beside GET and HEAD. */
const harmless = /^POST (exec|attach|wait|copy)$/

/**
 * Refuses a request that could change a bystander. Even one that the daemon must refuse: a wrong daemon does it, and the verdicts
 * of all cases that read the bystander afterwards are spoilt.
 * @throws TypeError, which is a fault of the case: it needs a container of its own
 */
export function guardBystanders(bystanders: readonly Bystander[], method: string, path: string): void {
  if (method === 'GET' || method === 'HEAD') return
  const [, handle = '', action = ''] = /^(?:\/v[\d.]+)?\/containers\/([^/?]+)(?:\/([^?]*))?/.exec(path) ?? []
  const named = handle.replace(/^\/+/, '')
  if (named === '' || harmless.test(`${method} ${action}`)) return
  if (bystanders.some(({ id, name }) => name === named || (named.length >= 12 && id.startsWith(named)))) {
    throw new TypeError(`${method} ${path} would change a bystander, which all cases read: stage a container for this`)
  }
}
