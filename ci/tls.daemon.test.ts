import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-tls-'))
const daemon = join(folder, 'daemon')
const file = (name: string) => join(folder, name)
const host = 'tcp://127.0.0.1:2376'

/** A function of ci/common.sh or of ci/daemons/tls.sh. */
function shell(...words: string[]): void {
  execFileSync('bash', ['-c', '. ci/common.sh; . ci/daemons/tls.sh; "$@"', 'bash', ...words], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
}

const client = (name: string) => ['--tlscert', file(`${name}.pem`), '--tlskey', file(`${name}-key.pem`)]

/** `plimsoll run` in the daemon's network namespace, as a person would call it. */
function run(...words: string[]) {
  const command = [`--net=/var/run/netns/plimsoll-${basename(daemon)}`, process.execPath, 'harness/cli/plimsoll.ts', 'run', '--out', file('report'), '--quick', '--only', 'ping-*,version-*', ...words]
  const { status, stdout, stderr } = spawnSync('nsenter', command, { cwd: root, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

/** Statement general/05, of a daemon that is started so: how others listen is not for the suite to say. */
describe.skipIf(process.env.PLIMSOLL_TEST_DOCKER === undefined)('a daemon on a TCP port with TLS that wants client certificates', { timeout: 120_000 }, () => {
  beforeAll(() => {
    for (const name of ['ca', 'other-ca']) shell('make_certificate', folder, name)
    shell('make_certificate', folder, 'server', 'ca', 'subjectAltName=IP:127.0.0.1', 'extendedKeyUsage=serverAuth')
    shell('make_certificate', folder, 'jdoe', 'ca', 'extendedKeyUsage=clientAuth')
    shell('make_certificate', folder, 'stranger', 'other-ca', 'extendedKeyUsage=clientAuth')
    shell('start_docker', daemon, '-H', host, '--tlsverify', '--tlscacert', file('ca.pem'), '--tlscert', file('server.pem'), '--tlskey', file('server-key.pem'))
  }, 60_000)
  afterAll(() => {
    shell('stop_daemon', daemon)
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  test('is judged with a certificate that it trusts', () => {
    const { status, output } = run('--host', host, '--tlsverify', '--tlscacert', file('ca.pem'), ...client('jdoe'))
    expect(output).toMatch(/: conformant \(API 1\.18 to 1\.25\)/)
    expect(status).toBe(0)
  })

  test('refuses a client without one: exit 2, and the message says what is missing', () => {
    const { status, output } = run('--host', host, '--tlsverify', '--tlscacert', file('ca.pem'))
    expect(output).toMatch(/wants a client certificate that it trusts/)
    expect(status).toBe(2)
  })

  test('refuses a certificate of an authority that it does not know', () => {
    const { status, output } = run('--host', host, '--tlsverify', '--tlscacert', file('ca.pem'), ...client('stranger'))
    expect(output).toMatch(/wants a client certificate that it trusts/)
    expect(status).toBe(2)
  })

  test('is not judged where it is not trusted itself', () => {
    const { status, output } = run('--host', host, '--tlsverify', '--tlscacert', file('other-ca.pem'), ...client('jdoe'))
    expect(output).toMatch(/certificate/)
    expect(status).toBe(2)
  })

  test('is not reached without TLS', () => {
    const { status, output } = run('--host', host)
    expect(output).toMatch(/speaks TLS/)
    expect(status).toBe(2)
  })
})
