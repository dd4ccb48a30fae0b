import type { Exchange } from './exchange.ts'

/** What went wrong between us and the daemon, below HTTP's own status codes. */
export type WireErrorKind = 'deadline' | 'connection' | 'too-large' | 'aborted'

/** An exchange that did not come to its end. Says nothing yet about whose fault that is. */
export class WireError extends Error {
  readonly kind: WireErrorKind
  readonly exchange: Exchange | undefined

  constructor(kind: WireErrorKind, message: string, options: { exchange?: Exchange; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'WireError'
    this.kind = kind
    this.exchange = options.exchange
  }
}
