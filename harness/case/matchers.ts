import { expect } from 'vitest'
import { Nonconformance } from './errors.ts'
import { printable } from '../wire/sanitize.ts'
import type { Exchange } from '../wire/exchange.ts'

type Answered = { readonly status: number; readonly exchange?: Exchange; readonly text?: string }

expect.extend({
  /** The answer's status is the documented one, or one of those that document and daemons can both be held to. */
  toAnswer(received: Answered, ...statuses: number[]) {
    const pass = statuses.includes(received.status)
    const where = received.exchange === undefined ? 'the daemon' : `${received.exchange.method} ${received.exchange.path}`
    const message = `${where}: expected ${this.isNot ? 'another status than ' : 'status '}${statuses.join(' or ')}, got ${received.status}${detail(received)}`
    // vitest would make a plain Error of it, which looks like a fault of ours, and lose the exchange.
    if (pass === Boolean(this.isNot)) throw new Nonconformance(message, received.exchange)
    return { pass, message: () => message }
  },
})

function detail(received: Answered): string {
  const text = received.text?.trim()
  return text === undefined || text === '' ? '' : ` with ${printable(text, 300)}`
}

declare module 'vitest' {
  // The parameters are vitest's own; merging asks for the same ones.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toAnswer(...statuses: number[]): R
  }
}

export { expect }
