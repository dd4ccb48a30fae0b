import type { Failure, Outcome } from '../harness/case/outcome.ts'
import { visible } from './visible.ts'

/** The four parts of a failure with their names, in the order in which they are read; parts that it lacks are left out. */
export function failureParts(failure: Failure): (readonly [name: string, text: string])[] {
  const parts = [
    ['documented', failure.documented],
    ['sent', failure.sent],
    ['received', failure.received],
    ['difference', failure.difference],
  ] as const
  return parts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]))
}

/** Why an outcome is not a pass, in one line that is safe to show. */
export function reasonLine(outcome: Outcome): string {
  const text = outcome.reason ?? outcome.failure?.difference ?? ''
  return visible(text.split('\n', 1)[0] ?? '')
}

/** Why an outcome is not a pass, in full, as plain text that is safe to show. */
export function explain(outcome: Outcome): string {
  const parts = outcome.failure === undefined ? [] : failureParts(outcome.failure).map(([name, text]) => `${`${name}:`.padEnd(12)}${indented(text)}`)
  const link = outcome.link === undefined ? [] : [`link:       ${outcome.link}`]
  return visible([...(outcome.reason === undefined ? [] : [outcome.reason]), ...parts, ...link].join('\n'))
}

function indented(text: string): string {
  return text.replaceAll('\n', `\n${' '.repeat(12)}`)
}
