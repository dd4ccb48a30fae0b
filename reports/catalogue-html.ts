import type { Requirement } from '../harness/case/outcome.ts'
import { covers, describeRange, documentedVersions } from '../harness/versions.ts'
import { citationsOf, type Documents } from './documents.ts'
import { areaAnchor, operationAnchor, requirementAnchor } from './html/anchors.ts'
import { link } from './html/link.ts'
import { citationMarkup, traits } from './html/requirement.ts'
import { pageMarkup } from './html/shell.ts'
import { markup, markupText, type Markup } from './markup.ts'

/**
 * All requirements as a page that others can link to: a requirement's fragment is `r-` and its id, the same as in a report, and
 * as an id never changes neither does the link.
 */
export function catalogueHtml(requirements: readonly Requirement[], documents: Documents, suiteVersion: string): string {
  const sorted = requirements.toSorted((one, other) => one.area.localeCompare(other.area) || one.operation.localeCompare(other.operation) || one.id.localeCompare(other.id))
  const areas = [...Map.groupBy(sorted, ({ area }) => area)]
  const operations = new Set(sorted.map(({ operation }) => operation)).size
  return markupText(pageMarkup('Requirements of the Docker Engine API – Plimsoll', undefined, markup`<body>
<header><p class="brand"><svg viewBox="0 0 48 32" aria-hidden="true"><circle cx="24" cy="16" r="11"/><path d="M2 16h44"/></svg> Plimsoll ${suiteVersion}, the conformance suite for the Docker Engine API</p>
<h1>Requirements</h1>
<p class="lead">What the suite holds a daemon against: ${requirements.length} requirements of ${operations} operations, API ${describeRange(documentedVersions)}. An id never changes, so that a link to a requirement stays. The shape of every answer is judged beside these, as <code>operation-shape</code>.</p></header>
<nav aria-label="Areas"><ul>${areas.map(([area, members]) => markup`<li><a href="#${areaAnchor(area)}">${area}</a> <small>${members.length}</small></li>`)}</ul></nav>
<main>${areas.map(([area, members]) => areaMarkup(area, members, documents))}</main>
</body>`))
}

function areaMarkup(area: string, members: readonly Requirement[], documents: Documents): Markup {
  return markup`<section aria-labelledby="${areaAnchor(area)}"><h2 id="${areaAnchor(area)}">${area}</h2>
${[...Map.groupBy(members, ({ operation }) => operation)].map(
  ([operation, own]) => markup`<section aria-labelledby="${operationAnchor(operation)}"><h3 class="operation" id="${operationAnchor(operation)}"><code>${operation}</code></h3>
${own.map((requirement) => requirementMarkup(requirement, documents))}</section>
`,
)}</section>
`
}

function requirementMarkup(requirement: Requirement, documents: Documents): Markup {
  const { id, title, reality } = requirement
  const newest = documentedVersions.filter((version) => covers(requirement, version)).at(-1) ?? '1.25'
  const citations = citationsOf(requirement, newest, documents)
  return markup`<article id="${requirementAnchor(id)}"><h4 class="plain"><a href="#${requirementAnchor(id)}">${title}</a></h4>
<p class="meta"><code>${id}</code> · ${traits(requirement).join(' · ')}${citations.map(({ source, text, url }) => (text === undefined ? markup` · ${link(url, `reference of v${newest}`)}` : markup` · ${source}`))}</p>
${citations.flatMap((citation) => citationMarkup(citation) ?? [])}${reality !== undefined && markup`<p class="reality"><b>Documents and daemons disagree:</b> ${reality}</p>`}</article>
`
}
