import { inspect } from 'node:util'
import { chai, expect } from 'vitest'
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

/**
 * Matchers that break with a TypeError where the value is of another kind, which would look like a fault of the case. Whatever odd
 * JSON a daemon sends is the daemon's fault.
 */
const kinds: Readonly<Record<string, { readonly what: string; readonly is: (value: unknown) => boolean }>> = {
  ...Object.fromEntries(
    ['toBeGreaterThan', 'toBeGreaterThanOrEqual', 'toBeLessThan', 'toBeLessThanOrEqual', 'toBeCloseTo'].map((name) => [
      name,
      { what: 'a number', is: (value: unknown) => typeof value === 'number' || typeof value === 'bigint' },
    ]),
  ),
  toMatch: { what: 'a text', is: (value) => typeof value === 'string' },
  toHaveProperty: { what: 'an object', is: (value) => typeof value === 'object' && value !== null },
  toContainEqual: { what: 'a list', is: (value) => Array.isArray(value) },
}

/** On the prototype that every file's `expect` shares: says that its matchers are guarded already. */
const guarded = Symbol.for('plimsoll.guarded-matchers')

if (!Object.hasOwn(chai.Assertion.prototype, guarded)) {
  Object.defineProperty(chai.Assertion.prototype, guarded, { value: true })
  for (const [name, { what, is }] of Object.entries(kinds)) {
    chai.Assertion.overwriteMethod(name, (original: (...args: unknown[]) => unknown) =>
      function (this: { _obj: unknown }, ...args: unknown[]) {
        if (!is(this._obj)) throw new Nonconformance(`expected ${what}, got ${printable(inspect(this._obj, { breakLength: Infinity }), 300)}`)
        return original.apply(this, args)
      })
  }
}

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
