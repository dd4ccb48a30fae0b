import { Command } from 'commander'
import { readCatalogue } from '../case/runner.ts'
import { selects } from '../case/selection.ts'
import { describeSpan } from '../versions.ts'
import { addSelectionOptions, selectionOf, type SelectionOptions } from './selection-options.ts'

/** `plimsoll list`: the cases by area and operation. */
export function listCommand(): Command {
  return addSelectionOptions(new Command('list'))
    .description('list the cases by area, operation, versions and source')
    .option('--json', 'as JSON, with everything that is stated of each')
    .action(async (options: SelectionOptions & { json?: boolean }) => {
      const catalogue = await readCatalogue()
      const selection = selectionOf(options, catalogue)
      const requirements = catalogue.map(({ requirement }) => requirement).filter((requirement) => selects(selection, requirement))
      if (options.json === true) {
        console.log(JSON.stringify(requirements, null, 2))
        return
      }
      const byOperation = Map.groupBy(requirements, ({ area, operation }) => `${area}: ${operation}`)
      for (const [operation, ofOperation] of [...byOperation].sort(([one], [other]) => one.localeCompare(other))) {
        console.log(`\n${operation}`)
        for (const requirement of ofOperation) {
          console.log(`  ${requirement.id}  (${describeSpan(requirement)}; ${requirement.sources.join(', ')})\n      ${requirement.title}`)
        }
      }
      console.log(`\n${requirements.length} cases of ${byOperation.size} operations`)
    })
}
