import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Endpoint, TlsMaterial } from '../wire/endpoint.ts'
import { currentContext, readContext } from './contexts.ts'
import { TargetError } from './target-error.ts'

export { TargetError } from './target-error.ts'

/** What was asked for, and the environment that it was asked in. */
export type TargetRequest = {
  readonly host?: string
  readonly context?: string
  readonly tls?: {
    readonly tls?: boolean
    readonly tlsverify?: boolean
    readonly tlscacert?: string
    readonly tlscert?: string
    readonly tlskey?: string
  }
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Where the daemon is, and what said so. */
export type Target = { readonly endpoint: Endpoint; readonly from: string }

/** Where a daemon listens when nothing else is said. */
export const defaultHost = process.platform === 'win32' ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock'

/**
 * Finds the daemon by the docker CLI's own rules: `--host` or `--context`, else DOCKER_HOST,
 * else DOCKER_CONTEXT or the current context of the configuration, else the default socket.
 * @throws TargetError saying what is wrong with what was asked for
 */
export function resolveTarget(request: TargetRequest): Target {
  const { host, context, env } = request
  const folder = env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), '.docker')
  if (host !== undefined && context !== undefined) throw new TargetError('--host and --context both name a daemon: give one of them')
  if (host !== undefined) return { endpoint: endpointOf(host, request), from: '--host' }
  if (context !== undefined) return { endpoint: fromContext(context, folder, request), from: `the docker context "${context}"` }
  if (env.DOCKER_HOST) return { endpoint: endpointOf(env.DOCKER_HOST, request), from: 'DOCKER_HOST' }
  const current = env.DOCKER_CONTEXT || currentContext(folder)
  if (current !== undefined && current !== 'default') return { endpoint: fromContext(current, folder, request), from: `the docker context "${current}"` }
  return { endpoint: endpointOf(defaultHost, request), from: 'the default socket' }
}

/**
 * The endpoint of a host as `docker -H` writes one.
 * @throws TargetError
 */
export function parseHost(host: string, tls: TlsMaterial | undefined): Endpoint {
  const match = /^([a-z]+):\/\/(.*)$/i.exec(host)
  if (match === null) throw new TargetError(`"${host}" is no host: write unix:///path, tcp://host:port, http(s)://host:port, npipe:////./pipe/name or ssh://user@host`)
  const [, scheme = '', rest = ''] = match
  switch (scheme.toLowerCase()) {
    case 'unix':
      if (!rest.startsWith('/')) throw new TargetError(`"${host}": the path of a unix socket begins with a slash: unix:///var/run/docker.sock`)
      return { kind: 'socket', path: rest }
    case 'npipe':
      return { kind: 'socket', path: rest.replaceAll('/', '\\') }
    case 'tcp':
    case 'http':
    case 'https':
      return tcpEndpoint(host, scheme.toLowerCase() === 'https' ? (tls ?? { verify: true }) : scheme.toLowerCase() === 'http' ? undefined : tls)
    case 'ssh':
      return { kind: 'command', argv: sshCommand(host) }
    default:
      throw new TargetError(`"${host}": the scheme ${scheme}:// is not supported; there are unix, tcp, http, https, npipe and ssh`)
  }
}

function tcpEndpoint(host: string, tls: TlsMaterial | undefined): Endpoint {
  let url: URL
  try {
    // WHATWG URLs know the default ports of http only; any other scheme keeps the port as it is written.
    url = new URL(host.replace(/^[a-z]+:/i, 'tcp:'))
  } catch (error) {
    throw new TargetError(`"${host}" is no address: write tcp://host:port`, { cause: error })
  }
  if (url.hostname === '') throw new TargetError(`"${host}" names no host: write tcp://host:port`)
  if (url.username !== '' || url.password !== '') throw new TargetError(`"${host.replace(/\/\/.*@/, '//…@')}" holds credentials, which the Docker Engine API has no use for`)
  const port = url.port === '' ? (tls === undefined ? 2375 : 2376) : Number(url.port)
  const basePath = url.pathname.replace(/\/+$/, '')
  return {
    kind: 'tcp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    ...(tls && { tls }),
    ...(basePath !== '' && { basePath }),
  }
}

/** As the docker CLI connects: the remote docker hands the connection on to its own socket. */
function sshCommand(host: string): readonly [string, ...string[]] {
  let url: URL
  try {
    url = new URL(host)
  } catch (error) {
    throw new TargetError(`"${host}" is no address: write ssh://user@host:port`, { cause: error })
  }
  if (url.hostname === '') throw new TargetError(`"${host}" names no host: write ssh://user@host`)
  if (url.password !== '') throw new TargetError('a password in an ssh:// address is not supported: use a key')
  const user = decodeURIComponent(url.username)
  // A name that begins with a dash would be taken for an option of ssh.
  if (url.hostname.startsWith('-') || user.startsWith('-')) throw new TargetError(`"${host}" is no address: write ssh://user@host:port`)
  if (url.pathname !== '' && url.pathname !== '/' ) throw new TargetError(`"${host}": a path after the host is not supported with ssh://`)
  return [
    'ssh',
    ...(user === '' ? [] : ['-l', user]),
    ...(url.port === '' ? [] : ['-p', url.port]),
    '-o', 'ConnectTimeout=30',
    '-T',
    '--', url.hostname,
    'docker', 'system', 'dial-stdio',
  ]
}

function endpointOf(host: string, request: TargetRequest): Endpoint {
  return parseHost(host, tlsOf(request))
}

function tlsOf({ tls = {}, env }: TargetRequest): TlsMaterial | undefined {
  const verify = tls.tlsverify ?? Boolean(env.DOCKER_TLS_VERIFY)
  const named = tls.tlscacert !== undefined || tls.tlscert !== undefined || tls.tlskey !== undefined
  if (!verify && tls.tls !== true && !env.DOCKER_TLS && !named) return undefined
  const folder = env.DOCKER_CERT_PATH || join(env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), '.docker'))
  const ca = readMaterial(tls.tlscacert, join(folder, 'ca.pem'), '--tlscacert')
  const cert = readMaterial(tls.tlscert, join(folder, 'cert.pem'), '--tlscert')
  const key = readMaterial(tls.tlskey, join(folder, 'key.pem'), '--tlskey')
  if ((cert === undefined) !== (key === undefined)) throw new TargetError('a client certificate needs its key, and a key its certificate: give both --tlscert and --tlskey')
  return { verify: verify || tls.tlscacert !== undefined, ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
}

function readMaterial(named: string | undefined, otherwise: string, option: string): string | undefined {
  if (named === undefined && !existsSync(otherwise)) return undefined
  try {
    return readFileSync(named ?? otherwise, 'utf8')
  } catch (error) {
    throw new TargetError(`${option}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function fromContext(name: string, folder: string, request: TargetRequest): Endpoint {
  if (name === 'default') return endpointOf(request.env.DOCKER_HOST || defaultHost, request)
  const context = readContext(folder, name)
  return parseHost(context.host, context.tls)
}
