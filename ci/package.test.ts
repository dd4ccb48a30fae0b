import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatResults } from '../reports/results-json.ts'
import { sampleResults } from '../reports/sample-results.ts'
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

  test('brings what reports are made of', { timeout: 120_000 }, () => {
    writeFileSync(join(folder, 'results.json'), formatResults(sampleResults()))
    // The sample is nonconformant and has a fault: its exit code is no zero.
    expect(() => plimsoll('report', folder, '--out', join(folder, 'report'))).toThrow()
    for (const name of ['index.html', 'ctrf.json', 'badge.svg']) expect(existsSync(join(folder, 'report', name)), name).toBe(true)
    plimsoll('compare', folder, folder, '--out', join(folder, 'comparison.html'))
    plimsoll('list', '--html', join(folder, 'catalogue.html'))
    for (const name of ['comparison.html', 'catalogue.html']) expect(existsSync(join(folder, name)), name).toBe(true)
  })
})
