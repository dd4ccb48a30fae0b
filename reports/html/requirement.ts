import type { Outcome, Requirement } from '../../harness/case/outcome.ts'
import { describeSpan, type ApiVersion } from '../../harness/versions.ts'
import { citationsOf, type Citation, type Documents } from '../documents.ts'
import { markup, type Markup } from '../markup.ts'
import { isBad, verdicts } from '../tally.ts'
import { verdictWords } from '../verdict-words.ts'
import { requirementAnchor } from './anchors.ts'
import { badge } from './badge.ts'
import { failureMarkup } from './evidence.ts'
import { link } from './link.ts'
import type { PackedEvidence } from './packed-evidence.ts'
import { nameVersions } from './ranges.ts'

/** What a requirement's part of the page is made from. */
export type RequirementContext = {
  /** The versions that were run, oldest first. */
  readonly versions: readonly ApiVersion[]
  readonly documents: Documents
  readonly evidence: PackedEvidence
}

/**
 * One requirement: what it says and who says so, its verdict at each version, and the evidence.
 * @param outcomes its own, oldest version first
 */
export function requirementMarkup(requirement: Requirement, outcomes: readonly Outcome[], context: RequirementContext): Markup {
  const { id, title, level, sources, reality } = requirement
  const newest = outcomes.at(-1)?.version ?? context.versions.at(-1) ?? '1.25'
  return markup`<article id="${requirementAnchor(id)}" data-o="${outcomeCodes(outcomes, context.versions)}" data-level="${level}" data-source="${sources.join(' ').replaceAll('change ', '')}"${outcomes.some(isBad) && markup` class="red"`}>
<h5><a href="#${requirementAnchor(id)}">${title}</a></h5>
<p class="meta"><code>${id}</code> · ${traits(requirement).join(' · ')}</p>
${stripMarkup(id, outcomes, context.versions)}
${citationsOf(requirement, newest, context.documents).flatMap((citation) => citationMarkup(citation) ?? [])}${reality !== undefined && markup`<p class="reality"><b>Documents and daemons disagree:</b> ${reality}</p>`}
${findings(outcomes).map((finding) => findingMarkup(finding, context))}${evidenceDetails(outcomes, context)}</article>
`
}

/** What is to be known of a requirement beside what it says, in words. */
export function traits(requirement: Requirement): string[] {
  const { needs, alone, inSwarm, disposable, versions } = requirement
  return [
    describeSpan(requirement),
    ...(needs.length > 0 ? [`needs ${needs.join(', ')}`] : []),
    ...(alone ? ['runs alone'] : []),
    ...(inSwarm ? ['runs in a swarm of the suite'] : []),
    ...(disposable ? [`only with --disposable${requirement.harm === undefined ? '' : `: ${requirement.harm}`}`] : []),
    ...(versions === 'ends' ? ['at the first and the last version of a run'] : []),
  ]
}

/** The verdicts for the page's script: a digit per version that was run, its place in `verdicts`; a dot where there is none. */
function outcomeCodes(outcomes: readonly Outcome[], versions: readonly ApiVersion[]): string {
  return versions
    .map((version) => {
      const outcome = outcomes.find((candidate) => candidate.version === version)
      return outcome === undefined ? '.' : String(verdicts.indexOf(outcome.verdict))
    })
    .join('')
}

/** The verdicts, neighbouring versions of one verdict together; each red one stands alone, to be linked to. */
function stripMarkup(id: string, outcomes: readonly Outcome[], versions: readonly ApiVersion[]): Markup {
  const groups: Outcome[][] = []
  for (const outcome of outcomes) {
    const last = groups.at(-1)
    if (last?.[0]?.verdict === outcome.verdict && !isBad(outcome)) last.push(outcome)
    else groups.push([outcome])
  }
  return markup`<p class="strip">${groups.flatMap((group) => groupMarkup(id, group, versions) ?? [])}</p>`
}

function groupMarkup(id: string, group: readonly Outcome[], versions: readonly ApiVersion[]): Markup | undefined {
  const [first] = group
  if (first === undefined) return undefined
  const { sign, word } = verdictWords[first.verdict]
  const named = nameVersions(group.map(({ version }) => version), versions)
  return markup`<span class="badge ${first.verdict}"${isBad(first) && markup` id="${requirementAnchor(id, first.version)}"`}>${sign} ${word} <small>${named}</small></span> `
}

/** What a numbered statement says. An operation's own entry is cited with the operation. */
export function citationMarkup({ source, text, url }: Citation): Markup | undefined {
  if (text === undefined) return undefined
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
  const repeats = failure !== undefined && reason !== undefined && failure.difference.startsWith(reason)
  return markup`<div class="finding ${verdict}"><p>${badge(verdict)} at ${named}${reason !== undefined && !repeats && markup`: <span class="reason">${reason.slice(0, 4000)}</span>`}${url !== undefined && markup` ${link(url, 'What shows it')}`}</p>${failure !== undefined && failureMarkup(failure)}</div>
`
}

/** Where the page's script puts the evidence; each version with the block that holds it. */
function evidenceDetails(outcomes: readonly Outcome[], { versions, evidence }: RequirementContext): Markup {
  const shown = outcomes.filter((outcome) => evidence.blockOf.has(outcome))
  const left = outcomes.filter((outcome) => !evidence.blockOf.has(outcome) && (outcome.transcript.length > 0 || outcome.failure !== undefined))
  const named = (some: readonly Outcome[]) => nameVersions(some.map(({ version }) => version), versions)
  const places = shown.map((outcome) => `${outcome.version}:${evidence.blockOf.get(outcome)}`).join(' ')
  return markup`${shown.length > 0 && markup`<details class="evidence" data-at="${places}"><summary>Evidence at ${named(shown)}</summary></details>`}${left.length > 0 && markup`<p class="note">Evidence at ${named(left)}: in results.json.</p>`}`
}
