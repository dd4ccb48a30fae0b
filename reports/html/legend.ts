import { markup, type Markup } from '../markup.ts'
import { verdicts } from '../tally.ts'
import { verdictWords } from '../verdict-words.ts'
import { badge } from './badge.ts'

/** How to read the page: what each verdict means. */
export function legendMarkup(): Markup {
  return markup`<section aria-labelledby="legend"><h2 id="legend">How to read this</h2>
<dl class="legend">${verdicts.map((verdict) => markup`<dt>${badge(verdict)}</dt><dd>${verdictWords[verdict].meaning}</dd>`)}</dl>
<p>In a transcript, bytes that are no text are shown as a hex dump, and control characters as escapes such as <code>\\x1b</code>. Secrets are blanked.
To run one case again: <code>plimsoll run --only ID --api VERSION</code>.</p></section>
`
}
