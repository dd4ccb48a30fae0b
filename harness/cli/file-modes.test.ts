import { globSync, lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { plimsoll } from './spawn.ts'
import { test } from './test-fixtures.ts'

/** Every file and folder below this one, with its permissions in octal. */
function modesBelow(folder: string): string[] {
  return globSync('**/*', { cwd: folder }).filter((path) => path !== '.').map((path) => {
    const stat = lstatSync(join(folder, path))
    return `${stat.isDirectory() ? 'folder' : 'file'} ${(stat.mode & 0o7777).toString(8)} ${path}`
  })
}

describe('what a run writes', { timeout: 300_000, concurrent: true }, () => {
  test.for<[umask: string, folder: string, file: string]>([
    ['000', '755', '644'],
    ['022', '755', '644'],
    ['077', '700', '600'],
  ])('where the umask is %s has the modes %s and %s: others change nothing of it, and nothing is a program', async ([umask, folderMode, fileMode], { expect, daemon, folder }) => {
    const { host, seen } = await daemon()
    const [out, temporary] = [join(folder, 'report'), join(folder, 'temporary')]
    mkdirSync(temporary)
    // What is there only while the run lasts is looked at when its first case asks.
    const during = seen(/v1\.25\/_ping/).then(() => [...modesBelow(out), ...modesBelow(temporary)])
    const ended = await plimsoll(['run', '--host', host, '--only', 'ping-*', '--api', '1.25', '--out', out], { umask: Number.parseInt(umask, 8), env: { TMPDIR: temporary } })
    expect(ended.exitCode).toBe(0)
    expect((lstatSync(out).mode & 0o7777).toString(8)).toBe(folderMode)
    const all = [...(await during), ...modesBelow(out), ...modesBelow(temporary)]
    expect(all.filter((line) => !line.startsWith(`folder ${folderMode} `) && !line.startsWith('folder 700 ') && !line.startsWith(`file ${fileMode} `) && !line.startsWith('file 600 '))).toEqual([])
    expect(all.some((line) => line.endsWith(' results.json'))).toBe(true)
    // The journal, which is gone when the report is there.
    expect((await during).some((line) => line.startsWith(`file ${fileMode} `))).toBe(true)
  })
})
