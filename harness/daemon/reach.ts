import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WireError } from '../wire/errors.ts'
import type { Client } from '../wire/http.ts'
import { ownAddresses } from '../wire/own-addresses.ts'
import type { CapabilityRecord } from './capabilities.ts'

/** Whether a daemon can reach servers of ours, and at which address it does. */
export type Reach = CapabilityRecord & { readonly address?: string }

/** A daemon that is sent to an address without a route may wait for minutes. */
const patienceMs = 5_000
/** The loopback and four more: a machine may have a great many. */
const mostAddresses = 5

/**
 * Finds out whether the daemon can connect to this process: it is asked to import an image from an address of ours, and gets
 * a 404 there, so that it makes nothing.
 */
export async function tryReach(control: Client): Promise<Reach> {
  const asked = new Set<string>()
  const server = createServer((request, response) => {
    asked.add(request.url ?? '')
    // Podman imports whatever comes, and takes nothing at all for an empty archive.
    response.writeHead(404).end('no archive')
  })
  await new Promise<void>((resolve, reject) => void server.once('error', reject).listen(0, '0.0.0.0', resolve))
  const { port } = server.address() as AddressInfo
  const tried = ownAddresses().slice(0, mostAddresses)
  try {
    await Promise.all(
      tried.map(async (address) => {
        const from = `http://${address}:${port}/${address}`
        try {
          await control.request('POST', `/images/create?fromSrc=${encodeURIComponent(from)}`, { timeoutMs: patienceMs })
        } catch (error) {
          // Whatever came of it on the daemon's side: what counts is whether it asked us.
          if (!(error instanceof WireError)) throw error
        }
      }),
    )
    const address = tried.find((each) => asked.has(`/${each}`))
    if (address !== undefined) return { present: true, reason: `the daemon connected to ${address}`, address }
    return { present: false, reason: `the daemon did not connect to any of ${tried.join(', ')} when it was asked to import from there` }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
