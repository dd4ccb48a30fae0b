import { WireError } from './errors.ts'

/**
 * Waits for `promise`, but not for ever.
 * @param what names the awaited thing in the error: `no answer to GET /info`
 * @throws WireError of kind `deadline` after `timeoutMs`; then `onTimeout` runs, to let go of what was awaited
 */
export async function withDeadline<T>(promise: Promise<T>, timeoutMs: number, what: string, onTimeout?: () => void): Promise<T> {
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    // In this order: letting go may reject `promise`, and the deadline is what happened.
    reject(new WireError('deadline', `${what} within ${timeoutMs} ms`))
    onTimeout?.()
  }, timeoutMs)
  try {
    return await Promise.race([promise, expired])
  } finally {
    clearTimeout(timer)
  }
}
