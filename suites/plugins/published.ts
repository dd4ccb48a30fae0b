import { Blocked, type Api, type ApiAnswer, type Stage } from '../../harness/case/index.ts'
import { blobsOf } from '../registry/pushed.ts'
import { tell, type Auth, type Registry, type Told } from '../registry/registry.ts'
import { plugin, privileges, type PluginConfig } from './plugins.ts'

/** A plugin's name in a registry of ours, with its tag; no other case has it. */
export const nameIn = (registry: Registry, stage: Stage): string => `${registry.host}/plimsoll/${stage.name('plugin')}:v1`

/** The manifest that a registry of ours has of a plugin. */
export function manifestOf(registry: Registry, name: string) {
  return registry.manifest(...inRegistry(registry, name))
}

/** The digests of what a registry of ours has of a plugin. @throws Nonconformance where it has nothing */
export function blobsIn(registry: Registry, name: string) {
  return blobsOf(registry, ...inRegistry(registry, name))
}

function inRegistry(registry: Registry, name: string): [path: string, tag: string] {
  const [path = '', tag = ''] = name.slice(`${registry.host}/`.length).split(':')
  return [path, tag]
}

/** Pushes a plugin, and reads all that the daemon tells of it. */
export async function push(api: Api, registry: Registry | undefined, name: string, auth?: Auth): Promise<Told> {
  return await tell(api, registry, `/plugins/${name}/push`, {}, auth)
}

/** A plugin that the registry has, and the daemon has no more. @throws Blocked where it does not get there */
export async function published(api: Api, stage: Stage, registry: Registry, config: PluginConfig, auth?: Auth): Promise<string> {
  const { name, path } = await plugin(api, stage, config, nameIn(registry, stage))
  const { status, error, exchange } = await push(api, registry, name, auth)
  if (status !== 200 || error !== undefined || manifestOf(registry, name) === undefined) {
    throw new Blocked(`could not push a plugin to pull it again: status ${status}, ${error ?? 'no error, and no manifest in the registry'}`, { exchange })
  }
  const answer = await api.delete(path)
  if (answer.status !== 200) throw new Blocked(`could not delete a plugin: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
  return name
}

/** Installs a plugin from a registry, and reads all that the daemon tells of it. What comes of it is removed when the case ends. */
export async function pull(
  api: Api, stage: Stage, registry: Registry | undefined, query: { readonly remote: string; readonly name?: string }, granted: readonly object[] = privileges, auth?: Auth,
): Promise<Told> {
  stage.adopt('plugin', query.name ?? query.remote)
  return await tell(api, registry, '/plugins/pull', query, auth, granted)
}

/** Upgrades a plugin to another from a registry, and reads all that the daemon tells of it. */
export async function upgrade(api: Api, registry: Registry | undefined, name: string, remote: string, granted: readonly object[] = privileges, auth?: Auth): Promise<Told> {
  return await tell(api, registry, `/plugins/${name}/upgrade`, { remote }, auth, granted)
}

/** Asks which privileges a plugin wants. The page names the parameter `name`; every Docker reads `remote`, and leaves the other alone. */
export async function askPrivileges(api: Api, name: string): Promise<ApiAnswer> {
  return await api.get('/plugins/privileges', { query: { name, remote: name } })
}
