/** What was asked for names no daemon. The message says why, and what to do. */
export class TargetError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'TargetError'
  }
}
