import type { Requirement } from '../../harness/case/outcome.ts'
import { documentedVersions, type ApiVersion } from '../../harness/versions.ts'
import { markup, type Markup } from '../markup.ts'
import { verdicts, type Counts } from '../tally.ts'
import { badge } from './badge.ts'

/** A thing to choose from: what stands in the page's address, and what people read. */
type Choice = readonly [value: string, text: string]

/**
 * The form that narrows the requirements down. It is hidden until the page's script, which it needs, shows it. The verdicts'
 * values are their places in `verdicts`, as the requirements have them; their names stand in the page's address.
 */
export function filterMarkup(counts: Counts, requirements: readonly Requirement[], versions: readonly ApiVersion[]): Markup {
  const present = verdicts.filter((verdict) => counts[verdict] > 0)
  const areas = [...new Set(requirements.map(({ area }) => area))]
  const levels = (['must', 'should', 'may'] as const).filter((level) => requirements.some((requirement) => requirement.level === level))
  return markup`<form id="filter" hidden data-versions="${versions.join(' ')}"><fieldset><legend>Show requirements with a verdict of</legend>
${present.map((verdict) => markup`<label><input type="checkbox" name="verdict" value="${verdict}" data-code="${verdicts.indexOf(verdict)}" checked> ${badge(verdict)} ${counts[verdict]}</label>
`)}</fieldset>
<p>${select('version', 'at', [['', 'any version'], ...versions.map((version): Choice => [version, `v${version}`])])}
${select('area', 'of', [['', 'all areas'], ...areas.map((area): Choice => [area, area])])}
${select('level', 'that', [['', 'must, should or may'], ...levels.map((level): Choice => [level, level])])}
${select('source', 'from', [['', 'any source'], ['operation', "operations' entries"], ['general', 'general statements'], ...documentedVersions.map((version): Choice => [version, `changes of ${version}`])])}
<label>that mention <input type="search" name="words" placeholder="an id, a path, a word"></label></p>
<p><output name="shown"></output> <button type="button" name="reset">Show all</button> <button type="button" name="open">Open the evidence</button> <button type="button" name="close">Close it</button></p></form>
`
}

function select(name: string, label: string, choices: readonly Choice[]): Markup {
  return markup`<label>${label} <select name="${name}">${choices.map(([value, text]) => markup`<option value="${value}">${text}</option>`)}</select></label>`
}
