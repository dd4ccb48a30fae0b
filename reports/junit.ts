import type { Outcome, Requirement, Verdict } from '../harness/case/outcome.ts'
import { explain, reasonLine } from './explain.ts'
import { markup, markupText, type Markup } from './markup.ts'
import type { Results } from './results.ts'
import { countVerdicts, isBad } from './tally.ts'
import { formatTranscript } from './transcript.ts'
import { verdictWords } from './verdict-words.ts'

/** What JUnit calls each verdict. Those that are no verdict on the daemon are errors. */
const elements = {
  pass: undefined,
  fail: 'failure',
  stale: 'failure',
  blocked: 'error',
  fault: 'error',
  known: 'skipped',
  'not-applicable': 'skipped',
  withheld: 'skipped',
} as const satisfies Record<Verdict, 'failure' | 'error' | 'skipped' | undefined>

/** Characters of a message: services show it in one line. */
const messageLength = 200

/** Characters of a transcript: services refuse files of many megabytes. */
const transcriptLength = 20_000

/**
 * A run as JUnit XML, in the dialect that CI services read: one suite per version and area, one case per requirement.
 * @returns the whole document
 */
export function formatJunit(results: Results): string {
  const requirements = new Map(results.requirements.map((requirement) => [requirement.id, requirement]))
  const areaOf = ({ id }: Outcome) => requirements.get(id)?.area ?? 'unknown'
  const groups = [...Map.groupBy(results.outcomes, (outcome) => `v${outcome.version} ${areaOf(outcome)}`)]
    .map(([name, outcomes]) => ({ name, outcomes, at: results.versions.run.indexOf(outcomes[0]?.version ?? '0.0') }))
    .sort((one, other) => one.at - other.at || one.name.localeCompare(other.name))
  const suites = groups.map(
    ({ name, outcomes }) => markup`
  <testsuite name="${name}"${totals(outcomes)} timestamp="${results.run.startedAt.replace(/(\.\d+)?Z$/, '')}">
    <properties>
      <property name="daemon" value="${results.daemon.product} ${results.daemon.version}"/>
      <property name="endpoint" value="${results.daemon.endpoint}"/>
    </properties>${outcomes.map((outcome) => testCase(outcome, name, requirements.get(outcome.id), results.daemon.endpoint))}
  </testsuite>`,
  )
  return markupText(markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="plimsoll"${totals(results.outcomes)}>${suites}
</testsuites>
`)
}

function totals(outcomes: readonly Outcome[]): Markup {
  const counts = countVerdicts(outcomes)
  const seconds = outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000
  return markup` tests="${outcomes.length}" failures="${counts.fail + counts.stale}" errors="${counts.blocked + counts.fault}" skipped="${counts.known + counts['not-applicable'] + counts.withheld}" time="${seconds.toFixed(3)}"`
}

function testCase(outcome: Outcome, suite: string, requirement: Requirement | undefined, endpoint: string): Markup {
  const title = requirement === undefined ? outcome.id : `${outcome.id}: ${requirement.operation} ${requirement.title}`
  const head = markup`
    <testcase name="${title}" classname="${suite.replace(' ', '.')}" time="${(outcome.durationMs / 1000).toFixed(3)}"`
  const element = elements[outcome.verdict]
  if (element === undefined) return markup`${head}/>`
  const link = outcome.link === undefined ? '' : `(${outcome.link})`
  const message = [`${verdictWords[outcome.verdict].word}:`, shortened(reasonLine(outcome), messageLength), link].filter((part) => part !== '').join(' ')
  const transcript = isBad(outcome) && outcome.transcript.length > 0 && markup`
      <system-out>${shortened(formatTranscript(outcome.transcript, endpoint), transcriptLength)}</system-out>`
  const detail = {
    failure: markup`<failure message="${message}" type="${outcome.verdict}">${explain(outcome)}</failure>`,
    error: markup`<error message="${message}" type="${outcome.verdict}">${explain(outcome)}</error>`,
    skipped: markup`<skipped message="${message}"/>`,
  }[element]
  return markup`${head}>
      ${detail}${transcript}
    </testcase>`
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
