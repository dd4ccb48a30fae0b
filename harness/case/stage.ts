import { caseLabel, namePrefix, runLabel } from '../daemon/marks.ts'
import type { Client } from '../wire/http.ts'
import { decodeFrames, demultiplex, type Frame } from '../wire/frames.ts'
import type { Api, ApiAnswer, Query } from './api.ts'
import { Blocked } from './errors.ts'
import { remove, type StagedKind } from './remove.ts'
import { createImageStage, removeLabelled, stageLabel, type ImageStage } from './stage-images.ts'

/** A container that the case made. */
export type Box = {
  readonly id: string
  readonly name: string
  /** `/containers/<id>` */
  readonly path: string
}

/** What a process left behind. */
export type Output = { readonly stdout: string; readonly stderr: string; readonly exitCode: number }

/** An exec instance that the case made. */
export type StagedExec = { readonly id: string; readonly path: string }

/** The body of a create request: a container's configuration with its HostConfig. */
export type ContainerConfig = { readonly [field: string]: unknown; readonly HostConfig?: { readonly [field: string]: unknown } }

/** How a container is staged. */
export type ContainerOptions = {
  /** A name of its own instead of one that the stage makes up; must come from `stage.name()`. */
  readonly name?: string
  readonly query?: Query
}

/**
 * Where a case makes what it needs. Everything has the run's name and label, and is removed when the case ends.
 * The methods that prepare something throw Blocked where the daemon does not do it: then nothing was judged.
 * Containers get the guest image, and no network unless the configuration says otherwise, for that takes time.
 */
export type Stage = ImageStage & {
  /** A name that no other case or run uses. */
  name(hint?: string): string
  /** The labels that mark an object as this run's; for bodies that the case writes itself. */
  readonly labels: Readonly<Record<string, string>>
  /** `POST /containers/create` with label, name and guest image added: the answer is the case's to judge. */
  create(config?: ContainerConfig, options?: ContainerOptions): Promise<ApiAnswer>
  /** A created container. */
  container(config?: ContainerConfig, options?: ContainerOptions): Promise<Box>
  /** A started container; holds until it is stopped unless `Cmd` says otherwise. */
  running(config?: ContainerConfig, options?: ContainerOptions): Promise<Box>
  /** A container that ran to its end. */
  exited(config?: ContainerConfig, options?: ContainerOptions): Promise<Box & { readonly exitCode: number }>
  /** Runs a container to its end and gives what its process wrote. Not for a tty. */
  output(config: ContainerConfig, options?: ContainerOptions): Promise<Output & { readonly box: Box }>
  /** Creates an exec instance in a running container. */
  exec(box: { readonly id: string }, config: { readonly Cmd: readonly string[]; readonly [field: string]: unknown }): Promise<StagedExec>
  /** Runs a command in a running container and gives what it wrote. */
  run(box: { readonly id: string }, ...command: string[]): Promise<Output>
  /** A network. Needs API 1.21. */
  network(config?: Readonly<Record<string, unknown>>): Promise<{ readonly id: string; readonly name: string }>
  /** A volume. Needs API 1.21. */
  volume(config?: Readonly<Record<string, unknown>>): Promise<{ readonly name: string }>
  /** Another name for the guest image. */
  imageName(): Promise<string>
  /** Takes over an object that the case made by a request of its own; it is removed at the end. */
  adopt(kind: StagedKind, idOrName: string): void
  /** Runs when the case has ended, before objects are removed. */
  defer(undo: () => void | Promise<void>): void
}

/** What a stage is made of. */
export type StageParts = {
  readonly api: Api
  /** For removal: requests that are no part of the evidence. */
  readonly control: Client
  readonly caseId: string
  readonly runId: string
  readonly guestImage: string
}

