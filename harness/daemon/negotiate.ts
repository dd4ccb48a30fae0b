import { compareVersions, describeRange, isApiVersion, type ApiVersion } from '../versions.ts'
import { DialError } from '../wire/dial.ts'
import type { Endpoint } from '../wire/endpoint.ts'
import { WireError } from '../wire/errors.ts'
import type { Answer, Client } from '../wire/http.ts'
import { printable } from '../wire/sanitize.ts'
import { jsonObject } from './json-object.ts'

/** What a daemon says of its API versions, and what it did when asked. The two may differ. */
export type VersionEvidence = {
  /** `Api-Version` header of `/_ping`. */
  readonly pingHeader?: string
  /** `ApiVersion` and `MinAPIVersion` of `/version`. */
  readonly apiVersion?: string
  readonly minApiVersion?: string
  /** Status of `GET /v<version>/version` for each version that was asked for; 0 where no answer came. */
  readonly probed: Readonly<Record<ApiVersion, number>>
}

/** The daemon itself, in its own words. Not yet made safe to show. */
export type DaemonIdentity = {
  readonly product: string
  readonly version: string
  /** The commit that it was built from. */
  readonly commit?: string
  readonly os: string
  readonly arch: string
  readonly kernel: string
}

/** What came of the negotiation. */
export type Negotiated = {
  readonly evidence: VersionEvidence
  readonly identity: DaemonIdentity
  /** Of the wanted versions, those that the daemon answers. */
  readonly offered: readonly ApiVersion[]
  /** The daemon's own current version, where it says one. */
  readonly current: ApiVersion | undefined
}

/** Daemon and suite have no version in common. */
export class NoCommonVersion extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoCommonVersion'
  }
}

/**
 * Asks a daemon what versions it offers, and tries each wanted one: a claim is no deed.
 * @param wanted oldest first
 * @throws NoCommonVersion with both ranges; DialError where the daemon can't be reached
 */
export async function negotiate(client: Client, wanted: readonly ApiVersion[]): Promise<Negotiated> {
  let lastWords: string | undefined
  const ask = async (path: string): Promise<Answer | undefined> => {
    const asked = await tryToAsk(client, path)
    if (typeof asked === 'string') lastWords = asked
    else if (asked.status !== 200) lastWords = wordsOf(asked)
    return typeof asked === 'string' ? undefined : asked
  }
  const ping = await ask('/_ping')
  const pingHeader = ping?.header('Api-Version')
  const said = objectOf(await ask('/version'))
  const probed: Record<ApiVersion, number> = {}
  let identity = said
  for (const version of wanted) {
    const answer = await ask(`/v${version}/version`)
    probed[version] = answer?.status ?? 0
    identity ??= objectOf(answer)
  }
  const offered = wanted.filter((version) => probed[version] === 200)
  const apiVersion = textOf(said?.ApiVersion)
  const minApiVersion = textOf(said?.MinAPIVersion)
  const evidence: VersionEvidence = {
    ...(pingHeader !== undefined && { pingHeader }),
    ...(apiVersion !== undefined && { apiVersion }),
    ...(minApiVersion !== undefined && { minApiVersion }),
    probed,
  }
  if (offered.length === 0) {
    const statuses = [...new Set(Object.values(probed))].map((status) => (status === 0 ? 'no answer' : String(status))).join(', ')
    throw new NoCommonVersion(
      `no API version in common: this run asks for ${describeRange(wanted)}, the daemon says that it offers ${printable(minApiVersion ?? '?', 20)} to ${printable(apiVersion ?? pingHeader ?? '?', 20)} ` +
        `(GET /v<version>/version answered ${statuses}${lastWords === undefined || lastWords === '' ? '' : `: ${printable(lastWords, 200)}`}). ${adviceOn(lastWords ?? '', client.endpoint, statuses === 'no answer')}`,
    )
  }
  return { evidence, identity: identityOf(identity ?? {}), offered, current: [apiVersion, pingHeader].find((text): text is ApiVersion => text !== undefined && isApiVersion(text)) }
}

/** The newest of several versions. */
export function newest(versions: readonly ApiVersion[]): ApiVersion | undefined {
  return [...versions].sort(compareVersions).at(-1)
}

/** @returns the answer, or what went wrong in its place */
async function tryToAsk(client: Client, path: string): Promise<Answer | string> {
  try {
    return await client.request('GET', path, { timeoutMs: 10_000, maxBytes: 1024 * 1024 })
  } catch (error) {
    // A daemon that can't be reached at all is told as such; one that answers oddly is asked on.
    if (error instanceof DialError || (error instanceof WireError && error.kind === 'aborted')) throw error
    return error instanceof Error ? error.message : String(error)
  }
}

/** What an answer that is no success says: the message of an error, or a plain text. */
function wordsOf(answer: Answer): string | undefined {
  const object = jsonObject(answer)
  return object === undefined ? answer.text.trim() : textOf(object.message)
}

/**
 * What to do about a daemon that answers at no version. One that wants another certificate of its client says so only when the connection stands
 * already (RFC 8446, section 4.6.2), and closes it: what comes of that is an alert, or just an end.
 */
function adviceOn(lastWords: string, endpoint: Endpoint, silent: boolean): string {
  const overTls = endpoint.kind === 'tcp' && endpoint.tls !== undefined
  if (overTls && silent) return 'It ends connections over TLS without an answer, as one does that wants a client certificate that it trusts: give it with --tlscert and --tlskey.'
  if (/HTTPS server/.test(lastWords)) return 'It speaks TLS: add --tlsverify, with --tlscacert for the authority that signed its certificate.'
  return 'Choose versions with --api, or check that this is a Docker Engine API.'
}

function objectOf(answer: Answer | undefined): Readonly<Record<string, unknown>> | undefined {
  return answer?.status === 200 ? jsonObject(answer) : undefined
}

function identityOf(version: Readonly<Record<string, unknown>>): DaemonIdentity {
  const components = Array.isArray(version.Components) ? (version.Components as unknown[]) : []
  const engine = components.find((component): component is { Name: string; Version?: unknown } => typeof (component as { Name?: unknown } | null)?.Name === 'string')
  const commit = textOf(version.GitCommit)
  return {
    product: productOf(engine?.Name),
    version: textOf(version.Version) ?? textOf(engine?.Version) ?? 'unknown',
    ...(commit !== undefined && { commit }),
    os: textOf(version.Os) ?? 'unknown',
    arch: textOf(version.Arch) ?? 'unknown',
    kernel: textOf(version.KernelVersion) ?? 'unknown',
  }
}

/** Docker calls its first component "Engine"; before 18.09 it names none. */
function productOf(component: string | undefined): string {
  if (component === undefined || component === 'Engine') return 'Docker'
  return component.replace(/ Engine$/, '')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
