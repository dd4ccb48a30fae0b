import { inspect } from 'node:util'
import { FrameError } from '../wire/frames.ts'
import { HeadError } from '../wire/head.ts'
import { JsonStreamError } from '../wire/json-stream.ts'
import { TarError } from '../wire/tar.ts'
import { DialError } from '../wire/dial.ts'
import { WireError } from '../wire/errors.ts'
import type { Exchange } from '../wire/exchange.ts'
import { printable } from '../wire/sanitize.ts'
import { Blocked, Nonconformance, NotApplicable } from './errors.ts'
import { knownAs, knownFailingsOf, refuted, type KnownFailing } from './known-failings.ts'
import type { Failure, Outcome, Requirement } from './outcome.ts'
import type { ApiVersion } from '../versions.ts'

/** A verdict with what is to be said of it. */
export type Judgement = Pick<Outcome, 'verdict' | 'reason' | 'link' | 'unstaged' | 'failure'>

/**
 * Judges how a case's body ended.
 * @param thrown what the body threw; undefined where it returned
 * @param documented the requirement's text with its source
 */
export function judge(
  requirement: Requirement,
  version: ApiVersion,
  ended: { readonly thrown?: unknown; readonly transcript: readonly Exchange[]; readonly documented: string },
  known: readonly KnownFailing[],
): Judgement {
  const { thrown } = ended
  if (thrown === undefined) {
    const stale = refuted(knownFailingsOf(known, requirement.id, version))
    if (stale === undefined) return { verdict: 'pass' }
    return { verdict: 'stale', reason: `it passes, but is listed as known to fail ("${stale.reason}"): take the entry off the list` }
  }
  if (thrown instanceof NotApplicable) return { verdict: 'not-applicable', reason: thrown.message }

  const text = printable(thrown instanceof Error ? thrown.message : String(thrown), 2000) + comparison(thrown)
  const blocked = thrown instanceof Blocked
  if (!blocked && !blamesDaemon(thrown)) {
    const stack = thrown instanceof Error ? (thrown.stack ?? text) : text
    return { verdict: 'fault', reason: printable(`the suite itself broke: ${stack}`, 4000) }
  }
  const failure = describe(ended, text, blocked ? thrown.exchange : exchangeOf(thrown))
  const entry = knownAs(known, requirement.id, version, text)
  if (entry !== undefined) return { verdict: 'known', reason: entry.reason, link: entry.link, ...(blocked && { unstaged: true as const }), failure }
  if (blocked) return { verdict: 'blocked', reason: text, failure }
  return { verdict: 'fail', reason: text.split('\n', 1)[0] ?? text, failure }
}

/** Whether an error says something about the daemon: an assertion about its answers, or bytes that follow no protocol. */
function blamesDaemon(thrown: unknown): boolean {
  return (
    thrown instanceof Nonconformance ||
    thrown instanceof WireError ||
    thrown instanceof DialError ||
    thrown instanceof FrameError ||
    thrown instanceof HeadError ||
    thrown instanceof JsonStreamError ||
    thrown instanceof TarError ||
    (thrown instanceof Error && thrown.name === 'AssertionError')
  )
}

function exchangeOf(thrown: unknown): Exchange | undefined {
  return thrown instanceof Nonconformance || thrown instanceof WireError ? thrown.exchange : undefined
}

function describe(ended: { transcript: readonly Exchange[]; documented: string }, difference: string, exchange = ended.transcript.at(-1)): Failure {
  return {
    documented: ended.documented,
    difference,
    ...(exchange === undefined ? {} : { sent: `${exchange.method} ${printable(exchange.path, 500)}`, received: describeAnswer(exchange) }),
  }
}

function describeAnswer(exchange: Exchange): string {
  if (exchange.status === undefined) return exchange.error ?? 'no answer'
  const body = exchange.responseBody === undefined ? '' : printable(Buffer.from(exchange.responseBody.base64, 'base64').toString('utf8').trim(), 400)
  return `${exchange.status} ${printable(exchange.reason ?? '', 80)}${body === '' ? '' : `: ${body}`}`
}

/** What an assertion compared: its message alone cuts objects short. */
function comparison(thrown: unknown): string {
  if (!(thrown instanceof Error) || thrown.name !== 'AssertionError') return ''
  const { expected, actual } = thrown as { expected?: unknown; actual?: unknown }
  const compound = [expected, actual].some((value) => (typeof value === 'object' && value !== null) || (typeof value === 'string' && value.length > 40))
  return compound ? `; expected ${brief(expected)}; got ${brief(actual)}` : ''
}

function brief(value: unknown): string {
  return printable(inspect(value, { depth: 6, breakLength: Infinity, maxArrayLength: 20, maxStringLength: 300 }), 1_000)
}
