import { markup, type Markup } from '../markup.ts'
import { verdicts, type Counts } from '../tally.ts'
import { badge } from './badge.ts'

/** The form that narrows the requirements down. It is hidden until the page's script, which it needs, shows it. */
export function filterMarkup(counts: Counts): Markup {
  const present = verdicts.filter((verdict) => counts[verdict] > 0)
  return markup`<form id="filter" hidden><fieldset><legend>Show requirements with a verdict of</legend>
${present.map((verdict) => markup`<label><input type="checkbox" name="verdict" value="${verdict}" checked> ${badge(verdict)} ${counts[verdict]}</label>
`)}</fieldset>
<label>that mention <input type="search" name="words" placeholder="an id, a path, a word"></label>
<p><output name="shown"></output> <button type="button" name="open">Open the evidence</button> <button type="button" name="close">Close it</button></p></form>
`
}
