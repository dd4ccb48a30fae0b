import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCatalogue, type Catalogued } from '../case/runner.ts'
import { CouldNotRun } from './exit.ts'
import { knownFailingsFor } from './run-options.ts'

describe('the list of known failings of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-options-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  let catalogue: Catalogued[] = []
  beforeAll(async () => {
    catalogue = await readCatalogue()
  }, 60_000)

  const listed = (id: string) => {
    const path = join(folder, 'list.yaml')
    writeFileSync(path, `daemon: {product: Fake, version: '0.'}\nfailings:\n  - {id: '${id}', versions: '1.25', because: x, reason: so it is, link: 'https://example.org/1'}\n`)
    return knownFailingsFor(path, 'Fake', '0.1', catalogue)?.entries.map((entry) => entry.id)
  }

  test.each(['ping-ok', 'ping-*', 'container-list-shape', '*-shape'])('takes an entry about %s', (id) => {
    expect(listed(id)).toEqual([id])
  })

  test.each(['ping-okay', 'ping', 'Ping-ok', 'pong-*'])('refuses an entry about %s, which is nothing', (id) => {
    expect(() => listed(id)).toThrow(CouldNotRun)
    expect(() => listed(id)).toThrow(`no case is called "${id}": take the entry off`)
  })

  test.each(readdirSync(fileURLToPath(new URL('../../ci/known-failings/', import.meta.url))).filter((name) => name.endsWith('.yaml')))('%s is about cases that there are', (name) => {
    expect(knownFailingsFor(`ci/known-failings/${name}`, '', '', catalogue)?.entries.length).toBeGreaterThan(0)
  })
})
