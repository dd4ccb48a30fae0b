/** A test of ids by a pattern in which `*` stands for any run of characters. */
export function patternTest(pattern: string): (id: string) => boolean {
  const expression = new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`)
  return (id) => expression.test(id)
}

/** Whether an id matches a pattern in which `*` stands for any run of characters. */
export function matchesPattern(pattern: string, id: string): boolean {
  return patternTest(pattern)(id)
}
