import type { Client } from '../wire/http.ts'
import { printable } from '../wire/sanitize.ts'
import { guestArchive, type GuestArch } from './image.ts'

/** The guest could not be brought onto the daemon. The message says why, and what to do. */
export class GuestError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'GuestError'
  }
}

/**
 * Brings the guest's image onto the daemon by `/images/load`, so that no registry is needed.
 * @param reference the name that it gets there
 * @throws GuestError where the daemon does not take it
 */
export async function loadGuest(client: Client, arch: GuestArch, reference: string): Promise<void> {
  const archive = await guestArchive(arch, reference)
  const answer = await client.request('POST', '/images/load?quiet=1', { body: archive, headers: { 'Content-Type': 'application/x-tar' }, timeoutMs: 120_000 })
  if (answer.status !== 200) throw new GuestError(`the daemon did not take the guest's image: POST /images/load answered ${answer.status}, ${printable(answer.text, 300)}`)
  await requireImage(client, reference, `the daemon said that it loaded the guest's image (${printable(answer.text, 200)}), and does not have it`)
}

/**
 * Makes sure that the daemon has an image.
 * @throws GuestError beginning with `complaint`
 */
export async function requireImage(client: Client, reference: string, complaint: string): Promise<void> {
  const answer = await client.request('GET', `/images/${reference}/json`)
  if (answer.status !== 200) throw new GuestError(`${complaint}: GET /images/${reference}/json answered ${answer.status}, ${printable(answer.text, 300)}`)
}
