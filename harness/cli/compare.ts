import { Command, Option } from 'commander'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { comparisonHtml } from '../../reports/comparison-html.ts'
import { comparisonMarkdown } from '../../reports/comparison-markdown.ts'
import { summarizeComparison } from '../../reports/comparison-terminal.ts'
import { compareResults, nameAll } from '../../reports/comparison.ts'
import { readResults } from '../../reports/read-results.ts'
import { CouldNotRun, exitCodes } from './exit.ts'
import { holdCommands } from './github.ts'

type CompareOptions = { readonly out?: string; readonly markdown?: true; readonly failOn?: 'regression' | 'difference' }

/** `plimsoll compare`: several daemons, or several runs, side by side. */
export function compareCommand(): Command {
  return new Command('compare')
    .description('compare results of several daemons or runs with the first of them: what differs, what got worse, what got better')
    .argument('<results...>', 'two or more: results.json, or the folder that it is in')
    .option('--out <file>', 'the page to write', 'plimsoll-comparison.html')
    .option('--markdown', 'print a summary in Markdown, for a pull request or a job summary')
    .addOption(new Option('--fail-on <what>', 'exit with 1 where something got red that was not, or where anything differs').choices(['regression', 'difference']))
    .action((paths: string[], options: CompareOptions) => {
      process.exitCode = compare(paths, options)
    })
}

function compare(paths: readonly string[], { out = 'plimsoll-comparison.html', markdown, failOn }: CompareOptions): number {
  if (paths.length < 2) throw new CouldNotRun('a comparison needs two results at least: plimsoll compare before/results.json after/results.json')
  const page = resolve(out)
  const read = paths.map((path) => readResults(path))
  const comparison = compareResults(nameAll(read).map((compared, index) => ({ ...compared, ...reportBeside(read[index]?.path ?? '', page) })))
  try {
    writeFileSync(page, comparisonHtml(comparison))
  } catch (error) {
    throw new CouldNotRun(`--out: ${page} can't be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  if (markdown) process.stdout.write(comparisonMarkdown(comparison))
  else {
    const letCommandsPass = holdCommands(process.env)
    console.log(`${summarizeComparison(comparison, process.stdout)}\n\ncomparison: ${page}`)
    letCommandsPass()
  }
  const failed = failOn === 'regression' ? comparison.regression : failOn === 'difference' && comparison.differing.length > 0
  return failed ? exitCodes.nonconformant : exitCodes.conformant
}

/** Where a page finds the report that lies beside results. */
function reportBeside(results: string, page: string): { readonly report?: string } {
  const index = join(dirname(resolve(results)), 'index.html')
  if (!existsSync(index)) return {}
  // From "./" on, so that no folder's name can pass for a scheme.
  return { report: `./${relative(dirname(page), index).split(sep).map(encodeURIComponent).join('/')}` }
}
