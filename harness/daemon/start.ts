import { setTimeout as pause } from 'node:timers/promises'
import type { ContainerRuntimeClient, WaitStrategy } from 'testcontainers'
import { DialError } from '../wire/dial.ts'
import type { Endpoint } from '../wire/endpoint.ts'
import { WireError } from '../wire/errors.ts'
import { decodeFrames } from '../wire/frames.ts'
import { createClient } from '../wire/http.ts'
import { printable } from '../wire/sanitize.ts'
import { daemonCommand } from './daemon-command.ts'
import { runLabel } from './marks.ts'
import { TargetError } from './target-error.ts'
import { parseHost, type Target } from './target.ts'

/** A daemon that was started to be judged. */
export type StartedDaemon = {
  readonly target: Target
  /** Removes its container, with the volumes that hold the daemon's data. @throws TargetError where it is still there */
  stop(): Promise<void>
}

/** How a daemon is started. */
export type StartOptions = {
  /** Whose its container is: "plimsoll clean" removes it, should this process be killed. */
  readonly runId: string
  /** Gives up the start, and removes what there is of the container. */
  readonly signal: AbortSignal
}

/** Where a daemon in a container listens, without TLS: the port that Docker's own images use. */
const port = 2375

/** How long it may take to its first answer, the pull of its image not counted. */
const startupTimeoutMs = 120_000

/** Between two looks at whether it answers. */
const everyMs = 100

/**
 * Starts a daemon in a privileged container, on the docker that testcontainers finds (DOCKER_HOST, the docker context, …). No other image is needed.
 * @param image one whose command is a daemon that listens on port 2375: `docker:28-dind`; Podman's are told to
 * @throws TargetError where there is no docker to start it on, or it does not answer; the signal's reason where that gave it up
 */
export async function startDaemon(image: string, { runId, signal }: StartOptions): Promise<StartedDaemon> {
  const named = printable(image, 200)
  // Only here: it looks for a docker as soon as it is loaded, and takes its time.
  const { GenericContainer, getContainerRuntimeClient } = await import('testcontainers')
  const docker = await findDocker(named, getContainerRuntimeClient)
  try {
    signal.throwIfAborted()
    const { host } = docker.info.containerRuntime
    const endpointAt = (mapped: number) => parseHost(`tcp://${host}:${mapped}`, undefined)
    const command = daemonCommand(image, port)
    const prepared = new GenericContainer(image)
      .withPrivilegedMode()
      // Its reaper would be one more image, and the label does what it is for.
      .withAutoCleanup(false)
      .withLabels({ [runLabel]: runId })
      // Docker's images make certificates, and listen on another port, unless this is empty.
      .withEnvironment({ DOCKER_TLS_CERTDIR: '' })
      .withExposedPorts(port)
      .withWaitStrategy(answersAt(endpointAt, signal))
      .withStartupTimeout(startupTimeoutMs)
    const container = await (command === undefined ? prepared : prepared.withCommand(command)).start()
    return {
      target: { endpoint: endpointAt(container.getMappedPort(port)), from: `started from the image ${named}` },
      async stop() {
        try {
          await container.stop({ remove: true, removeVolumes: true })
        } catch (error) {
          throw new TargetError(`the container ${container.getId()}, started from the image ${named}, could not be removed: ${messageOf(error)}. "plimsoll clean" tries it again`, { cause: error })
        }
      },
    }
  } catch (error) {
    const { ended, left } = await buryOf(docker, runId)
    if (signal.aborted && left === undefined) throw signal.reason
    throw new TargetError(
      `no daemon could be started from the image ${named}: ${ended ?? messageOf(error)}. It needs an image whose command is a daemon on port ${port}, such as docker:dind.${left === undefined ? '' : ` Its container could not be removed: ${left}`}`,
      { cause: error },
    )
  }
}

async function findDocker(named: string, find: () => Promise<ContainerRuntimeClient>): Promise<ContainerRuntimeClient> {
  try {
    return await find()
  } catch (error) {
    throw new TargetError(
      `no daemon could be started from the image ${named}, for it needs a docker to run on: ${messageOf(error)}. DOCKER_HOST or the docker context names one; ` +
        'where this runs in a container itself, TESTCONTAINERS_HOST_OVERRIDE names the host at which published ports are reached.',
      { cause: error },
    )
  }
}

/**
 * Removes the container of a start that failed: testcontainers leaves one whose ports were never bound, as they are not where it ended at once.
 * @returns how it ended, if it did, and why it is still there, if it is
 */
async function buryOf(docker: ContainerRuntimeClient, runId: string): Promise<{ readonly ended?: string | undefined; readonly left?: string }> {
  try {
    const container = await docker.container.fetchByLabel(runLabel, runId, { status: ['created', 'restarting', 'running', 'paused', 'exited', 'dead'] })
    if (container === undefined) return {}
    const ended = await endOf(container)
    await container.remove({ force: true, v: true })
    return { ended }
  } catch (error) {
    return { left: messageOf(error) }
  }
}

/** How a container ended, with the last that it said; undefined where it has not. */
async function endOf(container: Container): Promise<string | undefined> {
  const { State: state } = await container.inspect()
  if (state.Status !== 'exited') return undefined
  const said = decodeFrames(await container.logs({ stdout: true, stderr: true, tail: 2 })).map(({ payload }) => Buffer.from(payload).toString('utf8').trim())
  return `its container ended with exit code ${state.ExitCode}${said.length === 0 ? '' : ` and said: ${printable(said.join(' '), 400)}`}`
}

/** A container, as testcontainers has it. */
type Container = Parameters<WaitStrategy['waitUntilReady']>[0]

/** Waits for an answer to a ping: as testcontainers' own does, but ends where the container has ended, and where it is given up. */
function answersAt(endpointAt: (mapped: number) => Endpoint, signal: AbortSignal): WaitStrategy {
  let timeoutMs = startupTimeoutMs
  const strategy: WaitStrategy = {
    withStartupTimeout(given) {
      timeoutMs = given
      return strategy
    },
    isStartupTimeoutSet: () => true,
    getStartupTimeout: () => timeoutMs,
    async waitUntilReady(container, boundPorts) {
      const deadline = performance.now() + timeoutMs
      const client = createClient(endpointAt(boundPorts.getBinding(port)), { signal, longestMs: 2_000 })
      try {
        while (!(await answersPing(client, signal))) {
          const ended = await endOf(container)
          if (ended !== undefined) throw new Error(ended)
          if (performance.now() > deadline) throw new Error(`GET /_ping did not answer 200 within ${timeoutMs / 1000} s`)
          await pause(everyMs, undefined, { signal })
        }
      } finally {
        await client.close()
      }
    },
  }
  return strategy
}

async function answersPing(client: ReturnType<typeof createClient>, signal: AbortSignal): Promise<boolean> {
  try {
    return (await client.request('GET', '/_ping')).status === 200
  } catch (error) {
    signal.throwIfAborted()
    // Nobody listens yet; whatever else it is would be the same after the last try, and is told as that.
    if (error instanceof WireError || error instanceof DialError) return false
    throw error
  }
}

function messageOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error), 500)
}
