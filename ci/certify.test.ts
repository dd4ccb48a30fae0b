import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeDaemon, type FakeDaemon } from '../harness/run/fake-daemon.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const out = mkdtempSync(join(tmpdir(), 'plimsoll-certify-'))

/** Runs `ci/certify` as a person would. */
async function certify(...args: string[]): Promise<{ exitCode: number | null; output: string }> {
  const child = spawn(join(root, 'ci/certify'), ['--out', out, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => void (output += text))
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  return { exitCode, output }
}

describe('ci/certify', { timeout: 240_000 }, () => {
  let daemon: FakeDaemon
  beforeAll(async () => void (daemon = await startFakeDaemon()))
  afterAll(async () => {
    await daemon.close()
    rmSync(out, { recursive: true })
  })

  test('judges what it is narrowed to, and certifies nothing', async () => {
    const { exitCode, output } = await certify('--host', daemon.host, '--only=ping-ok', '--api', '1.25')
    expect(output).toContain('conformant (API 1.25)')
    expect(exitCode).toBe(0)
    expect(existsSync(join(out, 'results.json'))).toBe(true)
    expect(existsSync(join(out, 'certificate.json'))).toBe(false)
  })

  test('certifies else', async () => {
    // Only the command that certifies has profiles.
    const { exitCode, output } = await certify('--host', daemon.host, '--profile', 'none')
    expect(output).toContain('there is no profile "none"')
    expect(exitCode).toBe(2)
  })
})
