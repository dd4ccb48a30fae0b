import { expect } from 'vitest'
import { printable } from '../wire/sanitize.ts'
import type { Exchange } from '../wire/exchange.ts'

type Answered = { readonly status: number; readonly exchange?: Exchange; readonly text?: string }

expect.extend({
  /** The answer's status is the documented one, or one of those that document and daemons can both be held to. */
  toAnswer(received: Answered, ...statuses: number[]) {
    const pass = statuses.includes(received.status)
    const where = received.exchange === undefined ? 'the daemon' : `${received.exchange.method} ${received.exchange.path}`
    return {
      pass,
      message: () => `${where}: expected ${this.isNot ? 'another status than ' : 'status '}${statuses.join(' or ')}, got ${received.status}${detail(received)}`,
      actual: received.status,
      expected: statuses.join(' or '),
    }
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
