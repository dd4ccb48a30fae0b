import { fileURLToPath } from 'node:url'
import { scoreOf } from '../../reports/proof.ts'
import type { Proved } from '../../reports/results.ts'
import { readExpectations, type Expectation } from './expected-proof.ts'

/** What the last proofs found of each fault: the list that comes with the suite. Written by `ci/faults-noticed.ts`. */
export const faultsNoticed = fileURLToPath(new URL('../../ci/faults-noticed.tsv', import.meta.url))

/** How much of what was tried on it the suite noticed, for its reports to say. @throws CouldNotRun where the list can't be read */
export function readProved(path: string = faultsNoticed): Proved {
  return provedOf(readExpectations(path))
}

/** Whether a fault, by its id, is one of the crafted ones. */
export const isCrafted = (id: string) => id.startsWith('crafted.')

/** The same of a list that was read already. */
export function provedOf(results: ReadonlyMap<string, Expectation>): Proved {
  const found = [...results].map(([id, { result }]) => ({ result, crafted: isCrafted(id) }))
  const count = (name: string, faults: typeof found) => {
    const { noticed, survived } = scoreOf(name, faults)
    return { noticed, tried: noticed + survived }
  }
  return { crafted: count('crafted', found.filter(({ crafted }) => crafted)), systematic: count('systematic', found.filter(({ crafted }) => !crafted)) }
}
