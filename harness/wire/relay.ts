import { createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { dial } from './dial.ts'
import { describeEndpoint, type Endpoint } from './endpoint.ts'

/** Hears what goes over one relayed connection; it can't change it. What a tap throws is kept, and the connection goes on. */
export type Tap = {
  fromClient(bytes: Uint8Array): void
  fromDaemon(bytes: Uint8Array): void
  /** The connection is closed in both directions. */
  closed(): void
}

/** A socket that stands for another endpoint. */
export type Relay = {
  readonly endpoint: Endpoint
  /** What went wrong beside the bytes: connections that the endpoint refused, taps that threw. */
  readonly problems: readonly string[]
  /** Stops listening and closes all connections; their taps have heard it when this resolves. */
  close(): Promise<void>
}

/**
 * Listens on a unix socket and relays each connection to an endpoint, byte for byte: in both directions, each with its own end
 * (half-close), and no faster than the slower side reads.
 * @param path of the socket; must not exist
 * @param tapOf makes the tap of one connection
 * @throws RangeError for an endpoint below a path: then requests would have to be changed
 * @throws Error where the socket can't be made
 */
export async function startRelay(target: Endpoint, path: string, tapOf: () => Tap): Promise<Relay> {
  if (target.kind === 'tcp' && target.basePath !== undefined && target.basePath !== '') {
    throw new RangeError(`${describeEndpoint(target)} has a path, and relaying to it would change each request`)
  }
  const problems: string[] = []
  const open = new Set<Duplex>()
  const guarded = (hear: () => void) => {
    try {
      hear()
    } catch (error) {
      problems.push(`a tap failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    open.add(client)
    const tap = tapOf()
    let sides = 2
    const closed = (side: Duplex) => () => {
      open.delete(side)
      sides -= 1
      if (sides === 0) guarded(() => tap.closed())
    }
    client.once('close', closed(client))
    // What breaks is seen by `close`; without a listener it would end the process.
    client.on('error', () => {})
    dial(target).then(
      (daemon) => {
        open.add(daemon)
        daemon.once('close', closed(daemon))
        daemon.on('error', () => {})
        if (client.destroyed) return void daemon.destroy()
        pump(client, daemon, (bytes) => guarded(() => tap.fromClient(bytes)))
        pump(daemon, client, (bytes) => guarded(() => tap.fromDaemon(bytes)))
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
      // The server waits for its own side of each connection alone, and a tap is told of the end of both.
      const ended = [...open].map((side) => new Promise<void>((resolve) => side.once('close', () => resolve())))
      for (const side of open) side.destroy()
      await Promise.all([stopped, ...ended])
    },
  }
}

/** Carries the bytes of one direction and its end. Where one side is closed, so is the other, once it has what was sent before. */
function pump(from: Duplex, to: Duplex, hear: (bytes: Uint8Array) => void): void {
  from.on('data', (bytes: Buffer) => {
    hear(bytes)
    if (to.writable && !to.write(bytes)) {
      from.pause()
      to.once('drain', () => from.resume())
    }
  })
  from.once('end', () => to.end())
  from.once('close', () => {
    if (to.writableFinished) to.destroy()
    else to.end(() => to.destroy())
  })
  from.resume()
}
