/**
 * Lays a JSON text out over lines, changing nothing but the white space between its tokens: numbers, escapes and
 * the order and repetition of members stay as they were sent.
 * @returns undefined where the text is no JSON object or array
 */
export function indentJson(text: string): string | undefined {
  if (!/^\s*[{[]/.test(text) || !isJson(text)) return undefined
  let depth = 0
  let out = ''
  const line = () => `\n${'  '.repeat(Math.min(depth, 20))}`
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  for (const [index, token] of tokens.entries()) {
    const previous = tokens[index - 1]
    if (token === '}' || token === ']') {
      depth -= 1
      out += previous === '{' || previous === '[' ? token : `${line()}${token}`
      continue
    }
    if (previous === '{' || previous === '[' || previous === ',') out += line()
    out += token === ':' ? ': ' : token
    if (token === '{' || token === '[') depth += 1
  }
  return out
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
