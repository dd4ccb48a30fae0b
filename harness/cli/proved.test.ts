import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { CouldNotRun } from './exit.ts'
import { readProved } from './proved.ts'

test('counts what was noticed of what was tried, crafted faults apart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-proved-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'list.tsv')
  writeFileSync(path, '# said by hand\ncrafted.a\tnoticed\t1.24\tping-ok\nping.b\tnoticed\t1.18\tping-ok\nping.c\tsurvived\nping.d\tnot-exercised\nping.e\tunobservable\n')
  expect(readProved(path)).toEqual({ crafted: { noticed: 1, tried: 1 }, systematic: { noticed: 1, tried: 2 } })
})

test('refuses a list that is not there', () => {
  expect(() => readProved('/no/such.tsv')).toThrow(CouldNotRun)
})
