import type { Duplex } from 'node:stream'
import type { Endpoint } from './endpoint.ts'
import { startGoBetween, type GoBetween } from './go-between.ts'

/** Hears what goes over one relayed connection; it can't change it. What a tap throws is kept, and the connection goes on. */
export type Tap = {
  fromClient(bytes: Uint8Array): void
  fromDaemon(bytes: Uint8Array): void
  /** The connection is closed in both directions. */
  closed(): void
}

/**
 * Listens on a unix socket and relays each connection to an endpoint, byte for byte: in both directions, each with its own end
 * (half-close), and no faster than the slower side reads. When it has closed, the taps have heard it.
 * @param path of the socket; must not exist
 * @param tapOf makes the tap of one connection
 * @throws what starting a go-between throws
 */
export async function startRelay(target: Endpoint, path: string, tapOf: () => Tap): Promise<GoBetween> {
  return await startGoBetween(target, path, (client, report) => {
    const tap = tapOf()
    const guarded = (hear: () => void) => {
      try {
        hear()
      } catch (error) {
        report(`a tap failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      }
    }
    return {
      joined(daemon) {
        pump(client, daemon, (bytes) => guarded(() => tap.fromClient(bytes)))
        pump(daemon, client, (bytes) => guarded(() => tap.fromDaemon(bytes)))
      },
      closed: () => guarded(() => tap.closed()),
    }
  })
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
