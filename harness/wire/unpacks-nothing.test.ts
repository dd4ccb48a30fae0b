import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const modules = globSync('{harness,suites,reports}/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts')).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const readsArchives = /\b(readTar|tarReader)\(/
const writesFiles = /\b(writeFile|writeFileSync|createWriteStream|appendFile|appendFileSync|openSync|mkdir|mkdirSync|symlink|symlinkSync|linkSync|copyFile|cpSync)\b *\(/

test('what reads an archive of a daemon writes no file', () => {
  const readers = modules.filter(({ text }) => readsArchives.test(text))
  expect(readers.length).toBeGreaterThan(10)
  expect(readers.filter(({ text }) => writesFiles.test(text)).map(({ path }) => path)).toEqual([])
})

test('no case writes any file', () => {
  const suites = modules.filter(({ path }) => path.startsWith('suites/'))
  expect(suites.filter(({ text }) => /from 'node:fs/.test(text) && writesFiles.test(text)).map(({ path }) => path)).toEqual([])
})

test('no other library that unpacks archives is there', () => {
  expect(modules.filter(({ text }) => /\bextract\b.*from 'tar(-stream|-fs)?'|from 'tar(-fs)?'/.test(text)).map(({ path }) => path)).toEqual([])
})
