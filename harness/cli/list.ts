import { Command } from 'commander'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { catalogueHtml } from '../../reports/catalogue-html.ts'
import { readDocuments } from '../../reports/documents.ts'
import { readCatalogue } from '../case/runner.ts'
import { selects } from '../case/selection.ts'
import { describeSpan } from '../versions.ts'
import { CouldNotRun } from './exit.ts'
import { addSelectionOptions, selectionOf, type SelectionOptions } from './selection-options.ts'

/** `plimsoll list`: the cases by area and operation. */
export function listCommand(suiteVersion: string): Command {
  return addSelectionOptions(new Command('list'))
    .description('list the cases by area, operation, versions and source')
    .option('--json', 'as JSON, with everything that is stated of each')
    .option('--html <file>', 'write them as a page that can be linked to')
    .action(async (options: SelectionOptions & { json?: boolean; html?: string }) => {
      const catalogue = await readCatalogue()
      const selection = selectionOf(options, catalogue)
      const requirements = catalogue.map(({ requirement }) => requirement).filter((requirement) => selects(selection, requirement))
      if (options.json === true) {
        console.log(JSON.stringify(requirements, null, 2))
        return
      }
      if (options.html !== undefined) {
        writePage(options.html, catalogueHtml(requirements, readDocuments(), suiteVersion))
        return
      }
      const byOperation = Map.groupBy(requirements, ({ area, operation }) => `${area}: ${operation}`)
      for (const [operation, ofOperation] of [...byOperation].sort(([one], [other]) => one.localeCompare(other))) {
        console.log(`\n${operation}`)
        for (const requirement of ofOperation) {
          console.log(`  ${requirement.id}  (${describeSpan(requirement)}; ${requirement.sources.join(', ')})\n      ${requirement.title}`)
          if (requirement.disposable) console.log(`      with --disposable only: ${requirement.harm ?? 'it reaches beyond what the suite made'}`)
        }
      }
      console.log(`\n${requirements.length} cases of ${byOperation.size} operations`)
    })
}

function writePage(named: string, page: string): void {
  const path = resolve(named)
  try {
    writeFileSync(path, page)
  } catch (error) {
    throw new CouldNotRun(`--html: ${path} can't be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  console.log(path)
}
