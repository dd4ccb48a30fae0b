import type { Bystander } from './settings.ts'

/** Requests on a container that leave it as it is, beside GET and HEAD. */
const harmless = /^POST (exec|attach|wait|copy)$/
/** Not harmless where the container has exited: Podman prepares it for another start then, and its exit code is gone. */
const attaching = /^attach(\/ws)?$/

/**
 * Refuses a request that could change a bystander. Even one that the daemon must refuse: a wrong daemon does it, and the verdicts
 * of all cases that read the bystander afterwards are spoilt.
 * @throws TypeError, which is a fault of the case: it needs a container of its own
 */
export function guardBystanders(bystanders: { readonly running: Bystander; readonly exited: Bystander }, method: string, path: string): void {
  const [, handle = '', action = ''] = /^(?:\/v[\d.]+)?\/containers\/([^/?]+)(?:\/([^?]*))?/.exec(path) ?? []
  const named = handle.replace(/^\/+/, '')
  const isMeant = ({ id, name }: Bystander) => named !== '' && (name === named || (named.length >= 12 && id.startsWith(named)))
  const changes = attaching.test(action) ? isMeant(bystanders.exited) : method !== 'GET' && method !== 'HEAD' && !harmless.test(`${method} ${action}`)
  if (changes && (isMeant(bystanders.running) || isMeant(bystanders.exited))) {
    throw new TypeError(`${method} ${path} would change a bystander, which all cases read: stage a container for this`)
  }
}
