import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TlsMaterial } from '../wire/endpoint.ts'
import { TargetError } from './target-error.ts'

/** What a docker context says of its daemon. */
export type DockerContext = { readonly host: string; readonly tls: TlsMaterial | undefined }

/**
 * The context that `docker context use` has chosen; undefined where none is.
 * @param folder docker's configuration folder
 * @throws TargetError where `config.json` can't be read
 */
export function currentContext(folder: string): string | undefined {
  const path = join(folder, 'config.json')
  if (!existsSync(path)) return undefined
  const { currentContext: current } = readJson(path) as { currentContext?: unknown }
  return typeof current === 'string' && current !== '' ? current : undefined
}

/**
 * Reads a context of the docker CLI: `contexts/meta/<sha256 of its name>/meta.json`, and its
 * TLS material in `contexts/tls/<the same>/docker/{ca,cert,key}.pem`.
 * @throws TargetError where there is no such context, or it names no daemon
 */
export function readContext(folder: string, name: string): DockerContext {
  const id = createHash('sha256').update(name).digest('hex')
  const path = join(folder, 'contexts', 'meta', id, 'meta.json')
  if (!existsSync(path)) throw new TargetError(`there is no docker context "${name}" in ${folder}: "docker context ls" lists them`)
  const meta = readJson(path) as { Endpoints?: { docker?: { Host?: unknown; SkipTLSVerify?: unknown } } }
  const docker = meta.Endpoints?.docker
  if (typeof docker?.Host !== 'string') throw new TargetError(`the docker context "${name}" names no daemon (${path} has no Endpoints.docker.Host)`)
  const material = (file: string) => {
    const pem = join(folder, 'contexts', 'tls', id, 'docker', file)
    return existsSync(pem) ? readFileSync(pem, 'utf8') : undefined
  }
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map(material)
  const secured = ca !== undefined || cert !== undefined || key !== undefined || docker.SkipTLSVerify === true
  if (!secured) return { host: docker.Host, tls: undefined }
  return {
    host: docker.Host,
    tls: { verify: docker.SkipTLSVerify !== true, ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
  }
}

function readJson(path: string): object {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new TargetError(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  if (typeof value !== 'object' || value === null) throw new TargetError(`${path} holds no JSON object`)
  return value
}
