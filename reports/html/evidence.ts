import type { Failure, Outcome } from '../../harness/case/outcome.ts'
import { failureParts } from '../explain.ts'
import { markup, type Markup } from '../markup.ts'
import { differenceMarkup } from './difference.ts'
import { exchangeMarkup } from './exchange.ts'

/** Exchanges of one case that a page shows; `results.json` has them all. */
const shownExchanges = 60

/** Characters of one part of a failure that a page shows. */
const shownText = 8000

/** The evidence of one case at one version: its failure in four parts, and its transcript. */
export function evidenceMarkup(outcome: Outcome, endpoint: string): Markup {
  const { transcript, failure, durationMs } = outcome
  // On record in the order in which they ended; read in the order in which they began.
  const exchanges = transcript.toSorted((one, other) => one.atMs - other.atMs)
  const left = exchanges.length - shownExchanges
  return markup`<p class="note">${plural(transcript.length, 'exchange')}, ${durationMs} ms</p>${failure !== undefined && failureMarkup(failure)}<ol class="transcript">
${exchanges.slice(0, shownExchanges).map((exchange) => exchangeMarkup(exchange, endpoint))}</ol>${left > 0 && markup`<p class="note">${left} more are in results.json.</p>`}`
}

/** A failure's four parts. */
export function failureMarkup(failure: Failure): Markup {
  return markup`<dl class="failure">${failureParts(failure).map(([name, text]) => markup`<dt>${name}</dt><dd>${name === 'difference' ? differenceMarkup(shortened(text)) : shortened(text)}</dd>`)}</dl>`
}

function shortened(text: string): string {
  return text.length > shownText ? `${text.slice(0, shownText)}…` : text
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
