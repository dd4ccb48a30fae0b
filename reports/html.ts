import { readFileSync } from 'node:fs'
import type { Outcome, Requirement } from '../harness/case/outcome.ts'
import { compareVersions, type ApiVersion } from '../harness/versions.ts'
import { findOperation } from '../harness/schema/operations.ts'
import type { Documents } from './documents.ts'
import { areaAnchor, operationAnchor, requirementAnchor } from './html/anchors.ts'
import { daemonMarkup } from './html/daemon.ts'
import { failuresMarkup } from './html/failures.ts'
import { filterMarkup } from './html/filter.ts'
import { headlineMarkup } from './html/headline.ts'
import { legendMarkup } from './html/legend.ts'
import { link } from './html/link.ts'
import { matrixMarkup, type MatrixRow } from './html/matrix.ts'
import { packEvidence, type PackedEvidence } from './html/packed-evidence.ts'
import { requirementMarkup, type RequirementContext } from './html/requirement.ts'
import { pageMarkup } from './html/shell.ts'
import { markup, markupText, trusted, type Markup } from './markup.ts'
import type { Results } from './results.ts'
import { sourceUrl } from './sources.ts'
import { countVerdicts, isBad } from './tally.ts'

const script = readFileSync(new URL('./html/page.js', import.meta.url), 'utf8')

/** Characters of a page: below three megabytes, so that it can be mailed, and a phone can open it. */
const pageLimit = 2_970_000

/** What naming its block adds to a page for each outcome. */
const placeLength = 18

/**
 * The report for people: one page that needs nothing else, runs nothing but its own script, and shows what a daemon sent
 * as text, whatever it is.
 * @param documents what the requirements' sources say
 * @param limit characters of the page; evidence takes what the rest leaves
 * @throws Error where a requirement names an operation that the schemas don't have
 */
export function formatHtml(results: Results, documents: Documents, limit = pageLimit): string {
  const outcomesOf = new Map(
    [...Map.groupBy(results.outcomes, ({ id }) => id)].map(([id, outcomes]) => [id, outcomes.toSorted((one, other) => compareVersions(one.version, other.version))]),
  )
  const bare = pageOf(results, documents, outcomesOf, { blocks: [], blockOf: new Map() })
  const inOrder = results.requirements.flatMap(({ id }) => outcomesOf.get(id) ?? [])
  const evidence = packEvidence(inOrder, results.daemon.endpoint, limit - bare.length - placeLength * inOrder.length)
  return pageOf(results, documents, outcomesOf, evidence)
}

function pageOf(results: Results, documents: Documents, outcomesOf: ReadonlyMap<string, readonly Outcome[]>, evidence: PackedEvidence): string {
  const { daemon, requirements, versions } = results
  const context: RequirementContext = { versions: versions.run, documents, evidence }
  const areas = [...Map.groupBy(requirements, ({ area }) => area)]
  const failures = failuresMarkup(requirements, outcomesOf, versions.run)
  const matrix = areas.map(([area, members]) => rowOf(area, areaAnchor(area), members, outcomesOf, versions.run))
  const left = results.outcomes.filter((outcome) => outcome.transcript.length > 0 && !evidence.blockOf.has(outcome)).length

  const title = `${daemon.product} ${daemon.version}: ${results.verdict} – Plimsoll`
  return markupText(pageMarkup(title, script, markup`<body><a class="skip" href="#requirements">Skip to the requirements</a>
${headlineMarkup(results)}
<nav aria-label="On this page"><ul><li><a href="#matrix">Areas by versions</a></li>${failures && markup`<li><a href="#failures">What is red</a></li>`}<li><a href="#daemon">The daemon</a></li><li><a href="#legend">How to read this</a></li><li><a href="#requirements">Requirements</a></li></ul></nav>
<main><noscript>
<section aria-labelledby="matrix"><h2 id="matrix">Areas by versions</h2>
${matrixMarkup('Verdicts per area and API version', 'Area', versions.run, matrix)}</section>
${failures}${daemonMarkup(results)}${legendMarkup()}</noscript><noscript>
<section aria-labelledby="requirements"><h2 id="requirements">Requirements</h2>
${left > 0 && markup`<p>To keep this page small, the evidence of ${left} of ${results.outcomes.length} verdicts is left out here, mostly of passes at other versions than the newest; <code>results.json</code> beside this page has all of it.</p>`}
${filterMarkup(results.counts, requirements, versions.run)}
<p class="unscripted">Evidence is packed into this page: to unpack it, and to search, it needs its script. <code>results.json</code> has everything, too.</p>
${areas.map(([area, members]) => areaMarkup(area, members, outcomesOf, context))}</section>
</noscript></main>
<footer><p>Made by ${results.suite.name} ${results.suite.version}. Beside this page: <code>results.json</code> (everything), <code>junit.xml</code>, <code>ctrf.json</code>, <code>allure-results/</code>.</p></footer>
${evidence.blocks.map((block, index) => (block === '' ? markup`` : markup`<script type="text/plain" id="evidence-${index}">${block}</script>
`))}<script>${trusted(script)}</script>
</body>`))
}

function areaMarkup(area: string, members: readonly Requirement[], outcomesOf: ReadonlyMap<string, readonly Outcome[]>, context: RequirementContext): Markup {
  const operations = [...Map.groupBy(members, ({ operation }) => operation)]
  const rows = operations.map(([operation, own]) => rowOf(operation, operationAnchor(operation), own, outcomesOf, context.versions))
  return markup`<section class="area" data-area="${area}" aria-labelledby="${areaAnchor(area)}"><h3 id="${areaAnchor(area)}">${area}</h3>
${matrixMarkup(`Verdicts per operation and API version: ${area}`, 'Operation', context.versions, rows)}
${operations.map(
  ([operation, own]) => markup`<section class="operation" aria-labelledby="${operationAnchor(operation)}"><h4 id="${operationAnchor(operation)}"><code>${operation}</code></h4>
<p class="source">${link(sourceUrl('operation', findOperation(context.documents.operations, operation), newestOf(own, outcomesOf, context.versions)), "The reference page's entry of this operation")}</p>
${own.map((requirement) => requirementMarkup(requirement, outcomesOf.get(requirement.id) ?? [], context))}</section>
`,
)}</section>
`
}

/** The newest version at which anything of an operation was judged: its reference page is the one to read. */
function newestOf(members: readonly Requirement[], outcomesOf: ReadonlyMap<string, readonly Outcome[]>, versions: readonly ApiVersion[]): ApiVersion {
  const judged = members.flatMap(({ id }) => outcomesOf.get(id)?.at(-1)?.version ?? [])
  return judged.toSorted(compareVersions).at(-1) ?? versions.at(-1) ?? '1.25'
}

/** A row of a matrix. A red cell leads to its first red requirement, another to the row's own section. */
function rowOf(name: string, anchor: string, members: readonly Requirement[], outcomesOf: ReadonlyMap<string, readonly Outcome[]>, versions: readonly ApiVersion[]): MatrixRow {
  const cells = versions.map((version) => {
    const outcomes = members.flatMap(({ id }) => (outcomesOf.get(id) ?? []).filter((outcome) => outcome.version === version))
    const bad = outcomes.find(isBad)
    return { counts: countVerdicts(outcomes), anchor: bad === undefined ? anchor : requirementAnchor(bad.id, version) }
  })
  return { name, anchor, cells }
}
