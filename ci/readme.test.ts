import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withNumbers } from './readme.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the numbers of the README are those of the suites: npm run readme', { timeout: 60_000 }, async () => {
  expect(await withNumbers(readme)).toBe(readme)
})

test('every command that the README names exists', () => {
  const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { scripts: Record<string, string> }
  const named = [...readme.matchAll(/npm run ([a-z]+)/g)].map(([, name]) => name ?? '')
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
})
