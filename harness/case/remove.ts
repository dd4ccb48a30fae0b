import type { Client } from '../wire/http.ts'

/** The kinds of objects that the suite makes, as the paths of the API name them. */
export type StagedKind = 'container' | 'volume' | 'network' | 'image' | 'plugin'

/**
 * Removes one object that the suite made, at the daemon's own version.
 * @returns why it is still there; undefined where it is gone, or was gone before
 */
export async function remove(control: Client, kind: StagedKind, id: string): Promise<string | undefined> {
  const query = kind === 'container' ? '?force=1&v=1' : kind === 'image' || kind === 'plugin' ? '?force=1' : ''
  try {
    const answer = await control.request('DELETE', `/${kind}s/${encodeURIComponent(id)}${query}`)
    if (answer.status < 300 || answer.status === 404 || inRemoval(answer.status, answer.text)) return undefined
    return `${kind} ${id} could not be removed: status ${answer.status}, ${answer.text}`
  } catch (error) {
    return `${kind} ${id} could not be removed: ${error instanceof Error ? error.message : String(error)}`
  }
}

function inRemoval(status: number, text: string): boolean {
  return (status === 409 || status === 400) && text.includes('already in progress')
}
