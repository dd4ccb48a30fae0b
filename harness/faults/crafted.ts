import type { Catalogue } from '../schema/operations.ts'
import type { Fault } from './fault.ts'

/** The catalogue of bugs that daemons have had, or could have. */
export function craftedFaults(_catalogue: Catalogue): Fault[] {
  return []
}
