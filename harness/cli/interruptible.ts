import { exitCodes } from './exit.ts'

/** Lets a person interrupt: the first signal asks to clear up and end, the second ends at once. */
export function interruptible(): { readonly signal: AbortSignal; done(): void } {
  const stop = new AbortController()
  const onSignal = () => {
    if (stop.signal.aborted) {
      process.stderr.write('\ninterrupted again: leaving at once; "plimsoll clean" removes what is left on the daemon\n')
      process.exit(exitCodes.interrupted)
    }
    process.stderr.write('\ninterrupted: clearing up (once more to leave at once)\n')
    stop.abort()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  return { signal: stop.signal, done: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal) }
}
