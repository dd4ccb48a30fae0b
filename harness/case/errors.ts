import type { Exchange } from '../wire/exchange.ts'

/** The daemon did something other than what is documented. */
export class Nonconformance extends Error {
  readonly exchange: Exchange | undefined

  constructor(message: string, exchange?: Exchange) {
    super(message)
    this.name = 'Nonconformance'
    this.exchange = exchange
  }
}

/** A case could not be brought to the point where it judges: its verdict is `blocked`. */
export class Blocked extends Error {
  readonly exchange: Exchange | undefined

  constructor(message: string, options: { exchange?: Exchange | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Blocked'
    this.exchange = options.exchange
  }
}

/** A case found out while running that it can't be held against this daemon: its verdict is `not-applicable`. */
export class NotApplicable extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NotApplicable'
  }
}
