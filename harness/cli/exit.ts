/** What the command's exit codes say. */
export const exitCodes = {
  conformant: 0,
  nonconformant: 1,
  /** Usage, daemon unreachable, no common version: nothing was judged. */
  couldNotRun: 2,
  /** The harness itself failed. */
  fault: 3,
  interrupted: 130,
} as const

/** How a run of the suite ended, as far as its exit code says it. */
export type Ending = { readonly verdict: 'conformant' | 'nonconformant' | 'undecided'; readonly faults: number; readonly interrupted: boolean }

/** The exit code of a run. An interruption comes before a fault, and a fault before a verdict, for neither left a whole one. */
export function exitCodeOf({ verdict, faults, interrupted }: Ending): number {
  if (interrupted) return exitCodes.interrupted
  if (faults > 0) return exitCodes.fault
  return { conformant: exitCodes.conformant, nonconformant: exitCodes.nonconformant, undecided: exitCodes.couldNotRun }[verdict]
}

/** Of several exit codes, the one that says the most of all of them: an interruption first, then a fault, then what could not be judged. */
export function worstOf(codes: readonly number[]): number {
  const { interrupted, fault, couldNotRun, nonconformant, conformant } = exitCodes
  return [interrupted, fault, couldNotRun, nonconformant].find((code) => codes.includes(code)) ?? conformant
}

/** The command can't do what was asked. Its message says why, and what to do. */
export class CouldNotRun extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CouldNotRun'
  }
}
