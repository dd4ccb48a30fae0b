// Test support.
import type { Exchange } from '../wire/exchange.ts'
import type { Requirement } from './outcome.ts'

/** A requirement with what a test says of it. */
export function requirement(own: Partial<Requirement> = {}): Requirement {
  return {
    id: 'thing-start', title: 'must start a thing', level: 'must', area: 'containers', operation: 'POST /things/{id}/start', sources: ['operation'],
    needs: [], alone: false, disposable: false, ...own,
  }
}

/** An exchange with what a test says of it. */
export function exchange(own: Partial<Exchange> = {}): Exchange {
  return { method: 'GET', path: '/v1.24/things', requestHeaders: [], status: 200, reason: 'OK', atMs: 0, durationMs: 5, ...own }
}
