import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readCatalogue } from '../harness/case/runner.ts'
import { versionsOf } from '../harness/case/selection.ts'
import { readExpectations, type Expectation } from '../harness/cli/expected-proof.ts'
import { readJudged } from '../harness/cli/daemons-judged.ts'
import { faultsNoticed, isCrafted, provedOf } from '../harness/cli/proved.ts'
import { allFaults, whyUnobservable } from '../harness/faults/catalogue.ts'
import type { Fault } from '../harness/faults/fault.ts'
import { loadCatalogue } from '../harness/schema/load.ts'
import { describeRange, documentedVersions } from '../harness/versions.ts'
import { noticedPercent } from '../reports/proof.ts'
import { readStatements } from '../reports/sources.ts'
import { redOf } from '../reports/tally.ts'

const path = fileURLToPath(new URL('../README.md', import.meta.url))
const numbers = /(<!-- numbers:[^>]*-->\n).*?(<!-- \/numbers -->)/s

/**
 * The README with the numbers that the suites have now.
 * @param readme its text, with the two comments between which the numbers stand
 * @throws Error where a comment is missing
 */
export async function withNumbers(readme: string): Promise<string> {
  if (!numbers.test(readme)) throw new Error('README.md has no place for the numbers: it needs the comments "numbers: …" and "/numbers"')
  const requirements = (await readCatalogue()).map(({ requirement }) => requirement)
  const judged = requirements.reduce((sum, requirement) => sum + versionsOf(requirement, documentedVersions, false).length, 0)
  const statements = readStatements()
  const sources = new Set(requirements.flatMap((requirement) => requirement.sources.map((source) => source.replace(/^change /, ''))))
  const named = [...statements.keys()].filter((id) => sources.has(id)).length
  const text = [
    `**${requirements.length}** requirements of **${new Set(requirements.map(({ operation }) => operation)).size}** operations, held against a daemon at API`,
    `${describeRange(documentedVersions)}: **${judged}** verdicts and those on the shape of every answer. **${named}** of the **${statements.size}** statements of the`,
    `version history are named by a case as its source.`,
    ...proofLines(),
    ...daemonLines(),
  ].join('\n')
  return readme.replace(numbers, (_, begin: string, end: string) => `${begin}${text}\n${end}`)
}

/** What `plimsoll prove` found, as far as it was tried: see `ci/faults-noticed.ts`. */
function proofLines(): string[] {
  const found = readExpectations(faultsNoticed)
  const { crafted, systematic } = provedOf(found)
  const all = allFaults(loadCatalogue())
  const thin = hardlyTried(all, found)
  const unreached = [...found].filter(([id, { result }]) => result === 'not-exercised' && !isCrafted(id)).length
  const whole = { noticed: systematic.noticed, tried: systematic.tried + unreached }
  const hidden = all.filter(({ id }) => whyUnobservable(id) !== undefined).length
  return [
    '',
    `[Proved](harness/faults/README.md) on a Docker 20.10 that was made wrong in one way after the other: the suite noticed **${noticedPercent(crafted)}** of the ${crafted.tried} bugs that were`,
    `crafted, and **${noticedPercent(systematic)}** of ${systematic.tried} faults that follow from the documents, drawn from ${all.filter(({ kind }) => kind !== 'crafted').length}.`,
    `${unreached === 0 ? 'A case reaches each of them.' : `No case reaches ${unreached} more that were drawn: with them it is **${noticedPercent(whole)}** of what can be seen from outside.`} Of ${hidden} it is said [why they can't](harness/faults/unobservable.ts).`,
    ...(thin.length === 0 ? [] : [`Of these areas fewer than one fault in ten was tried yet: ${thin.join(', ')}.`]),
  ]
}

/** The areas of which so little was tried that the share says nothing of them. */
function hardlyTried(all: readonly Fault[], found: ReadonlyMap<string, Expectation>): string[] {
  const isTried = ({ id }: Fault) => ['noticed', 'survived'].includes(found.get(id)?.result ?? '')
  const byArea = Map.groupBy(all.filter(({ kind }) => kind !== 'crafted'), ({ area }) => area)
  return [...byArea].flatMap(([area, faults]) => (faults.filter(isTried).length * 10 < faults.length ? [area] : [])).sort()
}

/** What whole runs found on real daemons, by the lists of what each is known to fail: see `ci/daemons-judged.ts`. */
function daemonLines(): string[] {
  const rows = readJudged().map(({ daemon, versions, counts }) => [daemon, versions, counts.pass, counts.known, counts['not-applicable'], redOf(counts)])
  return [
    '',
    '| daemon | API | pass | known failings | not applicable | red |',
    '|---|---|---:|---:|---:|---:|',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    'Each [known failing](ci/known-failings/README.md) has its reason and a link to what shows it. Red is what no list has, or what is listed and did not fail.',
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(path, await withNumbers(readFileSync(path, 'utf8')))
