import { createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { dial } from './dial.ts'
import { describeEndpoint, type Endpoint } from './endpoint.ts'

/** A socket that stands for another endpoint. */
export type GoBetween = {
  readonly endpoint: Endpoint
  /** What went wrong beside the bytes: connections that the endpoint refused, and what was reported. */
  readonly problems: readonly string[]
  /** Stops listening and closes all connections; each has been told of it when this resolves. */
  close(): Promise<void>
}

/** What becomes of one connection of a client. */
export type Between = {
  /** The endpoint has let it in: from now on the bytes of both sides are for this to carry. */
  joined(daemon: Duplex): void
  /** Both sides are closed. */
  closed?(): void
}

/**
 * Listens on a unix socket, and opens a connection to an endpoint for each that comes.
 * @param path of the socket; must not exist
 * @param between called for each connection, with its client's side and a way to report what goes wrong
 * @throws RangeError for an endpoint below a path: then requests would have to be changed
 * @throws Error where the socket can't be made
 */
export async function startGoBetween(target: Endpoint, path: string, between: (client: Duplex, report: (problem: unknown) => void) => Between): Promise<GoBetween> {
  if (target.kind === 'tcp' && target.basePath !== undefined && target.basePath !== '') {
    throw new RangeError(`${describeEndpoint(target)} has a path, and what goes there would have to be changed in each request`)
  }
  const problems: string[] = []
  const report = (problem: unknown) => void problems.push(problem instanceof Error ? (problem.stack ?? problem.message) : String(problem))
  const open = new Set<Duplex>()

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    open.add(client)
    const connection = between(client, report)
    let sides = 2
    const sideClosed = (side: Duplex) => () => {
      open.delete(side)
      sides -= 1
      if (sides === 0) connection.closed?.()
    }
    client.once('close', sideClosed(client))
    // What breaks is seen by `close`; without a listener it would end the process.
    client.on('error', () => {})
    dial(target).then(
      (daemon) => {
        open.add(daemon)
        daemon.once('close', sideClosed(daemon))
        daemon.on('error', () => {})
        if (client.destroyed) return void daemon.destroy()
        connection.joined(daemon)
      },
      (error: unknown) => {
        problems.push(error instanceof Error ? error.message : String(error))
        sides -= 1
        client.destroy()
      },
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  return {
    endpoint: { kind: 'socket', path },
    problems,
    async close() {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
      // The server waits for its own side of each connection alone.
      const ended = [...open].map((side) => new Promise<void>((resolve) => side.once('close', () => resolve())))
      for (const side of open) side.destroy()
      await Promise.all([stopped, ...ended])
    },
  }
}
