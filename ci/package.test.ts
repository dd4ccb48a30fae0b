import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-package-'))
const installed = join(folder, 'node_modules', 'plimsoll')
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the command of the package as npm would link it. */
const plimsoll = (...words: string[]) => execFileSync(process.execPath, [join(installed, 'dist/harness/cli/plimsoll.js'), ...words], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })

describe('the published package', () => {
  beforeAll(() => {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    mkdirSync(installed, { recursive: true })
    execFileSync('sh', ['-c', `tar -xzf ${folder}/plimsoll-*.tgz -C ${installed} --strip-components=1`])
    // Its dependencies are those of the lock file: no registry is asked again.
    symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))
    cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  }, 120_000)

  test('brings a command that runs from where npm puts it', () => {
    expect(plimsoll('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('holds every case', { timeout: 120_000 }, () => {
    const ids = (text: string) => (JSON.parse(text) as { id: string }[]).map(({ id }) => id).sort()
    const ours = execFileSync(process.execPath, ['harness/cli/plimsoll.ts', 'list', '--json'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    expect(ids(plimsoll('list', '--json'))).toEqual(ids(ours))
  })
})
