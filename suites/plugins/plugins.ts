import { Blocked, Nonconformance, NotApplicable, type Api, type ApiAnswer, type Query, type Stage } from '../../harness/case/index.ts'
import { guestRootfs } from '../../harness/guest/image.ts'
import { packTar, readTar, type TarInput } from '../../harness/wire/tar.ts'

/** A plugin that the case made. */
export type StagedPlugin = {
  /** With its tag. */
  readonly name: string
  /** `/plugins/<name>` */
  readonly path: string
}

/** What a plugin's `config.json` may say beside what all of them say here. */
export type PluginConfig = { readonly [field: string]: unknown }

/** The socket by which a daemon calls a plugin, in a folder that the daemon puts there. */
const socket = 'plimsoll.sock'

/** A plugin of a type that no part of a daemon looks for, so that nothing changes by its being there. Its program is the guest, which listens. */
const defaults = {
  Description: 'does nothing',
  Interface: { Types: ['plimsoll.nothing/1.0'], Socket: socket },
  Entrypoint: ['/bin/listen', `/run/docker/plugins/${socket}`],
  WorkDir: '/',
  Network: { Type: '' },
  Linux: { Capabilities: [], AllowAllDevices: false, Devices: [] },
  PropagatedMount: '',
  Mounts: [],
  Env: [],
  Args: { Name: '', Description: '', Settable: null, Value: [] },
}

/** A plugin that has all that can be said of one, for cases that look at its description. */
export const described = {
  Description: 'says all that can be said',
  WorkDir: '/data',
  User: { UID: 1000, GID: 2000 },
  Network: { Type: 'none' },
  Linux: {
    Capabilities: ['CAP_SYS_TIME'], AllowAllDevices: false,
    Devices: [{ Name: 'source', Description: 'where zeros come from', Settable: ['path'], Path: '/dev/zero' }],
  },
  Mounts: [{ Name: 'scratch', Description: 'a place for notes', Settable: ['source'], Source: 'tmpfs', Destination: '/scratch', Type: 'tmpfs', Options: ['nosuid'] }],
  Env: [
    { Name: 'COLOUR', Description: 'of the hull', Settable: ['value'], Value: 'blue' },
    { Name: 'FLAG', Description: 'at the mast', Settable: [], Value: 'white' },
  ],
  Args: { Name: 'args', Description: 'what it is called with', Settable: ['value'], Value: ['one', 'two'] },
} as const

/** The privileges that a plugin described so asks for, as a client sends back those that its user has granted. */
export const privileges = [
  { Name: 'network', Description: 'permissions to access a network', Value: ['none'] },
  { Name: 'mount', Description: 'host path to mount', Value: ['tmpfs'] },
  { Name: 'device', Description: 'host device to access', Value: ['/dev/zero'] },
  { Name: 'capabilities', Description: 'list of additional capabilities required', Value: ['CAP_SYS_TIME'] },
] as const

/** Where a plugin says that it is documented. */
export const documentation = (name: string) => `https://plimsoll.test/${name}`

/** `config.json` of a plugin. Docker refuses a second plugin with the same bytes in it, so that the name is in there. */
export const configFile = (name: string, config: PluginConfig = {}): TarInput => ({
  name: 'config.json', content: JSON.stringify({ ...defaults, Documentation: documentation(name), ...config }),
})

/** `rootfs/` of a plugin: the guest, its name as a listener, and a file with the plugin's name, for the same reason. */
export async function rootfs(api: Api, plugin: string): Promise<TarInput[]> {
  const architecture = (await api.get('/info')).at('Architecture')
  const needed = ['bin/', 'bin/guest', 'bin/listen']
  const entries = await readTar(await guestRootfs(architecture === 'aarch64' || architecture === 'arm64' ? 'arm64' : 'amd64'))
  return [
    { name: 'rootfs/', type: 'directory' },
    { name: 'rootfs/name', content: plugin },
    ...entries.filter(({ name }) => needed.includes(name)).map(({ name, type, mode, content, linkname }): TarInput => ({
      name: `rootfs/${name}`, type, mode, content, ...(linkname !== undefined && { linkname: `rootfs/${linkname}` }),
    })),
  ]
}

/** `POST /plugins/create`: the answer is the case's to judge. What comes of it is removed when the case ends. */
export async function create(api: Api, stage: Stage, name: string, files: readonly TarInput[] | Buffer): Promise<ApiAnswer> {
  stage.adopt('plugin', name)
  const body = Buffer.isBuffer(files) ? files : await packTar(files as readonly TarInput[])
  return await api.post('/plugins/create', { query: { name }, body, headers: { 'Content-Type': 'application/x-tar' } })
}

/** A plugin that is there, and not enabled. @throws Blocked where the daemon does not make it */
export async function plugin(api: Api, stage: Stage, config: PluginConfig = {}, name = `${stage.name('plugin')}:v1`): Promise<StagedPlugin> {
  const answer = await create(api, stage, name, [configFile(name, config), ...(await rootfs(api, name))])
  if (answer.status !== 204) throw new Blocked(`could not create a plugin: expected status 204, got ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
  return { name, path: `/plugins/${name}` }
}

/** The query of an enabling: documented to be 0 where it is left out, which every Docker refuses, as a case of its own shows. */
export const timeout: Query = { timeout: 0 }

/** A plugin that is enabled. @throws Blocked where the daemon does not make it */
export async function enabled(api: Api, stage: Stage, config: PluginConfig = {}): Promise<StagedPlugin> {
  const made = await plugin(api, stage, config)
  const answer = await api.post(`${made.path}/enable`, { query: timeout })
  if (answer.status !== 200) throw new Blocked(`could not enable a plugin: expected status 200, got ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
  return made
}

/** Whether a plugin is enabled. @throws Nonconformance where the daemon does not say */
export async function isEnabled(api: Api, { path }: StagedPlugin): Promise<boolean> {
  const answer = await api.get(`${path}/json`)
  const is = answer.at('Enabled')
  if (answer.status !== 200 || typeof is !== 'boolean') throw new Nonconformance(`expected the plugin with Enabled, got status ${answer.status}`, answer.exchange)
  return is
}

/**
 * The page of 1.24 has plugins in a chapter that is headed "experimental": a daemon that has no experiments need not have them.
 * @throws NotApplicable where it does not
 */
export async function requireExperiment(api: Api): Promise<void> {
  // Those that cases at other versions make meanwhile are not to be seen in here: a page of 1.24 has them otherwise.
  if ((await api.get('/plugins', { query: { filters: { capability: ['plimsoll.none/1'] } } })).status !== 404 || (await api.get('/info')).at('ExperimentalBuild') === true) return
  throw new NotApplicable('plugins are an experiment at 1.24, and the daemon has none: GET /plugins answers 404')
}
