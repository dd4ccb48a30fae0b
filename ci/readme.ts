import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readCatalogue } from '../harness/case/runner.ts'
import { versionsOf } from '../harness/case/selection.ts'
import { documentedVersions } from '../harness/versions.ts'
import { readStatements } from '../reports/sources.ts'

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
    `${documentedVersions.at(0)} to ${documentedVersions.at(-1)}: **${judged}** verdicts and those on the shape of every answer. **${named}** of the **${statements.size}** statements of the`,
    `version history are named by a case as its source.`,
  ].join('\n')
  return readme.replace(numbers, (_, begin: string, end: string) => `${begin}${text}\n${end}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(path, await withNumbers(readFileSync(path, 'utf8')))
