import { Command } from 'commander'
import { relative } from 'node:path'
import { readCatalogue } from '../case/runner.ts'
import { covers, describeSpan, documentedVersions } from '../versions.ts'
import { readStatements, sourceText, sourceUrl } from '../../reports/sources.ts'
import { loadCatalogue } from '../schema/load.ts'
import { findOperation } from '../schema/operations.ts'
import { CouldNotRun } from './exit.ts'

/** `plimsoll show ID`: everything about one requirement. */
export function showCommand(): Command {
  return new Command('show')
    .description('show a requirement: what it says, its source, its versions, what it needs')
    .argument('<id>', 'the id, as "plimsoll list" gives it')
    .action(async (id: string) => {
      const found = (await readCatalogue()).find(({ requirement }) => requirement.id === id)
      if (found === undefined) throw new CouldNotRun(`there is no case with the id "${id}"; "plimsoll list" shows them all`)
      const { requirement, file } = found
      const described = findOperation(loadCatalogue().operations, requirement.operation)
      const versions = documentedVersions.filter((version) => covers(requirement, version))
      const statements = readStatements()
      const newest = versions.at(-1) ?? '1.25'
      console.log(`${requirement.id}\n\n  ${requirement.operation} ${requirement.title}\n`)
      console.log(`  area      ${requirement.area}`)
      console.log(`  versions  ${describeSpan(requirement)} (${versions.join(', ')})`)
      for (const source of requirement.sources) {
        console.log(`  source    ${source}: ${sourceText(source, statements) ?? "the reference page's entry of the operation"}`)
        console.log(`            ${sourceUrl(source, described, newest)}`)
      }
      if (requirement.needs.length > 0) console.log(`  needs     ${requirement.needs.join(', ')}`)
      if (requirement.inSwarm) console.log('  runs      in a swarm that the suite makes of the daemon, and that such cases share')
      if (requirement.alone) console.log('  runs      alone: it watches or changes state of the whole daemon')
      if (requirement.disposable) console.log(`  runs      with --disposable only: ${requirement.harm ?? 'it reaches beyond what the suite made'}`)
      if (requirement.versions === 'ends') console.log('  runs      at the first and the last version of a run: it is heavy')
      if (requirement.reality !== undefined) console.log(`  reality   ${requirement.reality}`)
      console.log(`  case      ${relative(process.cwd(), file)}`)
      console.log(`\n  plimsoll run --only ${requirement.id}`)
    })
}
