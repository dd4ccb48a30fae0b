import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../', import.meta.url)
const text = readFileSync(new URL('PROMISES.md', import.meta.url), 'utf8')
const rows = text.split('\n').filter((line) => /^\| (?!promise|---)/.test(line) && !line.startsWith('|---'))

test('the table has a file and a test in each row', () => {
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows) expect(row).toMatch(/^\| .+ \| `[\w./-]+\.test\.ts`: .+ \|$/)
})

test.each(rows)('%s', (row) => {
  const [, file = '', name = ''] = /`([\w./-]+)`: (.+) \|$/.exec(row) ?? []
  expect(existsSync(new URL(file, root)), file).toBe(true)
  const source = readFileSync(new URL(file, root), 'utf8').replaceAll("\\'", "'")
  expect(source, `${file} has no test "${name}"`).toContain(name)
})
