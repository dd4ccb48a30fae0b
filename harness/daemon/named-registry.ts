import { dial, DialError } from '../wire/dial.ts'
import type { CapabilityRecord } from './capabilities.ts'
import { TargetError } from './target-error.ts'

/** A registry that whoever runs the suite has named: the daemon reaches it, and cases may leave images of theirs there. */
export type NamedRegistry = {
  /** As the names of its images begin: `registry.example.org:5000` */
  readonly host: string
  /** Absent where everybody may push and pull. */
  readonly user?: { readonly username: string; readonly password: string }
}

/** The environment variables with the registry's user; on a command line others could read the password. */
export const userVariable = 'PLIMSOLL_REGISTRY_USER'
export const passwordVariable = 'PLIMSOLL_REGISTRY_PASSWORD'

// How the name of an image begins, so that what follows can't be taken for the name itself: a host with a dot or a port, or localhost.
const registryHost = /^(?:localhost|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+|[a-z0-9-]+(?=:)|\[[0-9a-f:]+\])(?::\d{1,5})?$/i

/**
 * Reads a registry's address, and its user from the environment.
 * @param host `HOST:PORT`, as the names of its images begin
 * @throws TargetError where it is no such address, or only one half of the user is there
 */
export function namedRegistry(host: string, env: Readonly<Record<string, string | undefined>>): NamedRegistry {
  if (!registryHost.test(host)) throw new TargetError(`--registry: write HOST:PORT, as image names of that registry begin (127.0.0.1:5000), without http:// and path; got "${host}"`)
  const { [userVariable]: username = '', [passwordVariable]: password = '' } = env
  if (username === '' && password === '') return { host }
  if (username === '' || password === '') throw new TargetError(`--registry: set both ${userVariable} and ${passwordVariable}, or neither for a registry that lets everybody in`)
  return { host, user: { username, password } }
}

/**
 * Whether there is a registry to push to, and a user of it. A registry that is down must not make a daemon look bad: it counts as there where a
 * connection from here is taken, which is the closest to the daemon that can be tried without trusting the daemon.
 */
export async function tryRegistry(registry: NamedRegistry | undefined): Promise<{ readonly registry: CapabilityRecord; readonly 'registry-user': CapabilityRecord }> {
  const noUser = { present: false, reason: `no user of a registry was named: --registry HOST:PORT with ${userVariable} and ${passwordVariable} does` }
  if (registry === undefined) return { registry: { present: false, reason: 'no registry was named: --registry HOST:PORT does' }, 'registry-user': noUser }
  const { hostname, port } = new URL(`https://${registry.host}`)
  try {
    const connection = await dial({ kind: 'tcp', host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) }, { timeoutMs: 5_000 })
    connection.destroy()
  } catch (error) {
    if (!(error instanceof DialError)) throw error
    const absent = { present: false, reason: `the registry ${registry.host} of --registry takes no connection from here: ${error.message}` }
    return { registry: absent, 'registry-user': absent }
  }
  return {
    registry: { present: true, reason: `--registry names ${registry.host}, which takes connections` },
    'registry-user': registry.user === undefined ? noUser : { present: true, reason: `${userVariable} names a user of ${registry.host}` },
  }
}