/** Makes the stage of one case, and the function that clears it away: it returns what could not be removed. */
export function createStage(parts: StageParts): { stage: Stage; strike: () => Promise<string[]> } {
  const { api, control, caseId, runId, guestImage } = parts
  const labels = { [runLabel]: runId, [caseLabel]: caseId }
  const made: { kind: StagedKind; id: string }[] = []
  const undos: (() => void | Promise<void>)[] = []
  const token = Math.random().toString(36).slice(2, 8)
  let names = 0
  let imagesUsed = false

  const name = (hint = 'x') => `${namePrefix}${runId}-${token}-${++names}-${hint}`
  const adopt = (kind: StagedKind, id: string) => void made.push({ kind, id })

  async function create(config: ContainerConfig = {}, options: ContainerOptions = {}): Promise<ApiAnswer> {
    // Most guests talk to nobody. For one with networking disabled Docker prepares nothing at all, where a network of no members still
    // makes dockerd start itself twice: a quarter of what such a guest costs.
    const networked = [config.NetworkDisabled, config.NetworkingConfig, config.HostConfig?.NetworkMode].some((setting) => setting !== undefined)
    const answer = await api.post('/containers/create', {
      query: { name: options.name ?? name('box'), ...options.query },
      body: {
        Image: guestImage,
        ...(!networked && { NetworkDisabled: true }),
        ...config,
        Labels: { ...(config.Labels as object | undefined), ...labels },
        HostConfig: { ...(!networked && { NetworkMode: 'none' }), ...config.HostConfig },
      },
    })
    return answer
  }

  async function container(config: ContainerConfig = {}, options: ContainerOptions = {}): Promise<Box> {
    const boxName = options.name ?? name('box')
    const answer = await create(config, { ...options, name: boxName })
    const id: unknown = staged(answer, 201, 'create a container').at('Id')
    if (typeof id !== 'string') throw new Blocked('the daemon created a container and gave no Id', { exchange: answer.exchange })
    return { id, name: boxName, path: `/containers/${id}` }
  }

  async function start(box: Box): Promise<void> {
    staged(await api.post(`${box.path}/start`), 204, 'start a container')
  }

  async function waitForExit(box: Box): Promise<number> {
    const answer = staged(await api.post(`${box.path}/wait`, { timeoutMs: 20_000 }), 200, 'wait for a container')
    // Docker wakes those who wait a moment before its lists know; inspecting takes the container's lock, and so waits until they do.
    await api.get(`${box.path}/json`)
    return Number(answer.at('StatusCode'))
  }

  async function exited(config: ContainerConfig = {}, options: ContainerOptions = {}): Promise<Box & { exitCode: number }> {
    const box = await container({ Cmd: ['exit', '0'], ...config }, options)
    await start(box)
    return { ...box, exitCode: await waitForExit(box) }
  }

  async function exec(box: { readonly id: string }, config: { readonly Cmd: readonly string[]; readonly [field: string]: unknown }): Promise<StagedExec> {
    const answer = await api.post(`/containers/${box.id}/exec`, { body: { AttachStdout: true, AttachStderr: true, ...config } })
    const id: unknown = staged(answer, 201, 'create an exec instance').at('Id')
    if (typeof id !== 'string') throw new Blocked('the daemon created an exec instance and gave no Id', { exchange: answer.exchange })
    return { id, path: `/exec/${id}` }
  }

  const mark = `${runId}-${token}`
  const imageStage = createImageStage({ api, name, labels: { ...labels, [stageLabel]: mark }, guestImage, onUse: () => void (imagesUsed = true) })

  const stage: Stage = {
    ...imageStage,
    name,
    labels,
    adopt,
    defer: (undo) => void undos.push(undo),
    create,
    container,
    exec,
    exited,
    async running(config = {}, options) {
      const box = await container({ Cmd: ['hold'], ...config }, options)
      await start(box)
      return box
    },
    async output(config, options) {
      const box = await exited(config, options)
      const answer = staged(await api.get(`${box.path}/logs`, { query: { stdout: 1, stderr: 1 } }), 200, 'read the output of a container')
      return { box, exitCode: box.exitCode, ...textOfFrames(decodeFrames(answer.body)) }
    },
    async run(box, ...command) {
      const instance = await exec(box, { Cmd: command })
      const stream = await api.hijack('POST', `${instance.path}/start`, { body: { Detach: false, Tty: false } })
      if (stream.status !== 200 && stream.status !== 101) {
        const refusal = await stream.refusal()
        throw new Blocked(`could not start an exec instance: status ${refusal.status}, ${refusal.text}`, { exchange: refusal.exchange })
      }
      const output = textOfFrames(await stream.allFrames())
      stream.close()
      const inspected = staged(await api.get(`${instance.path}/json`), 200, 'inspect an exec instance')
      return { ...output, exitCode: Number(inspected.at('ExitCode')) }
    },
    async network(config = {}) {
      const networkName = name('net')
      const answer = await api.post('/networks/create', { body: { Name: networkName, ...config, Labels: { ...(config.Labels as object | undefined), ...labels } } })
      const id: unknown = staged(answer, 201, 'create a network').at('Id')
      if (typeof id !== 'string') throw new Blocked('the daemon created a network and gave no Id', { exchange: answer.exchange })
      return { id, name: networkName }
    },
    async volume(config = {}) {
      const volumeName = name('vol')
      staged(await api.post('/volumes/create', { body: { Name: volumeName, ...config, Labels: { ...(config.Labels as object | undefined), ...labels } } }), 201, 'create a volume')
      return { name: volumeName }
    },
    async imageName() {
      const repository = name('image')
      staged(await api.post(`/images/${guestImage}/tag`, { query: { repo: repository, tag: 'latest' } }), 201, 'tag an image')
      adopt('image', `${repository}:latest`)
      return `${repository}:latest`
    },
  }

  return { stage, strike }

  async function strike(): Promise<string[]> {
    const left: string[] = []
    const removeAllLabelled = async (kind: 'container' | 'image') => {
      if (imagesUsed) left.push(...(await removeLabelled(control, kind, mark)))
    }
    for (const undo of undos.reverse()) {
      try {
        await undo()
      } catch (error) {
        left.push(`clearing up failed: ${String(error)}`)
      }
    }
    // Containers first: they hold on to networks, volumes and images.
    await removeAllLabelled('container')
    for (const { kind, id } of made.reverse().sort((one, other) => Number(other.kind === 'container') - Number(one.kind === 'container'))) {
      const problem = await remove(control, kind, id)
      if (problem !== undefined) left.push(problem)
    }
    await removeAllLabelled('image')
    return left
  }
}

function staged(answer: ApiAnswer, status: number, what: string): ApiAnswer {
  if (answer.status === status) return answer
  throw new Blocked(`could not ${what}: expected status ${status}, got ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
}

function textOfFrames(frames: readonly Frame[]): { stdout: string; stderr: string } {
  const { stdout, stderr } = demultiplex(frames)
  return { stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') }
}
