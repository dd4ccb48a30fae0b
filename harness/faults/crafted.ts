import { findOperation, type Catalogue } from '../schema/operations.ts'
import { covers, documentedVersions } from '../versions.ts'
import { archiveFaults } from './crafted/archives.ts'
import type { Crafted } from './crafted/define.ts'
import { eventFaults } from './crafted/events.ts'
import { frameFaults } from './crafted/frames.ts'
import { hijackFaults } from './crafted/hijack.ts'
import { lifecycleFaults } from './crafted/lifecycle.ts'
import { listFaults } from './crafted/lists.ts'
import { logFaults } from './crafted/logs.ts'
import { objectFaults } from './crafted/objects.ts'
import { versionFaults } from './crafted/versions.ts'
import type { Fault } from './fault.ts'

const crafted: readonly Crafted[] = [
  ...frameFaults, ...hijackFaults, ...logFaults, ...archiveFaults, ...eventFaults, ...listFaults, ...lifecycleFaults, ...objectFaults, ...versionFaults,
]

/** The catalogue of bugs that daemons have had, or could have. @throws Error where one is of an operation that the schemas don't have */
export function craftedFaults(catalogue: Catalogue): Fault[] {
  return crafted.map(({ id, operation: name, sentence, words = [], touches = () => true, wrong, remembering, ...span }) => {
    const operation = findOperation(catalogue.operations, name)
    return {
      id: `crafted.${id}`,
      kind: 'crafted',
      operation: operation.operation,
      area: operation.area,
      versions: documentedVersions.filter((version) => covers(operation, version) && covers(span, version)),
      sentence,
      words,
      touches,
      wrong: remembering ?? (() => wrong),
    }
  })
}
