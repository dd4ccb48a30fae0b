import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe } from 'vitest'
import { plimsoll } from './spawn.ts'
import { test } from './test-fixtures.ts'

const password = 'canary-7f3a9d'
const inBase64 = Buffer.from(password).toString('base64').slice(1, -3)

/** All text that a folder holds, with what its base64 holds. */
function textIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
  return texts.map((text) => `${text}\n${(text.match(/[\w+/-]{16,}={0,2}/g) ?? []).map((token) => Buffer.from(token, 'base64').toString('latin1')).join('\n')}`).join('\n')
}

describe('credentials that a run was given', { timeout: 300_000, concurrent: true }, () => {
  test('are in no report, no output and no list of processes, though the daemon sends them back wherever it can', async ({ expect, daemon, folder }) => {
    await using registry = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
    const address = `127.0.0.1:${(registry.address() as AddressInfo).port}`
    const asked: string[] = []
    const { host } = await daemon({
      script({ path, version, headers, body }) {
        if (version === undefined || path === '/version' || !/^\/(auth|images\/.*push)$/.test(path)) return undefined
        const auth = String(headers['x-registry-auth'] ?? '')
        const sent = `${body.toString('utf8')} ${auth} ${Buffer.from(auth, 'base64').toString('utf8')}`
        asked.push(sent)
        return { status: 500, headers: { 'X-Echo': auth || password, Location: `/?${password}` }, body: { message: `wrong: ${sent}`, [password]: sent } }
      },
    })
    let commandLine = ''
    const { stdout, stderr } = await plimsoll(['run', '--host', host, '--api', '1.25', '--registry', address, '--only', 'registry-auth-*,image-push-*', '--out', folder], {
      env: { PLIMSOLL_REGISTRY_USER: 'jdoe', PLIMSOLL_REGISTRY_PASSWORD: password },
      onStart: (child) => child.stdout?.once('data', () => void (commandLine = readFileSync(`/proc/${child.pid}/cmdline`, 'latin1'))),
    })
    // They have been sent, and have come back.
    expect(asked.join('\n')).toContain(password)
    expect(stdout + commandLine).not.toBe('')
    for (const text of [stdout, stderr, commandLine, textIn(folder)]) {
      expect(text.includes(password)).toBe(false)
      expect(text.includes(inBase64)).toBe(false)
    }
  })
})
