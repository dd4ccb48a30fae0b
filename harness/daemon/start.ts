import { printable } from '../wire/sanitize.ts'
import { TargetError } from './target-error.ts'
import { parseHost, type Target } from './target.ts'

/** A daemon that was started to be judged. */
export type StartedDaemon = {
  readonly target: Target
  /** Removes its container, with the volumes that hold the daemon's data. */
  stop(): Promise<void>
}

/** Where a daemon in a container listens, without TLS: the port that Docker's own images use. */
const port = 2375

/** How long it may take to its first answer, the pull of its image not counted. */
const startupTimeoutMs = 120_000

/**
 * Starts a daemon in a privileged container, on the docker that testcontainers finds (DOCKER_HOST, the docker context, …).
 * @param image one whose command is a daemon that listens on port 2375: `docker:28-dind`
 * @throws TargetError where there is no docker to start it on, or it does not answer
 */
export async function startDaemon(image: string): Promise<StartedDaemon> {
  // Only here: it looks for a docker as soon as it is loaded, and takes its time.
  const { GenericContainer, Wait } = await import('testcontainers')
  try {
    const container = await new GenericContainer(image)
      .withPrivilegedMode()
      // Docker's images make certificates, and listen on another port, unless this is empty.
      .withEnvironment({ DOCKER_TLS_CERTDIR: '' })
      .withExposedPorts(port)
      .withWaitStrategy(Wait.forHttp('/_ping', port).forStatusCode(200))
      .withStartupTimeout(startupTimeoutMs)
      .start()
    return {
      target: { endpoint: parseHost(`tcp://${container.getHost()}:${container.getMappedPort(port)}`, undefined), from: `started from the image ${printable(image, 200)}` },
      async stop() {
        await container.stop({ remove: true, removeVolumes: true })
      },
    }
  } catch (error) {
    const why = printable(error instanceof Error ? error.message : String(error), 500)
    throw new TargetError(`no daemon could be started from the image ${printable(image, 200)}: ${why}. It needs a docker to run on, and an image whose command is a daemon on port ${port}, such as docker:dind.`, { cause: error })
  }
}
