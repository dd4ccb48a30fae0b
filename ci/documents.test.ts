import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const documents = ['.', 'ci', 'harness', 'reports', 'schemas', 'suites'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join(folder, name)),
)
const commands = readdirSync(join(root, 'harness/cli')).flatMap((name) => /new Command\('(\w+)'\)/.exec(readFileSync(join(root, 'harness/cli', name), 'utf8'))?.[1] ?? [])

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8')

  test('leads nowhere that is not there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => join(root, dirname(document), target ?? ''))
    expect(targets.filter((target) => !existsSync(target))).toEqual([])
  })

  test('names no file, command or script that is not there', () => {
    const files = [...text.matchAll(/`((?:ci|harness|reports|schemas|suites)\/[\w./-]+\.\w+)`/g)].map(([, file]) => file ?? '')
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    const called = [...text.matchAll(/\bplimsoll (?!-)([a-z]+)\b(?=[ `\n])/g)].map(([, command]) => command ?? '')
    expect(called.filter((command) => !commands.includes(command))).toEqual([])
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
    expect([...text.matchAll(/npm run ([a-z]+)/g)].map(([, script]) => script ?? '').filter((script) => !Object.hasOwn(scripts, script))).toEqual([])
  })
})
