import { expect, WireError, type Hijacked } from '../../harness/case/index.ts'

/** How long a daemon has to end the stream at a key, before the next is typed. */
const betweenKeysMs = 200
const mostKeys = 100

/**
 * Types keys one after the other, again and again, until the daemon ends the stream: keys that a daemon reads together
 * are no sequence that was typed to every one of them.
 * @throws where it does not end it, or the connection breaks before it does
 */
export async function detachBy(keys: string, stream: Hijacked): Promise<void> {
  let end: 'in order' | Error | undefined
  const over = stream.readAll().then(() => void (end = 'in order'), (error: Error) => void (end = error))
  for (let typed = 0; typed < mostKeys && end === undefined; typed += 1) {
    // A key that comes after the end breaks the connection: how it ended is told by reading.
    await stream.write(keys[typed % keys.length] ?? '').catch(ignoreBroken)
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, betweenKeysMs))])
  }
  if (!isBroken(end)) expect(end, `how the stream has ended after ${JSON.stringify(keys)}`).toBe('in order')
}

function ignoreBroken(error: unknown): void {
  if (!isBroken(error)) throw error
}

function isBroken(error: unknown): boolean {
  return error instanceof WireError && error.kind === 'connection'
}
