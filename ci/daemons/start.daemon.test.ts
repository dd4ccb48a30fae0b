import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { until } from '../../harness/case/until.ts'
import { plimsoll } from '../judge-daemon.ts'

/** Names of the recipes to try, or `all`: each takes some hundred megabytes of packages once, and needs root. */
const wanted = process.env.PLIMSOLL_TEST_DAEMONS
const command = fileURLToPath(new URL('daemon', import.meta.url))
const names = execFileSync(command, ['list'], { encoding: 'utf8' }).trim().split('\n').map((line) => String(line.split(' ')[0]))
const chosen = wanted === 'all' ? names : (wanted?.split(',') ?? [])
const tries = chosen.flatMap((name) => (name.startsWith('docker') ? [name, `${name} --tls`] : [name]))

/** What is left of a daemon that kept all of its own in `dir`. */
function leftOf(dir: string): string[] {
  const processes = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && read(`/proc/${pid}/cmdline`).includes(dir))
  return [...processes.map((pid) => `process ${pid}`), ...[dir, `/var/run/netns/plimsoll-${basename(dir)}`].filter((path) => existsSync(path)), ...(read('/proc/mounts').includes(dir) ? ['a mount'] : [])]
}

/** Processes come and go while they are looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

describe.skipIf(tries.length === 0)('ci/daemons/daemon', { timeout: 900_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-daemons-'))
  const dir = join(folder, `recipe-${process.pid}`)
  afterAll(() => {
    if (existsSync(dir)) execFileSync(command, ['stop', dir])
    rmSync(folder, { recursive: true })
  })

  test.each(tries)('starts %s, which runs containers, and leaves nothing of it', async (words) => {
    const [name = '', ...tls] = words.split(' ')
    const started = spawnSync(command, ['start', name, ...tls, dir], { encoding: 'utf8' })
    expect(started.status, started.stderr).toBe(0)
    const told = Object.fromEntries(started.stdout.trim().split('\n').map((line) => line.split('=') as [string, string]))
    const certificates = told.DOCKER_CERT_PATH
    expect(certificates === undefined).toBe(tls.length === 0)
    const trust = certificates === undefined ? [] : ['--tlsverify', ...['ca', 'cert', 'key'].flatMap((file) => [`--tls${file === 'ca' ? 'cacert' : file}`, join(certificates, `${file}.pem`)])]

    const { exitCode, output } = await plimsoll(told.PLIMSOLL_NETNS, 'run', '--host', String(told.DOCKER_HOST), ...trust, '--api', '1.24,1.25', '--only', 'ping-ok,container-start-created', '--out', join(folder, 'report'))
    expect(output).toMatch(new RegExp(`${name.replace('-', ' ')}\\..*: conformant \\(API 1\\.24 to 1\\.25\\)`, 'i'))
    expect(exitCode).toBe(0)

    expect(spawnSync(command, ['stop', dir], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(leftOf(dir)).toEqual([])
  })

  test('leaves nothing of a start that is interrupted', async () => {
    const child = spawn(command, ['start', String(chosen[0]), dir], { stdio: 'ignore' })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    await until(async () => expect(existsSync(join(dir, 'pid'))).toBe(true), { everyMs: 1 })
    child.kill('SIGTERM')
    expect(await ended).toBe(130)
    expect(leftOf(dir)).toEqual([])
  })
})
