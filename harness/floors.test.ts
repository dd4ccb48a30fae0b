import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))

/** The house: a place imports from itself and from places on lower floors, types too. The longest name that fits a file counts. */
const floors: Readonly<Record<string, number>> = {
  'harness/versions.ts': 1,
  'harness/pattern.ts': 1,
  'harness/wire': 1,
  'harness/schema': 2,
  'harness/daemon': 2,
  'harness/guest': 2,
  'harness/case': 3,
  'harness/faults': 3, // what makes a daemon wrong: bytes and schemas, no cases
  reports: 4,
  suites: 4,
  'harness/run': 5, // puts a whole run together: cases, and what reports count
  'harness/cli': 6,
  ci: 7, // commands of the project's own, built on what the published one is made of
}

/** What suites may import from the harness: nothing that reaches past a case's own fixtures. */
const openToSuites = [
  /^harness\/case\/(errors|index)\.ts$/,
  // Pure decoders of bytes that a case holds in its hand.
  /^harness\/wire\/(frames|json|json-stream|sanitize|tar|tar-header|tar-reader)\.ts$/,
  // What the guest's image is: archives are held against it.
  /^harness\/guest\/(archive|image)\.ts$/,
  /^suites\//,
]

type Import = { readonly file: string; readonly target: string }

function typescriptFiles(): string[] {
  return ['harness', 'suites', 'reports', 'ci'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  )
}

/** The files of this project that a text imports, by `import`, `export … from` and `import()`. */
function importsOf(file: string, text: string): Import[] {
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g)].map((match) => match[2] ?? '')
  return specifiers.map((specifier) => ({ file, target: normalize(join(dirname(file), specifier)) }))
}

function placeOf(file: string): string | undefined {
  return Object.keys(floors)
    .filter((place) => file === place || file.startsWith(`${place}/`) || file === `${place}.ts`)
    .sort((one, other) => other.length - one.length)[0]
}

/** What is wrong with an import; undefined where nothing is. */
function complaintOf({ file, target }: Import): string | undefined {
  const [from, to] = [placeOf(file), placeOf(target)]
  if (from === undefined) return `${file} stands on no floor`
  if (to === undefined) return `${file} imports ${target}, which stands on no floor`
  if (from === 'suites' && !openToSuites.some((pattern) => pattern.test(target))) return `${file} imports ${target}, which is not open to suites`
  if (from === to || (floors[to] ?? NaN) < (floors[from] ?? NaN)) return undefined
  return `${file} (floor ${floors[from]}) imports ${target} (floor ${floors[to]})`
}

/** Tests of ours may look at anything below and beside them; what they try is held to the floors, they are not. */
const isOwnTest = (file: string) => file.endsWith('.test.ts')

describe('the floors of the house', () => {
  const files = typescriptFiles().filter((file) => !isOwnTest(file))

  test('each file imports from its own place and from floors below only', () => {
    expect(files.length).toBeGreaterThan(100)
    const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
    expect(imports.length).toBeGreaterThan(300)
    expect(imports.map(complaintOf).filter((complaint) => complaint !== undefined)).toEqual([])
  })

  test('vitest and allure are known to cases alone, and undici to the wire', () => {
    const users = (name: RegExp) => files.filter((file) => name.test(readFileSync(join(root, file), 'utf8')))
    const outside = (found: string[], ...places: string[]) => found.filter((file) => !places.some((place) => file.startsWith(place)))
    expect(outside(users(/from 'vitest/), 'harness/case/', 'harness/cli/test-fixtures.ts')).toEqual([])
    expect(outside(users(/from 'undici/), 'harness/wire/')).toEqual([])
    expect(outside(users(/from 'allure/), 'harness/case/', 'reports/')).toEqual([])
    expect(outside(users(/from 'ajv/), 'harness/schema/')).toEqual([])
  })

  const planted: [file: string, line: string, complaint: RegExp | undefined][] = [
    ['harness/wire/http.ts', "import { project } from '../schema/project.ts'", /floor 1.*floor 2/],
    ['harness/schema/load.ts', "import type { Target } from '../daemon/target.ts'", /floor 2.*floor 2/],
    ['harness/case/stage.ts', "const { run } = await import('../cli/run.ts')", /floor 3.*floor 6/],
    ['reports/html.ts', "export { judgeDaemon } from '../harness/run/judge.ts'", /floor 4.*floor 5/],
    ['suites/exec/start.conformance.ts', "import { createClient } from '../../harness/wire/http.ts'", /not open to suites/],
    ['suites/exec/start.conformance.ts', "import { createStage } from '../../harness/case/stage.ts'", /not open to suites/],
    ['suites/exec/start.conformance.ts', "import { runCommand } from '../../harness/cli/run.ts'", /not open to suites/],
    ['harness/odd.ts', "import { covers } from './versions.ts'", /stands on no floor/],
    ['suites/exec/start.conformance.ts', "import { expect } from '../../harness/case/index.ts'", undefined],
    ['harness/case/shape.ts', "import type { Operation } from '../schema/operations.ts'", undefined],
  ]
  test.each(planted)('%s with %s', (file, line, complaint) => {
    const [found] = importsOf(file, line)
    expect(found).toBeDefined()
    const actual = found && complaintOf(found)
    if (complaint === undefined) expect(actual).toBeUndefined()
    else expect(actual).toMatch(complaint)
  })
})
