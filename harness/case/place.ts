import type { Exchange } from '../wire/exchange.ts'
import { printable } from '../wire/sanitize.ts'
import { Nonconformance } from './errors.ts'

/** The way to a value inside JSON: names of fields and positions in arrays. */
export type Keys = readonly (string | number)[]

/**
 * A value in JSON that a daemon sent. What it looks like is the daemon's doing, so nothing here breaks the case: a place
 * that is not there is `undefined`, and one that must be a list, an object, a text or a number and is not is the daemon's fault.
 */
export type Place = {
  /** The value at a place: `at('State', 'Running')`, `at(0, 'Names')`; undefined where the place does not exist. */
  at(...keys: Keys): unknown
  /** The entries of the list at a place. @throws Nonconformance where it is no list */
  list(...keys: Keys): Place[]
  /** The names of the fields of the object at a place. @throws Nonconformance where it is no object */
  fields(...keys: Keys): string[]
  /** The text at a place. @throws Nonconformance where it is none */
  textAt(...keys: Keys): string
  /** The texts of the list at a place. @throws Nonconformance where it is no list of texts */
  textsAt(...keys: Keys): string[]
  /** The number at a place. @throws Nonconformance where it is none */
  numberAt(...keys: Keys): number
}

/**
 * Ways into JSON.
 * @param read gives the whole value; throws Nonconformance where there is none
 * @param exchange what is shown where the value is not as it must be
 */
export function placesIn(read: () => unknown, exchange?: Exchange): Place {
  function at(...keys: Keys): unknown {
    let value = read()
    for (const key of keys) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
      value = (value as Record<string | number, unknown>)[key]
    }
    return value
  }
  function must<T>(keys: Keys, what: string, is: (value: unknown) => value is T): T {
    const value = at(...keys)
    if (is(value)) return value
    throw new Nonconformance(`expected ${what} at /${keys.join('/')}, got ${value === undefined ? 'nothing' : printable(JSON.stringify(value), 200)}`, exchange)
  }
  return {
    at,
    list: (...keys) => must(keys, 'a list', isList).map((entry) => placesIn(() => entry, exchange)),
    fields: (...keys) => Object.keys(must(keys, 'an object', isObject)),
    textAt: (...keys) => must(keys, 'a text', isText),
    textsAt: (...keys) => must(keys, 'a list of texts', isTexts),
    numberAt: (...keys) => must(keys, 'a number', isNumber),
  }
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value)
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
const isNumber = (value: unknown): value is number => typeof value === 'number'
