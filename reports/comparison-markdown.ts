import { describeRange } from '../harness/versions.ts'
import { reasonLine } from './explain.ts'
import { changeWords, changes } from './comparison-words.ts'
import type { Change, Comparison, Differing } from './comparison.ts'
import { code, table } from './markdown.ts'
import { countVerdicts, verdicts } from './tally.ts'
import { verdictWords } from './verdict-words.ts'

/** Lines of each list: a comment is read, not searched. */
const listed = 30

/** A comparison as Markdown for a pull request: what got worse first. Whatever a daemon said is code. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { compared, common, only, versions } = comparison
  const head = ['', 'verdict', ...verdicts.map((verdict) => `${verdictWords[verdict].sign} ${verdictWords[verdict].word}`), 'not compared']
  const rows = compared.map(({ name, results }, index) => {
    const counts = countVerdicts(results.outcomes)
    return [code(name), `**${results.verdict}**`, ...verdicts.map((verdict) => String(counts[verdict])), String(only[index])]
  })
  const range = `API ${describeRange(versions)}`
  return [
    '### Plimsoll: conformance to the Docker Engine API',
    '',
    comparison.regression ? '**✗ Something got red that was not.**' : '✓ Nothing got red that was not.',
    '',
    table(head, rows),
    '',
    `${common} verdicts that all have (${range}) were compared with those of ${code(compared[0]?.name ?? '')}.`,
    ...changes.flatMap((change) => listOf(change, comparison)),
    '',
  ].join('\n')
}

function listOf(change: Change, { differing, compared }: Comparison): string[] {
  const found = differing.filter((one) => one.changes.includes(change))
  if (found.length === 0) return []
  const requirements = [...Map.groupBy(found, ({ requirement }) => requirement.id).values()]
  const lines = requirements.slice(0, listed).map((group) => lineOf(change, group, compared.map(({ name }) => name)))
  const left = requirements.length - listed
  return ['', `#### ${changeWords[change].title}: ${requirements.length}`, '', ...lines, ...(left > 0 ? [`- and ${left} more`] : [])]
}

function lineOf(change: Change, group: readonly Differing[], names: readonly string[]): string {
  const last = group.at(-1)
  const at = last?.changes.indexOf(change) ?? -1
  const [first, other] = [last?.outcomes[0], last?.outcomes[at + 1]]
  const versions = [...new Set(group.map(({ version }) => version))].join(', ')
  const who = names.length > 2 ? ` (${code(names[at + 1] ?? '')})` : ''
  const why = other !== undefined && other.verdict !== 'pass' ? `: ${code(reasonLine(other))}` : ''
  return `- ${code(last?.requirement.id ?? '')} at ${versions}${who}: ${first?.verdict} → **${other?.verdict}**${why}`
}
