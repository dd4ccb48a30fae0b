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

/** The command can't do what was asked. Its message says why, and what to do. */
export class CouldNotRun extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CouldNotRun'
  }
}
