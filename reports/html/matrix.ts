import type { ApiVersion } from '../../harness/versions.ts'
import { markup, type Markup } from '../markup.ts'
import type { Counts } from '../tally.ts'

/** One row: what it is called, where its name leads, and its cells by version. */
export type MatrixRow = {
  readonly name: string
  readonly anchor: string
  readonly cells: readonly { readonly counts: Counts; readonly anchor: string }[]
}

/**
 * A table of rows by versions. A cell says in signs and numbers what came of it, and leads to where that is shown.
 * @param caption what the table shows
 * @param rowsAre what the rows are, for the corner: `Area`
 */
export function matrixMarkup(caption: string, rowsAre: string, versions: readonly ApiVersion[], rows: readonly MatrixRow[]): Markup {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="matrix"><caption>${caption}</caption>
<thead><tr><th scope="col">${rowsAre}</th>${versions.map((version) => markup`<th scope="col">v${version}</th>`)}</tr></thead>
<tbody>${rows.map(rowMarkup)}</tbody></table></div>
`
}

function rowMarkup({ name, anchor, cells }: MatrixRow): Markup {
  return markup`<tr><th scope="row"><a href="#${anchor}">${name}</a></th>${cells.map(({ counts, anchor: target }) => cellMarkup(counts, target))}</tr>
`
}

/**
 * A cell: signs and numbers.
 * @param anchor where it leads; left out, it leads nowhere
 */
export function cellMarkup(counts: Counts, anchor?: string): Markup {
  const bad = counts.fail + counts.blocked + counts.stale + counts.fault
  const judged = bad + counts.pass + counts.known
  const aside = counts['not-applicable'] + counts.withheld
  const led = (content: Markup) => (anchor === undefined ? markup`<span class="cell">${content}</span>` : markup`<a class="cell" href="#${anchor}">${content}</a>`)
  if (judged + aside === 0) return markup`<td class="none"><span aria-hidden="true">·</span><span class="hidden">nothing was run</span></td>`
  if (judged === 0) return markup`<td class="aside">${led(markup`<span aria-hidden="true">–</span> ${aside}<span class="hidden"> not judged</span>`)}</td>`
  if (bad > 0) return markup`<td class="fail">${led(markup`<span aria-hidden="true">✗</span> ${bad}<span class="hidden"> red</span> <small>of ${judged}</small>`)}</td>`
  const known = counts.known > 0 && markup` <small><span aria-hidden="true">≈</span>${counts.known}<span class="hidden"> known</span></small>`
  return markup`<td class="pass">${led(markup`<span aria-hidden="true">✓</span> ${counts.pass}<span class="hidden"> passed</span>${known}`)}</td>`
}
