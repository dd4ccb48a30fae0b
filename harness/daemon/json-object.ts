import type { Answer } from '../wire/http.ts'

/** The body of an answer as a JSON object; undefined where it is anything else, for a daemon may send what it likes. */
export function jsonObject(answer: Pick<Answer, 'json'>): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = answer.json()
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
