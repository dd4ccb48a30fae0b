import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient } from '../harness/wire/http.ts'

const host = process.env.PLIMSOLL_TEST_DOCKER
const netns = process.env.PLIMSOLL_TEST_DOCKER_NETNS
const root = fileURLToPath(new URL('../', import.meta.url))
const image = 'plimsoll-test-daemon'
const out = mkdtempSync(join(tmpdir(), 'plimsoll-started-'))

/** The ports that the private daemon publishes are seen in its own network namespace only. */
function run(...words: string[]) {
  const command = ['--net=/var/run/netns/' + netns, process.execPath, 'harness/cli/plimsoll.ts', 'run', '--out', out, ...words]
  // The daemon has no registry to take testcontainers' helper image from, and this machine may look like a container to it.
  const env = { ...process.env, DOCKER_HOST: host, TESTCONTAINERS_RYUK_DISABLED: 'true', TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1' }
  return spawnSync('nsenter', command, { cwd: root, env, encoding: 'utf8' })
}

describe.skipIf(host === undefined || netns === undefined)('plimsoll run --start', { timeout: 180_000 }, () => {
  const client = createClient({ kind: 'socket', path: String(host).replace('unix://', '') })
  beforeAll(() => void execFileSync('ci/daemon-image', [String(host), image], { cwd: root }), 60_000)
  afterAll(async () => {
    await client.request('DELETE', `/images/${image}?force=1`)
    await client.close()
    rmSync(out, { recursive: true })
  })

  test('judges a daemon that it starts in a container, and removes it', async () => {
    const { status, stdout, stderr } = run('--start', image, '--only', 'ping-*,container-start-created')
    expect(stdout + stderr).toMatch(/started from the image plimsoll-test-daemon/)
    expect(stdout + stderr).toMatch(/: conformant \(API 1\.18 to 1\.25\)/)
    expect(status).toBe(0)
    const left = await client.request('GET', `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ ancestor: [image] }))}`)
    expect(left.json()).toEqual([])
  })

  test('says what it needs where the image is no daemon', () => {
    const { status, stderr } = run('--start', 'plimsoll-no-such-image:latest')
    expect(stderr).toMatch(/no daemon could be started from the image plimsoll-no-such-image:latest: .*such as docker:dind/)
    expect(status).toBe(2)
  })

  test('does not take another daemon beside it', () => {
    const { status, stderr } = run('--start', image, '--host', String(host))
    expect(stderr).toMatch(/leave --host and --context out/)
    expect(status).toBe(2)
  })
})
