import type { Outcome, Requirement } from '../../harness/case/outcome.ts'
import { describeSpan, type ApiVersion } from '../../harness/versions.ts'
import { citationsOf, type Citation, type Documents } from '../documents.ts'
import { markup, type Markup } from '../markup.ts'
import { isBad } from '../tally.ts'
import { verdictWords } from '../verdict-words.ts'
import { requirementAnchor } from './anchors.ts'
import { badge } from './badge.ts'
import { failureMarkup, type ChosenEvidence } from './evidence.ts'
import { link } from './link.ts'
import { nameVersions } from './ranges.ts'

/** What a requirement's part of the page is made from. */
export type RequirementContext = {
  /** The versions that were run, oldest first. */
  readonly versions: readonly ApiVersion[]
  readonly documents: Documents
  readonly evidence: ChosenEvidence
}

/**
 * One requirement: what it says and who says so, its verdict at each version, and the evidence.
 * @param outcomes its own, oldest version first
 */
export function requirementMarkup(requirement: Requirement, outcomes: readonly Outcome[], context: RequirementContext): Markup {
  const { id, title, needs, alone, disposable, versions, reality } = requirement
  const newest = outcomes.at(-1)?.version ?? context.versions.at(-1) ?? '1.25'
  const citations = citationsOf(requirement, newest, context.documents)
  const verdictsHere = [...new Set(outcomes.map(({ verdict }) => verdict))]
  const traits = [
    describeSpan(requirement),
    ...(needs.length > 0 ? [`needs ${needs.join(', ')}`] : []),
    ...(alone ? ['runs alone'] : []),
    ...(disposable ? ['only with --disposable'] : []),
    ...(versions === 'ends' ? ['at the first and the last version of a run'] : []),
  ]
  return markup`<article id="${requirementAnchor(id)}" data-verdicts="${verdictsHere.join(' ')}"${outcomes.some(isBad) && markup` class="red"`}>
<h5><a href="#${requirementAnchor(id)}">${title}</a></h5>
<p class="meta"><code>${id}</code> · ${traits.join(' · ')}</p>
${stripMarkup(requirement, outcomes, context)}
${citations.map(citationMarkup)}${reality !== undefined && markup`<p class="reality"><b>Documents and daemons disagree:</b> ${reality}</p>`}
${findings(outcomes).map((finding) => findingMarkup(finding, context))}${evidenceList(outcomes, context.evidence)}</article>
`
}

/** The verdict at each version, side by side. */
function stripMarkup(requirement: Requirement, outcomes: readonly Outcome[], { versions, evidence }: RequirementContext): Markup {
  const cells = versions.map((version) => {
    const outcome = outcomes.find((candidate) => candidate.version === version)
    if (outcome === undefined) return markup`<li class="none"><span>v${version}</span> <span class="sign" aria-hidden="true">·</span> <span class="hidden">not run</span></li>`
    const { sign, word } = verdictWords[outcome.verdict]
    const content = markup`<span>v${version}</span> <span class="sign" aria-hidden="true">${sign}</span> <span class="hidden">${word}</span>`
    return markup`<li class="${outcome.verdict}" title="${word}">${evidence.has(outcome) ? markup`<a href="#${requirementAnchor(requirement.id, version)}">${content}</a>` : content}</li>`
  })
  return markup`<ul class="strip" aria-label="Verdict per version">${cells}</ul>`
}

function citationMarkup({ source, text, url }: Citation): Markup {
  if (text === undefined) return markup`<p class="source">${link(url, "The reference page's entry of the operation")}</p>`
  return markup`<blockquote class="source" cite="${url}">${withCode(text)} <cite>${link(url, source)}</cite></blockquote>`
}

/** The documents mark code with backticks. */
function withCode(text: string): Markup[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`))
}

/** Outcomes at several versions that say the same. */
type Finding = { readonly outcomes: readonly Outcome[]; readonly newest: Outcome }

function findings(outcomes: readonly Outcome[]): Finding[] {
  const telling = outcomes.filter(({ verdict }) => verdict !== 'pass')
  const alike = Map.groupBy(telling, ({ verdict, reason, failure }) => [verdict, timeless(reason ?? ''), timeless(failure?.difference ?? '')].join('\n'))
  return [...alike.values()].flatMap((group) => {
    const newest = group.at(-1)
    return newest === undefined ? [] : [{ outcomes: group, newest }]
  })
}

/** What differs from one version to the next though the finding is the same: ids, and the version itself. */
function timeless(text: string): string {
  return text.replace(/\b[0-9a-f]{12,64}\b/g, '#').replace(/\/v\d+\.\d+\//g, '/').replace(/plimsoll-[\w-]+/g, '#')
}

function findingMarkup({ outcomes, newest }: Finding, { versions }: RequirementContext): Markup {
  const { verdict, reason, link: url, failure } = newest
  const named = nameVersions(outcomes.map(({ version }) => version), versions)
  const repeats = failure !== undefined && reason === failure.difference
  return markup`<div class="finding ${verdict}"><p>${badge(verdict)} at ${named}${reason !== undefined && !repeats && markup`: <span class="reason">${reason}</span>`}${url !== undefined && markup` ${link(url, 'What shows it')}`}</p>${failure !== undefined && failureMarkup(failure)}</div>
`
}

function evidenceList(outcomes: readonly Outcome[], evidence: ChosenEvidence): Markup {
  const shown = outcomes.toReversed().flatMap((outcome) => evidence.get(outcome) ?? [])
  const left = outcomes.filter((outcome) => !evidence.has(outcome) && (outcome.transcript.length > 0 || outcome.failure !== undefined))
  const where = left.map(({ version }) => `v${version}`).join(', ')
  return markup`${shown}${left.length > 0 && markup`<p class="note">Evidence at ${where}: in results.json.</p>`}`
}
