import type { Catalogue } from '../schema/operations.ts'
import { craftedFaults } from './crafted.ts'
import type { Fault } from './fault.ts'
import { systematicFaults } from './systematic.ts'
import { unobservable } from './unobservable.ts'

/** All faults: those that are crafted, and those that follow from the schemas. */
export function allFaults(catalogue: Catalogue): Fault[] {
  return [...craftedFaults(catalogue), ...systematicFaults(catalogue)]
}

/** Why a fault can't be seen from outside; undefined where it can. */
export function whyUnobservable(id: string): string | undefined {
  return unobservable.find(({ faults }) => faults.some((pattern) => matches(pattern, id)))?.reason
}

/** Entries of the list that no fault fits, or of which a pattern fits none: they are to be taken off. */
export function staleUnobservable(faults: readonly Fault[]): string[] {
  return unobservable.flatMap((entry) => entry.faults.filter((pattern) => !faults.some(({ id }) => matches(pattern, id))))
}

/** Whether an id matches a pattern in which `*` stands for any run of characters. */
export function matches(pattern: string, id: string): boolean {
  return new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(id)
}
