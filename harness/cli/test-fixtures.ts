// Test support: what tests of the command work with. From the context, for these tests run side by side.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as plain } from 'vitest'
import { startFakeDaemon, type FakeDaemon, type FakeObject, type FakeOptions } from '../run/fake-daemon.ts'

/** Others keep these on every daemon of the tests, under names almost like ours: no run may touch them. */
export const foreign: readonly FakeObject[] = [
  { kind: 'container', name: 'plimsoll-web', labels: { 'plimsoll.run': 'ours?' } },
  { kind: 'network', name: 'plimsoll-net' },
  { kind: 'volume', name: 'plimsoll-data' },
  { kind: 'image', name: 'plimsoll/guest:latest' },
  { kind: 'image', name: 'registry.example/plimsoll-t00000-ffff-1-abcd-guest:1' },
]

/** `test` with a fake daemon per call of `daemon`, and a folder; both are gone when the test has ended. */
export const test = plain
  .extend('daemon', async ({}, { onCleanup }) => {
    const started: FakeDaemon[] = []
    onCleanup(async () => void (await Promise.all(started.map((each) => each.close()))))
    return async (options: FakeOptions = {}): Promise<FakeDaemon> => {
      const each = await startFakeDaemon({ objects: foreign, ...options })
      started.push(each)
      return each
    }
  })
  .extend('folder', ({}, { onCleanup }) => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'))
    onCleanup(() => rmSync(folder, { recursive: true, force: true }))
    return folder
  })
