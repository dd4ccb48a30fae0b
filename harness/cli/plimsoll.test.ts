import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { newRunId } from '../case/run-id.ts'
import type { FakeObject } from '../run/fake-daemon.ts'
import { plimsoll } from './spawn.ts'
import { foreign, test } from './test-fixtures.ts'

/** Of a run that is over: no process has the pid 1 of another machine, and it began long ago. */
const deadRun = 't00000-ffff-1-abcd'

describe('plimsoll', { timeout: 300_000, concurrent: true }, () => {
  test('--help says the commands and the exit codes, and exits with 0', async ({ expect }) => {
    const { exitCode, stdout } = await plimsoll(['--help'])
    expect(exitCode).toBe(0)
    for (const word of ['run [options]', 'list [options]', 'show <id>', 'clean [options]', 'Exit codes:', '--source 1.24/07']) expect(stdout).toContain(word)
  })

  test('run --help says what selects cases, and that all versions are taken', async ({ expect }) => {
    const { exitCode, stdout } = await plimsoll(['run', '--help'])
    expect(exitCode).toBe(0)
    for (const option of ['--host', '--context', '--area', '--operation', '--only', '--source', '--api', '--disposable', '--known-failing', '--out', '--bail', '--quick']) expect(stdout).toContain(option)
    expect(stdout).toContain('(default: all)')
  })

  const refused: [args: string[], complaint: RegExp][] = [
    [['lst'], /unknown command 'lst'/],
    [['run', '--api', '1.99'], /no case is documented for 1\.99: this suite covers 1\.18 to 1\.25/],
    [['run', '--workers', '0'], /write a number from 1 to 64/],
    [['clean', 'all'], /too many arguments/],
    [['target', '--host', 'unix:///no/such.sock'], /can't connect to unix:\/\/\/no\/such\.sock: there is no such socket: is the daemon running/],
    [['target', '--host', 'nonsense'], /"nonsense" is no host: write unix:\/\/\/path/],
    [['list', '--area', 'kitchen'], /there is no area "kitchen"; there are .*containers/],
    [['list', '--source', '1.24/99'], /there is no statement "1\.24\/99"/],
    [['show', 'no-such-case'], /there is no case with the id "no-such-case"/],
    [['run', '--only', 'ping-ok', '--out', '/dev/null/report'], /--out: no report can be written to \/dev\/null\/report/],
  ]
  test.for(refused)('%j exits with 2 and says what is wrong', async ([args, complaint], { expect }) => {
    const { exitCode, stderr } = await plimsoll(args)
    expect(stderr).toMatch(complaint)
    expect(stderr).not.toContain('the harness itself failed')
    expect(exitCode).toBe(2)
  })

  test('list --json gives everything that is stated of the selected cases', async ({ expect }) => {
    const { exitCode, stdout } = await plimsoll(['list', '--json', '--source', 'change 1.24/07'])
    expect(exitCode).toBe(0)
    const requirements = JSON.parse(stdout) as { id: string }[]
    expect(requirements).toContainEqual({
      id: 'container-create-no-command', title: 'must answer 400 to a container without a command', level: 'must', area: 'containers', operation: 'POST /containers/create',
      sources: ['change 1.24/07'], needs: ['linux'], alone: false, disposable: false, since: '1.24',
    })
    expect(requirements.map(({ id }) => id)).toContain('container-create-no-command-server-error')
  })

  test('list names id, versions, source and title', async ({ expect }) => {
    const { stdout } = await plimsoll(['list', '--only', 'ping-*'])
    expect(stdout).toMatch(/\nsystem: GET \/_ping\n {2}ping-ok {2}\(every version; operation\)\n {6}must answer 200 with the two bytes OK\n/)
  })

  test('show says everything about a case', async ({ expect }) => {
    const { exitCode, stdout } = await plimsoll(['show', 'container-prune-stopped'])
    expect(exitCode).toBe(0)
    for (const part of ['POST /containers/prune must', 'from 1.25', 'change 1.25/24: `POST /containers/prune` prunes stopped containers.', '--disposable', 'suites/containers/prune.conformance.ts']) expect(stdout).toContain(part)
  })

  test('clean removes what dead runs left, spares living ones and what is foreign', async ({ expect, daemon }) => {
    const dead: FakeObject[] = [
      { kind: 'container', name: 'renamed-by-a-case', labels: { 'plimsoll.run': deadRun } },
      { kind: 'container', name: `plimsoll-${deadRun}-x-1-box` },
      { kind: 'network', name: `plimsoll-${deadRun}-x-2-net` },
      { kind: 'volume', name: `plimsoll-${deadRun}-x-3-vol` },
      { kind: 'image', name: `plimsoll-${deadRun}-guest:0123` },
    ]
    const living: FakeObject = { kind: 'container', name: `plimsoll-${newRunId()}-x-1-box` }
    const { host, objects } = await daemon({ objects: [...foreign, ...dead, living] })

    const dry = await plimsoll(['clean', '--host', host, '--dry-run'])
    expect(dry.stdout.match(/would remove/g)).toHaveLength(dead.length)
    expect(objects()).toEqual([...foreign, ...dead, living])

    const { exitCode, stdout } = await plimsoll(['clean', '--host', host])
    expect(stdout).toContain('left 1 of runs that may still be going on')
    expect(exitCode).toBe(0)
    expect(objects()).toEqual([...foreign, living])
  })

  test('clean exits with 2 and says what could not be removed', async ({ expect, daemon }) => {
    const name = `plimsoll-${deadRun}-x-1-vol`
    const { host } = await daemon({ objects: [{ kind: 'volume', name }], script: ({ method }) => (method === 'DELETE' ? { status: 409, body: { message: 'in use' } } : undefined) })
    const { exitCode, stderr } = await plimsoll(['clean', '--host', host])
    expect(stderr).toMatch(new RegExp(`volume ${name} could not be removed: status 409, .*in use`))
    expect(exitCode).toBe(2)
  })

  test('takes ssh:// through the ssh on PATH, as docker does', async ({ expect, daemon, folder }) => {
    const { socket, requests } = await daemon()
    // An ssh that writes down how it was called, and is the other end's `docker system dial-stdio` itself.
    const script = `#!${process.execPath}
const { connect } = require('node:net')
require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'argv'))}, JSON.stringify(process.argv.slice(2)))
const socket = connect(${JSON.stringify(socket)})
process.stdin.pipe(socket).pipe(process.stdout)
`
    writeFileSync(join(folder, 'ssh'), script)
    chmodSync(join(folder, 'ssh'), 0o755)
    const env = { PATH: `${folder}:${process.env.PATH}` }
    const { exitCode, stdout } = await plimsoll(['target', '--host', 'ssh://me@far.example:2222'], { env })
    expect(stdout).toContain('ssh -l me -p 2222 -o ConnectTimeout=30 -T -- far.example docker system dial-stdio (--host)')
    expect(exitCode).toBe(0)
    expect(requests).toEqual(['GET /_ping'])
    expect(JSON.parse(readFileSync(join(folder, 'argv'), 'utf8'))).toEqual(['-l', 'me', '-p', '2222', '-o', 'ConnectTimeout=30', '-T', '--', 'far.example', 'docker', 'system', 'dial-stdio'])
  })

  test('says what ssh said where it fails', async ({ expect, folder }) => {
    writeFileSync(join(folder, 'ssh'), '#!/bin/sh\necho "Permission denied (publickey)." >&2\nexit 255\n')
    chmodSync(join(folder, 'ssh'), 0o755)
    const { exitCode, stderr } = await plimsoll(['target', '--host', 'ssh://far.example'], { env: { PATH: `${folder}:${process.env.PATH}` } })
    expect(stderr).toMatch(/ended with exit code 255: Permission denied \(publickey\)\./)
    expect(exitCode).toBe(2)
  })

  test('takes the daemon from DOCKER_HOST', async ({ expect, daemon }) => {
    const { host } = await daemon()
    const { exitCode, stdout } = await plimsoll(['target'], { env: { DOCKER_HOST: host } })
    expect(stdout).toBe(`${host} (DOCKER_HOST)\n`)
    expect(exitCode).toBe(0)
  })
})
