import { WireError } from '../wire/errors.ts'
import { Blocked, NotApplicable } from './errors.ts'

/** How long and how often `until` asks. */
export type UntilOptions = { readonly timeoutMs?: number; readonly everyMs?: number }

/**
 * Repeats an observation until what it asserts holds: for what a daemon does in its own time.
 * @returns what the observation returned
 * @throws the last assertion's error after `timeoutMs` (10 s), saying how long it was waited for
 */
export async function until<T>(observe: () => Promise<T>, options: UntilOptions = {}): Promise<T> {
  const { timeoutMs = 10_000, everyMs = 25 } = options
  const deadline = performance.now() + timeoutMs
  for (let wait = everyMs; ; wait = Math.min(wait * 1.5, 250)) {
    try {
      return await observe()
    } catch (error) {
      // A bug of ours or a case that can't go on does not become true by waiting.
      if (error instanceof TypeError || error instanceof ReferenceError || error instanceof Blocked || error instanceof NotApplicable) throw error
      if (error instanceof WireError && error.kind === 'aborted') throw error
      if (performance.now() + wait > deadline) {
        if (error instanceof Error) error.message = `${error.message} (still so after ${timeoutMs} ms)`
        throw error
      }
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
