import { Option, type Command } from 'commander'
import { plainSource, sameOperation, selects } from '../case/selection.ts'
import type { Catalogued } from '../case/runner.ts'
import type { Selection } from '../case/settings.ts'
import { readStatements } from '../../reports/sources.ts'
import { CouldNotRun } from './exit.ts'

/** The options that select cases, as commander gives them. */
export type SelectionOptions = { readonly area?: string[]; readonly operation?: string[]; readonly only?: string[]; readonly source?: string[] }

/** Adds the options that select cases to a command. Each takes a list, or is given several times. */
export function addSelectionOptions(command: Command): Command {
  const list = (value: string, previous: string[] = []) => [...previous, ...value.split(',').map((item) => item.trim())]
  return command
    .addOption(new Option('--area <area>', 'only this area: system, containers, exec, …').argParser(list))
    .addOption(new Option('--operation <operation>', "only this operation: 'POST /containers/create'").argParser(list))
    .addOption(new Option('--only <id>', "only cases of this id; * stands for anything: 'container-create-*'").argParser(list))
    .addOption(new Option('--source <source>', "only cases that come from this statement: 'change 1.24/07', 1.24/07, general/03, operation").argParser(list))
}

/**
 * The selection that the options ask for.
 * @throws CouldNotRun where a part of it selects nothing: most likely a slip of the pen
 */
export function selectionOf(options: SelectionOptions, catalogue: readonly Catalogued[]): Selection {
  const requirements = catalogue.map(({ requirement }) => requirement)
  for (const area of options.area ?? []) {
    const areas = [...new Set(requirements.map((requirement) => requirement.area))]
    if (!areas.some((known) => known === area)) throw new CouldNotRun(`there is no area "${area}"; there are ${areas.join(', ')}`)
  }
  for (const operation of options.operation ?? []) {
    if (!requirements.some((requirement) => sameOperation(operation, requirement.operation))) {
      throw new CouldNotRun(`no case is about the operation "${operation}"; write it as "plimsoll list" does: 'POST /containers/{id}/start'`)
    }
  }
  for (const source of options.source ?? []) {
    if (plainSource(source) !== 'operation' && !readStatements().has(plainSource(source))) {
      throw new CouldNotRun(`there is no statement "${source}"; write 1.24/07 (the seventh change of 1.24), general/03, or operation for what the reference says of operations`)
    }
    if (!requirements.some((requirement) => selects({ sources: [source] }, requirement))) throw new CouldNotRun(`no case comes from "${source}"`)
  }
  const selection: Selection = {
    ...(options.area && { areas: options.area }),
    ...(options.operation && { operations: options.operation }),
    ...(options.source && { sources: options.source }),
    ...(options.only && { only: options.only.map((pattern) => pattern.replace(/-shape$/, '-*')) }),
  }
  for (const only of selection.only ?? []) {
    if (!requirements.some((requirement) => selects({ only: [only] }, requirement))) {
      throw new CouldNotRun(`no case has the id "${only}"; "plimsoll list" shows them all, and * stands for anything`)
    }
  }
  if (!requirements.some((requirement) => selects(selection, requirement))) throw new CouldNotRun('no case is selected by all of --area, --operation, --only and --source together')
  return selection
}
