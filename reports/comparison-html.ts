import { readFileSync } from 'node:fs'
import type { Outcome, Requirement } from '../harness/case/outcome.ts'
import type { ApiVersion } from '../harness/versions.ts'
import { changeWords, changes } from './comparison-words.ts'
import type { Change, Compared, Comparison, Differing } from './comparison.ts'
import { explain } from './explain.ts'
import { requirementAnchor } from './html/anchors.ts'
import { badge } from './html/badge.ts'
import { legendMarkup } from './html/legend.ts'
import { cellMarkup } from './html/matrix.ts'
import { nameVersions } from './html/ranges.ts'
import { pageMarkup } from './html/shell.ts'
import { markup, markupText, trusted, type Markup } from './markup.ts'
import { countVerdicts, isBad, verdicts } from './tally.ts'
import { verdictWords } from './verdict-words.ts'
import { visible } from './visible.ts'

const script = readFileSync(new URL('./html/comparison.js', import.meta.url), 'utf8')

/** Who was to be compared and is not, and why. */
export type NotJudged = { readonly name: string; readonly why: string }

/** A comparison as a page of its own: who was compared, areas by daemons, and what differs, with the evidence of what is red. */
export function comparisonHtml(comparison: Comparison, notJudged: readonly NotJudged[] = []): string {
  const { compared, common, regression, differing } = comparison
  const title = `${compared.map(({ name }) => name).join(' – ')}: comparison – Plimsoll`
  const present = changes.filter((change) => differing.some((one) => one.changes.includes(change)))
  return markupText(pageMarkup(title, script, markup`<body>
<header class="${regression ? 'nonconformant' : 'conformant'}">
<p class="brand"><svg viewBox="0 0 48 32" aria-hidden="true"><circle cx="24" cy="16" r="11"/><path d="M2 16h44"/></svg> Plimsoll, the conformance suite for the Docker Engine API</p>
<h1>Comparison <span class="verdict">${regression ? '✗ something got red' : '✓ nothing got red'}</span></h1>
<p class="lead">${common} verdicts that all have were compared with those of ${compared[0]?.name}.</p>
${comparedMarkup(comparison)}
${notJudged.map(({ name, why }) => markup`<p class="lead">✗ ${name} could not be judged: ${visible(why)}</p>
`)}</header>
<nav aria-label="On this page"><ul><li><a href="#areas">Areas</a></li>${present.map((change) => markup`<li><a href="#${change}">${changeWords[change].title}</a></li>`)}<li><a href="#legend">How to read this</a></li></ul></nav>
<main>
<section aria-labelledby="areas"><h2 id="areas">Areas</h2>${tableMarkup('Area', ({ area }) => area, comparison)}
<details><summary>Operations</summary>${tableMarkup('Operation', ({ operation }) => operation, comparison)}</details></section>
${present.length > 0 && filterMarkup(comparison)}
${present.map((change) => changeMarkup(change, comparison))}
${present.length === 0 && markup`<p>Where all of them were judged, they have the same verdicts.</p>`}
${legendMarkup()}</main>
<script>${trusted(script)}</script>
</body>`))
}

