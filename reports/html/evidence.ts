import type { Failure, Outcome } from '../../harness/case/outcome.ts'
import { compareVersions } from '../../harness/versions.ts'
import { failureParts } from '../explain.ts'
import { markup, markupText, type Markup } from '../markup.ts'
import { requirementAnchor } from './anchors.ts'
import { exchangeMarkup } from './exchange.ts'

/** The evidence of one case at one version: its failure in four parts, and its transcript. */
export function evidenceMarkup(outcome: Outcome, endpoint: string): Markup {
  const { id, version, transcript, failure, durationMs } = outcome
  // On record in the order in which they ended; read in the order in which they began.
  const exchanges = transcript.toSorted((one, other) => one.atMs - other.atMs)
  // The fragment lies inside: a browser that goes to it opens what it is in.
  return markup`<details class="evidence"><summary>Evidence at v${version} <small>${plural(transcript.length, 'exchange')}, ${durationMs} ms</small></summary>
<div id="${requirementAnchor(id, version)}">${failure !== undefined && failureMarkup(failure)}<ol class="transcript">
${exchanges.map((exchange) => exchangeMarkup(exchange, endpoint))}</ol></div></details>
`
}

/** A failure's four parts. */
export function failureMarkup(failure: Failure): Markup {
  return markup`<dl class="failure">${failureParts(failure).map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`
}

/** Outcomes whose evidence is on the page, ready to be put there. */
export type ChosenEvidence = ReadonlyMap<Outcome, Markup>

/**
 * Chooses whose evidence goes onto the page, for a browser has to be able to open it: all that failed, then what is known to
 * fail, and of what passed the newest version, until the page is full.
 * @param budget characters of markup
 */
export function chooseEvidence(outcomes: readonly Outcome[], endpoint: string, budget: number): ChosenEvidence {
  const chosen = new Map<Outcome, Markup>()
  let room = budget
  for (const outcome of inOrder(outcomes)) {
    const evidence = evidenceMarkup(outcome, endpoint)
    const { length } = markupText(evidence)
    if (length > room) continue
    room -= length
    chosen.set(outcome, evidence)
  }
  return chosen
}

/** Those that may have their evidence shown, the most telling first. */
function inOrder(outcomes: readonly Outcome[]): Outcome[] {
  const ranked = [...Map.groupBy(outcomes, ({ id, verdict }) => `${id} ${verdict}`).values()].flatMap((alike) =>
    alike
      .toSorted((one, other) => compareVersions(other.version, one.version))
      .map((outcome, index) => ({ outcome, rank: rankOf(outcome, index === 0) })),
  )
  return ranked.filter(({ rank }) => rank < leftOut).sort((one, other) => one.rank - other.rank).map(({ outcome }) => outcome)
}

const leftOut = 5

function rankOf({ verdict, transcript, failure }: Outcome, newest: boolean): number {
  if (transcript.length === 0 && failure === undefined) return leftOut
  if (verdict === 'pass') return newest ? 3 : leftOut
  if (verdict === 'known') return newest ? 2 : 4
  return newest ? 0 : 1
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
