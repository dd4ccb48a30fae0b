import type { Outcome } from '../harness/case/outcome.ts'
import { whyNoCertificate } from './certificate.ts'
import { reasonLine } from './explain.ts'
import { code, table } from './markdown.ts'
import { judgeProfiles } from './profiles.ts'
import type { Results } from './results.ts'
import { isBad, tabulate, verdicts } from './tally.ts'
import { verdictWords } from './verdict-words.ts'
import { visible } from './visible.ts'

/** What GitHub shows of one kind of annotation of one step. */
const shownAnnotations = 10

/** Requirements that a job summary lists. */
const listed = 50

/**
 * Red verdicts as GitHub's workflow commands, one requirement each: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubAnnotations({ outcomes, requirements }: Results): string[] {
  const byId = [...Map.groupBy(outcomes.filter(isBad), ({ id }) => id)]
  const told = byId.slice(0, shownAnnotations).map(([id, group]) => annotationOf(group, requirements.find((requirement) => requirement.id === id)?.operation ?? ''))
  const left = byId.length - told.length
  return left > 0 ? [...told.slice(0, -1), command('error', `Plimsoll: and ${left + 1} more`, 'The report has them all.')] : told
}

function annotationOf(group: readonly Outcome[], operation: string): string {
  const last = group.at(-1) as Outcome
  const versions = group.map(({ version }) => version).join(', ')
  return command('error', `${last.verdict} ${last.id} at ${versions}`, `${operation}: ${reasonLine(last).slice(0, 500)}`)
}

/** Nothing in a title or a message can end the command or begin another. */
function command(name: string, title: string, message: string): string {
  const escaped = (text: string) => visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return `::${name} title=${escaped(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escaped(message)}`
}

/** A run as Markdown for a job summary: the verdict, areas by versions, profiles, what is red. Whatever a daemon said is code. */
export function githubSummary(results: Results): string {
  const { daemon, verdict, versions, counts, outcomes, requirements, run } = results
  const cells = tabulate(requirements, outcomes, versions.run)
  const areas = [...new Set(cells.map(({ area }) => area))]
  const cellOf = (area: string, version: string) => {
    const found = cells.find((cell) => cell.area === area && cell.version === version)?.counts
    if (found === undefined) return ''
    const bad = found.fail + found.blocked + found.stale + found.fault
    const judged = bad + found.pass + found.known
    if (judged === 0) return '·'
    return bad > 0 ? `✗ **${bad}** of ${judged}` : `✓ ${judged}`
  }
  const objections = whyNoCertificate(results, undefined)
  const red = [...Map.groupBy(outcomes.filter(isBad), ({ id }) => id)]
  return [
    `### Plimsoll: ${code(`${daemon.product} ${daemon.version}`)} is ${verdict}`,
    '',
    verdicts.filter((each) => counts[each] > 0).map((each) => `${verdictWords[each].sign} ${counts[each]} ${verdictWords[each].word}`).join(' · '),
    '',
    table(['', ...versions.run.map((version) => `v${version}`)], areas.map((area) => [area, ...versions.run.map((version) => cellOf(area, version))])),
    '',
    `Profiles: ${[...judgeProfiles(results)].map(([profile, { verdict: own }]) => `${profile} ${own}`).join(', ') || 'none'}. ${objections.length === 0 ? 'This run suffices for a certificate.' : `No certificate: ${code(objections.join('; '))}`}`,
    ...(run.interrupted ? ['', '**This run was cut short.**'] : []),
    ...(red.length === 0 ? [] : ['', `#### Red: ${red.length}`, '', ...red.slice(0, listed).map(([id, group]) => redLine(id, group))]),
    ...(red.length > listed ? [`- and ${red.length - listed} more`] : []),
    '',
  ].join('\n')
}

function redLine(id: string, group: readonly Outcome[]): string {
  const last = group.at(-1) as Outcome
  return `- **${last.verdict}** ${code(id)} at ${group.map(({ version }) => version).join(', ')}: ${code(reasonLine(last))}`
}
