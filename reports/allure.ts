import { createHash } from 'node:crypto'
import { Severity, Stage, Status, type TestResult } from 'allure-js-commons'
import { ReporterRuntime } from 'allure-js-commons/sdk/reporter'
import type { Level, Outcome, Requirement, Verdict } from '../harness/case/outcome.ts'
import { printable } from '../harness/wire/sanitize.ts'
import { createAllureWriter } from './allure-writer.ts'
import { citationsOf, type Documents } from './documents.ts'
import { explain, reasonLine } from './explain.ts'
import type { Results } from './results.ts'
import { formatTranscript } from './transcript.ts'
import { verdictWords } from './verdict-words.ts'

const statuses: Readonly<Record<Verdict, Status>> = {
  pass: Status.PASSED,
  fail: Status.FAILED,
  stale: Status.FAILED,
  blocked: Status.BROKEN,
  fault: Status.BROKEN,
  known: Status.SKIPPED,
  'not-applicable': Status.SKIPPED,
  withheld: Status.SKIPPED,
}

const severities: Readonly<Record<Level, Severity>> = { must: Severity.CRITICAL, should: Severity.NORMAL, may: Severity.MINOR }

/** Allure sorts what did not pass by the beginning of its message. */
const categories = (Object.keys(statuses) as Verdict[])
  .filter((verdict) => verdict !== 'pass')
  .map((verdict) => ({ name: verdictWords[verdict].word, description: verdictWords[verdict].meaning, matchedStatuses: [statuses[verdict]], messageRegex: `^${verdictWords[verdict].word}:.*` }))

/**
 * Writes a run as Allure results: epic, feature and story are API version, area and operation; the same requirement at two
 * versions is two tests with histories of their own.
 * @param documents what the requirements' sources say
 * @param folder is made where it does not exist; should hold nothing else
 */
export function writeAllure(results: Results, documents: Documents, folder: string): void {
  const { daemon, suite } = results
  const runtime = new ReporterRuntime({
    writer: createAllureWriter(folder),
    categories,
    environmentInfo: {
      daemon: printable(`${daemon.product} ${daemon.version}`),
      endpoint: printable(daemon.endpoint),
      platform: printable(`${daemon.os}/${daemon.arch}`),
      kernel: printable(daemon.kernel),
      suite: `${suite.name} ${suite.version}`,
    },
  })
  const requirements = new Map(results.requirements.map((requirement) => [requirement.id, requirement]))
  for (const outcome of results.outcomes) {
    const requirement = requirements.get(outcome.id)
    if (requirement === undefined) throw new Error(`the results have an outcome of "${outcome.id}" and no such requirement: they are not whole`)
    // What is judged after the run, from what all cases saw, has no time of its own.
    const start = outcome.startedAt > 0 ? outcome.startedAt : Date.parse(results.run.startedAt)
    const uuid = runtime.startTest({ ...testOf(requirement, outcome, documents), start })
    if (outcome.transcript.length > 0) {
      const transcript = Buffer.from(`${formatTranscript(outcome.transcript, daemon.endpoint)}\n`)
      runtime.writeAttachment(uuid, null, 'transcript', transcript, { contentType: 'text/plain', fileExtension: '.txt' })
    }
    runtime.stopTest(uuid, { stop: start + outcome.durationMs })
    runtime.writeTest(uuid)
  }
  runtime.writeEnvironmentInfo()
  runtime.writeCategoriesDefinitions()
}

function testOf(requirement: Requirement, outcome: Outcome, documents: Documents): Partial<TestResult> {
  const { id, title, area, operation, level } = requirement
  const api = `v${outcome.version}`
  const citations = citationsOf(requirement, outcome.version, documents)
  const key = createHash('md5').update(`plimsoll ${id} ${api}`).digest('hex')
  const stated = citations.flatMap(({ text }) => text ?? [])
  return {
    name: `${operation} ${title}`,
    fullName: `${api} ${area} ${id}`,
    historyId: key,
    testCaseId: key,
    titlePath: [api, area, operation],
    status: statuses[outcome.verdict],
    stage: Stage.FINISHED,
    ...(outcome.verdict !== 'pass' && { statusDetails: { message: `${verdictWords[outcome.verdict].word}: ${reasonLine(outcome)}`, trace: explain(outcome) } }),
    ...(stated.length > 0 && { description: stated.join('\n\n') }),
    parameters: [{ name: 'api', value: api }],
    labels: [
      { name: 'epic', value: `API ${api}` },
      { name: 'feature', value: area },
      { name: 'story', value: operation },
      { name: 'severity', value: severities[level] },
      { name: 'parentSuite', value: api },
      { name: 'suite', value: area },
      { name: 'subSuite', value: operation },
      { name: 'framework', value: 'plimsoll' },
    ],
    links: [
      ...citations.map(({ source, url }) => ({ name: source === 'operation' ? `${operation}, ${api}` : source, url, type: 'link' })),
      ...(outcome.link === undefined ? [] : [{ name: 'what shows it', url: outcome.link, type: 'issue' }]),
    ],
  }
}
