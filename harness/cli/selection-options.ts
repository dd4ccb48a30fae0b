import { Option, type Command } from 'commander'
import { sameOperation, selects } from '../case/selection.ts'
import type { Catalogued } from '../case/runner.ts'
import type { Selection } from '../case/settings.ts'
import { CouldNotRun } from './exit.ts'

/** The options that select cases, as commander gives them. */
export type SelectionOptions = { readonly area?: string[]; readonly operation?: string[]; readonly only?: string[] }

/** Adds the options that select cases to a command. Each takes a list, or is given several times. */
export function addSelectionOptions(command: Command): Command {
  const list = (value: string, previous: string[] = []) => [...previous, ...value.split(',').map((item) => item.trim())]
  return command
    .addOption(new Option('--area <area>', 'only this area: system, containers, exec, …').argParser(list))
    .addOption(new Option('--operation <operation>', "only this operation: 'POST /containers/create'").argParser(list))
    .addOption(new Option('--only <id>', "only cases of this id; * stands for anything: 'container-create-*'").argParser(list))
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
  const selection: Selection = {
    ...(options.area && { areas: options.area }),
    ...(options.operation && { operations: options.operation }),
    ...(options.only && { only: options.only.map((pattern) => pattern.replace(/-shape$/, '-*')) }),
  }
  for (const only of selection.only ?? []) {
    if (!requirements.some((requirement) => selects({ only: [only] }, requirement))) {
      throw new CouldNotRun(`no case has the id "${only}"; "plimsoll list" shows them all, and * stands for anything`)
    }
  }
  if (!requirements.some((requirement) => selects(selection, requirement))) throw new CouldNotRun('no case is selected by all of --area, --operation and --only together')
  return selection
}
