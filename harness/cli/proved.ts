import { fileURLToPath } from 'node:url'
import type { Proved } from '../../reports/results.ts'
import { readExpectations } from './expected-proof.ts'

/** What the last proofs found of each fault: the list that comes with the suite. Written by `ci/faults-noticed.ts`. */
export const faultsNoticed = fileURLToPath(new URL('../../ci/faults-noticed.tsv', import.meta.url))

/** How much of what was tried on it the suite noticed, for its reports to say. @throws CouldNotRun where the list can't be read */
export function readProved(path: string = faultsNoticed): Proved {
  const found = [...readExpectations(path)]
  const count = (ofKind: (id: string) => boolean) => {
    const results = found.flatMap(([id, { result }]) => (ofKind(id) ? [result] : []))
    const noticed = results.filter((result) => result === 'noticed').length
    return { noticed, tried: noticed + results.filter((result) => result === 'survived').length }
  }
  const isCrafted = (id: string) => id.startsWith('crafted.')
  return { crafted: count(isCrafted), systematic: count((id) => !isCrafted(id)) }
}
