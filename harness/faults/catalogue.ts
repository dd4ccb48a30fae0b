import { patternTest } from '../pattern.ts'
import type { Catalogue } from '../schema/operations.ts'
import { craftedFaults } from './crafted.ts'
import type { Fault } from './fault.ts'
import { systematicFaults } from './systematic.ts'
import { unobservable } from './unobservable.ts'

/** The list, made ready to be asked once per fault. */
const hidden = unobservable.map((entry) => ({ reason: entry.reason, tests: testsOf(entry) }))

/** All faults: those that are crafted, and those that follow from the schemas. */
export function allFaults(catalogue: Catalogue): Fault[] {
  return [...craftedFaults(catalogue), ...systematicFaults(catalogue)]
}

/** Why a fault can't be seen from outside; undefined where it can. */
export function whyUnobservable(id: string): string | undefined {
  return hidden.find(({ tests }) => tests.some(({ fits }) => fits(id)))?.reason
}

/** What of the list fits no fault: it is to be taken off. */
export function staleUnobservable(faults: readonly Fault[]): string[] {
  return hidden.flatMap(({ tests }) => tests.flatMap(({ named, fits }) => (faults.some(({ id }) => fits(id)) ? [] : [named])))
}

function testsOf({ faults = [], fields = {} }: (typeof unobservable)[number]): { readonly named: string; readonly fits: (id: string) => boolean }[] {
  return [
    ...faults.map((pattern) => ({ named: pattern, fits: patternTest(pattern) })),
    ...Object.entries(fields).flatMap(([operation, names]) =>
      names.map((name) => ({
        named: `${operation}: ${name}`,
        fits: (id: string) => ['missing', 'null', 'type'].some((way) => isOrLiesBelow(id, `${operation}.field-${way}.${name}`)),
      })),
    ),
  ]
}

function isOrLiesBelow(id: string, place: string): boolean {
  return id === place || id.startsWith(`${place}.`) || id.startsWith(`${place}[`)
}