function comparedMarkup({ compared, only }: Comparison): Markup {
  const present = verdicts.filter((verdict) => compared.some(({ results }) => results.counts[verdict] > 0))
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="What was compared"><table><caption>What was compared</caption><thead><tr><th scope="col">Daemon</th><th scope="col">Verdict</th>${present.map((verdict) => markup`<th scope="col">${verdictWords[verdict].word}</th>`)}<th scope="col">only here</th><th scope="col">API</th><th scope="col">Judged</th></tr></thead>
<tbody>${compared.map(({ name, results }, index) => {
    const counts = countVerdicts(results.outcomes)
    const { run } = results.versions
    return markup`<tr><th scope="row">${name}</th><td>${results.verdict}</td>${present.map((verdict) => markup`<td>${counts[verdict]}</td>`)}<td>${only[index]}</td><td>v${run.at(0) ?? 'none'} to v${run.at(-1) ?? 'none'}</td><td>${results.run.startedAt.slice(0, 10)}</td></tr>
`
  })}</tbody></table></div>`
}

/** The form that narrows down what differs. It is hidden until the page's script, which it needs, shows it. */
function filterMarkup({ differing }: Comparison): Markup {
  const areas = [...new Set(differing.map(({ requirement }) => requirement.area))]
  return markup`<form id="filter" hidden><label>of <select name="area"><option value="">all areas</option>${areas.map((area) => markup`<option value="${area}">${area}</option>`)}</select></label>
<label>that mention <input type="search" name="words" placeholder="an id, a path, a word"></label> <output name="shown"></output></form>
`
}

/** Areas or operations by daemons: only of what all of them have, so that the numbers can be held against each other. */
function tableMarkup(rowsAre: string, rowOf: (requirement: Requirement) => string, { compared, requirements }: Comparison): Markup {
  const shared = sharedKeys(compared.map(({ results }) => results.outcomes))
  const rowOfId = new Map(requirements.map((requirement) => [requirement.id, rowOf(requirement)]))
  const columns = compared.map(({ results }) => Map.groupBy(results.outcomes.filter((outcome) => shared.has(keyOf(outcome))), ({ id }) => rowOfId.get(id)))
  const rows = [...new Set(requirements.map(rowOf))].filter((row) => columns.some((column) => column.has(row)))
  const caption = `Verdicts per ${rowsAre.toLowerCase()}, of what all of them have`
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="matrix"><caption>${caption}</caption>
<thead><tr><th scope="col">${rowsAre}</th>${compared.map(({ name }) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => markup`<tr><th scope="row">${row}</th>${columns.map((column) => cellMarkup(countVerdicts(column.get(row) ?? [])))}</tr>
`,
  )}</tbody></table></div>`
}

function changeMarkup(change: Change, { differing, compared, versions }: Comparison): Markup {
  const found = differing.filter((one) => one.changes.includes(change))
  const groups = [...Map.groupBy(found, ({ requirement }) => requirement.id).values()]
  return markup`<section class="change" aria-labelledby="${change}"><h2 id="${change}">${changeWords[change].sign} ${changeWords[change].title} <small>${groups.length} requirements</small></h2>
<p>${changeWords[change].meaning}</p>
${groups.map((group) => differingMarkup(change, group, compared, versions))}</section>
`
}

function differingMarkup(change: Change, group: readonly Differing[], compared: readonly Compared[], versions: readonly ApiVersion[]): Markup {
  const requirement = group[0]?.requirement as Requirement
  return markup`<article id="${change}-${requirement.id}" data-area="${requirement.area}"${change === 'worse' && markup` class="red"`}><h3 class="plain"><a href="#${change}-${requirement.id}"><code>${requirement.operation}</code> ${requirement.title}</a></h3>
<p class="meta"><code>${requirement.id}</code> · ${requirement.area}</p>
<dl class="facts">${compared.map(({ name, report }, index) => markup`<dt>${name}</dt><dd>${sideMarkup(group.flatMap(({ outcomes }) => outcomes[index] ?? []), versions, report)}</dd>`)}</dl></article>
`
}

/** What one of those compared has: its verdicts, and the newest failure in full. */
function sideMarkup(outcomes: readonly Outcome[], versions: readonly ApiVersion[], report: string | undefined): Markup {
  const groups = [...Map.groupBy(outcomes, ({ verdict }) => verdict).values()]
  return markup`${groups.map((group) => {
    const last = group.at(-1) as Outcome
    const why = explain(last)
    return markup`${badge(last.verdict)} ${nameVersions(group.map(({ version }) => version), versions)} ${report !== undefined && markup`<a href="${report}#${requirementAnchor(last.id, last.version)}">evidence</a> `}${why !== '' && (isBad(last) ? markup`<details><summary>why</summary><pre tabindex="0">${why.slice(0, 6000)}</pre></details>` : markup`<span class="reason">${why.split('\n', 1)[0]?.slice(0, 400)}</span> `)}`
  })}`
}

function sharedKeys(lists: readonly (readonly Outcome[])[]): ReadonlySet<string> {
  const sets = lists.map((outcomes) => new Set(outcomes.map(keyOf)))
  return new Set([...(sets[0] ?? [])].filter((key) => sets.every((set) => set.has(key))))
}

function keyOf({ id, version }: Outcome): string {
  return `${id} ${version}`
}
