import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { until } from '../../harness/case/until.ts'
import { CouldNotRun } from '../../harness/cli/exit.ts'
import { loadCores, slowDisk } from './pressure.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'plimsoll-pressure-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

describe('loadCores', () => {
  test('takes processor time, and its threads end when they are told to', async () => {
    const spent = () => process.cpuUsage().user + process.cpuUsage().system
    const before = spent()
    const load = loadCores(1)
    expect(load.what).toContain('1 threads that spin')
    await until(async () => expect(spent() - before).toBeGreaterThan(100_000))
    expect(await load.stop()).toContain('stopped')
  })
})

describe('slowDisk', () => {
  test('syncs until it is stopped, and leaves no file behind', async () => {
    const place = folder()
    const disk = slowDisk(place)
    // Its file has no name from the beginning: there is nothing to be removed should the process be killed.
    expect(readdirSync(place)).toEqual([])
    expect(await disk.stop()).toMatch(/synced [1-9]\d* times, each in [\d.]+ ms/)
    expect(readdirSync(place)).toEqual([])
  })

  test.each([
    ['/no/such/folder', /--slow-io: \/no\/such\/folder: ENOENT/],
    ['/dev/shm', /--slow-io: \/dev\/shm: it is in memory/],
  ])('refuses %s', (place, complaint) => {
    expect(() => slowDisk(place)).toThrow(CouldNotRun)
    expect(() => slowDisk(place)).toThrow(complaint)
  })
})
