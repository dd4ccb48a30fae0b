import { faultResults, type FaultResult, type Proof } from '../../reports/proof.ts'
import { isApiVersion, type ApiVersion } from '../versions.ts'
import type { Fault } from '../faults/fault.ts'
import { CouldNotRun } from './exit.ts'
import { readTabbedList, tabbedLines } from './tabbed-list.ts'

/** What an earlier proof found of a fault: for one that was noticed, by which case. */
export type Expectation = { readonly result: FaultResult; readonly version?: ApiVersion; readonly case?: string }

/**
 * Reads what an earlier proof found: lines of fault, result and, where it was noticed, version and case, with tabs between them.
 * @throws CouldNotRun naming the line that is none
 */
export function readExpectations(path: string): ReadonlyMap<string, Expectation> {
  return parseExpectations(readTabbedList(path, '--expect'), path)
}

/** What lines say that an earlier proof found. @throws CouldNotRun */
export function parseExpectations(text: string, path: string): ReadonlyMap<string, Expectation> {
  return new Map(
    tabbedLines(text).map(({ fields: [id = '', result, version, by], number }) => {
      const refuse = (why: string): never => {
        throw new CouldNotRun(`--expect: ${path}, line ${number}: ${why}`)
      }
      if (!faultResults.some((known) => known === result)) return refuse(`"${result}" is no result of a fault`)
      if (result !== 'noticed') return [id, { result: result as FaultResult }]
      if (version === undefined || !isApiVersion(version) || by === undefined) return refuse('a fault that was noticed needs the version and the case')
      return [id, { result, version, case: by }]
    }),
  )
}

/** The lines of such a file. */
export function formatExpectations(proof: Proof): string {
  return proof.faults
    .map(({ id, result, noticed }) => (noticed === undefined ? `${id}\t${result}` : `${id}\t${result}\t${noticed.version}\t${noticed.case}`))
    .toSorted()
    .map((line) => `${line}\n`)
    .join('')
}

/** What is worse than it was, and what of the expectations no longer fits the suite. */
export function regressions(expected: ReadonlyMap<string, Expectation>, proof: Proof, drawn: readonly Fault[]): string[] {
  const found = new Map(proof.faults.map((fault) => [fault.id, fault]))
  return drawn.flatMap(({ id }) => {
    const before = expected.get(id)
    if (before?.result !== 'noticed') return []
    const now = found.get(id)
    if (now?.result === 'noticed') return []
    const how = now === undefined ? 'was not tried' : now.result === 'unobservable' ? 'is listed as unobservable' : now.tried === 0 ? 'is not reached by it any more' : `is ${now.result} now`
    return [`${id}: ${before.case} noticed it at ${before.version}, and it ${how}${now?.altered[0] === undefined ? '' : ` (${now.altered[0]})`}`]
  })
}
