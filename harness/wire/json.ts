import { backslash, closeBrace, closeBracket, openBrace, openBracket, quote } from './json-bytes.ts'

/** Levels of objects and arrays in one another that JSON of a daemon may have: far more than the API has, and few enough for any code that walks them. */
export const maxJsonDepth = 512

/**
 * Parses JSON that a daemon sent. `JSON.parse` alone takes any depth, and whatever then walks the value, `JSON.stringify` first, runs out of stack.
 * @throws SyntaxError where it is no JSON, or nested deeper than `maxJsonDepth`
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (isDeep(text)) throw new SyntaxError(`it is nested deeper than ${maxJsonDepth} levels`)
  return value
}

/** Whether JSON that is well formed is nested too deeply. */
function isDeep(json: string): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (inString) {
      if (code === backslash) at += 1
      else if (code === quote) inString = false
    } else if (code === quote) inString = true
    else if (code === openBrace || code === openBracket) {
      depth += 1
      if (depth > maxJsonDepth) return true
    } else if (code === closeBrace || code === closeBracket) depth -= 1
  }
  return false
}
