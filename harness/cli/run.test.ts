import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import type { FakeObject, FakeOptions } from '../run/fake-daemon.ts'
import { plimsollRun } from './spawn.ts'
import { foreign, test } from './test-fixtures.ts'

describe('plimsoll run', { timeout: 300_000, concurrent: true }, () => {
  test('finds a daemon conformant that answers as documented, and leaves nothing on it', async ({ expect, daemon }) => {
    const { host, objects } = await daemon()
    const { exitCode, stdout, results } = await plimsollRun(['--host', host, '--only', 'ping-*', '--api', '1.24,1.25'])
    expect(stdout).toContain('Fake 0.1: conformant (API 1.24 to 1.25)')
    expect(exitCode).toBe(0)
    expect(results?.counts).toMatchObject({ pass: 5, fail: 0 })
    expect(objects()).toEqual(foreign)
  })

  test('gives each case the verdict that is its own', async ({ expect, daemon }) => {
    const { host, objects } = await daemon({
      script({ path, version, query }) {
        if (path === '/_ping' && version !== undefined) return { body: 'NO', headers: { 'Content-Type': 'text/plain' } }
        // The bystanders and the probes of the run get their containers; a case gets none.
        if (path === '/containers/create' && version !== undefined && /-box$/.test(query.get('name') ?? '')) return { status: 500, body: { message: 'no space left' } }
        return undefined
      },
    })
    const only = 'ping-ok,container-delete-*,container-create-memory-kept,container-prune-stopped'
    const { exitCode, stdout, results } = await plimsollRun(['--host', host, '--only', only, '--api', '1.25'])
    const verdict = (id: string) => results?.outcomes.find((outcome) => outcome.id === id)
    expect(verdict('ping-ok')).toMatchObject({
      verdict: 'fail',
      failure: { documented: 'must answer 200 with the two bytes OK', sent: 'GET /v1.25/_ping', received: '200 OK: NO', difference: expect.stringMatching(/expected 'NO' to be 'OK'/) as unknown },
      transcript: [{ method: 'GET', path: '/v1.25/_ping', status: 200 }],
    })
    const deleted = results?.outcomes.filter(({ id }) => id.startsWith('container-delete-')) ?? []
    expect(deleted.length).toBeGreaterThan(0)
    expect(deleted.filter(({ verdict: got }) => got === 'blocked').length).toBeGreaterThan(0)
    expect(deleted.find(({ verdict: got }) => got === 'blocked')).toMatchObject({ reason: expect.stringMatching(/could not create a container: expected status 201, got 500.*no space left/) as unknown })
    expect(verdict('container-create-memory-kept')).toMatchObject({ verdict: 'not-applicable', reason: "the daemon's /info does not mention MemoryLimit", transcript: [] })
    expect(verdict('container-prune-stopped')).toMatchObject({ verdict: 'withheld', transcript: [] })
    expect(results?.verdict).toBe('nonconformant')
    expect(stdout).toMatch(/fail +v1\.25 ping-ok/)
    expect(exitCode).toBe(1)
    expect(objects()).toEqual(foreign)
  })

  test('blocks a case for which the host has no subnet or port left, and says so', async ({ expect, daemon }) => {
    const { host, objects } = await daemon({
      script: ({ method, path, version }) => (method === 'POST' && path === '/networks/create' && version !== undefined ? { status: 500, body: { message: 'all predefined address pools have been fully subnetted' } } : undefined),
    })
    const { results } = await plimsollRun(['--host', host, '--only', 'network-create-named,ping-ok', '--api', '1.25'])
    const blocked = results?.outcomes.filter(({ id }) => id.startsWith('network-')) ?? []
    expect(blocked.length).toBeGreaterThan(0)
    for (const outcome of blocked) expect(outcome).toMatchObject({ verdict: 'blocked', reason: expect.stringMatching(/^no subnet is left on this daemon for another network: POST \/networks\/create answers 500, .*fully subnetted/) as unknown })
    expect(results?.counts).toMatchObject({ pass: 1, fail: 0 })
    expect(objects()).toEqual(foreign)
  })

  test('takes a failure for known that is listed, and an entry for stale that passes', async ({ expect, daemon, folder }) => {
    const { host } = await daemon({ script: ({ path, version }) => (path === '/_ping' && version !== undefined ? { body: 'NO' } : undefined) })
    const list = join(folder, 'known.yaml')
    const entry = (id: string, because: string) => `  - {id: ${id}, versions: ['1.25'], because: ${because}, reason: so it is, link: 'https://example.org/1'}\n`
    writeFileSync(list, `daemon: {product: Fake, version: '0.'}\nfailings:\n${entry('ping-ok', "'NO'")}${entry('version-platform', 'anything')}`)
    const run = (only: string) => plimsollRun(['--host', host, '--api', '1.25', '--known-failing', list, '--only', only])
    const known = await run('ping-ok')
    expect(known.results?.outcomes.find(({ id }) => id === 'ping-ok')).toMatchObject({ verdict: 'known', reason: 'so it is', link: 'https://example.org/1' })
    expect(known.exitCode).toBe(0)
    const stale = await run('version-platform')
    expect(stale.results?.outcomes).toMatchObject([{ id: 'version-platform', verdict: 'stale' }])
    expect(stale.exitCode).toBe(1)
  })

  test('is nonconformant, not interrupted, where --bail cuts it short', async ({ expect, daemon }) => {
    const { host } = await daemon({ script: ({ path, version }) => (path === '/_ping' && version !== undefined ? { body: 'NO' } : undefined) })
    const { exitCode, results } = await plimsollRun(['--host', host, '--api', '1.24,1.25', '--bail', '--only', 'ping-ok'])
    expect(results).toMatchObject({ verdict: 'nonconformant', run: { interrupted: true } })
    expect(exitCode).toBe(1)
  })

  test('clears up when a case is interrupted, and exits with 130', async ({ expect, daemon }) => {
    const { host, objects, seen } = await daemon({ script: ({ path, version }) => (path === '/_ping' && version !== undefined ? 'hang' : undefined) })
    const { exitCode, stderr } = await plimsollRun(['--host', host, '--api', '1.25', '--only', 'ping-ok'], {
      onStart: (child) => void seen(/v1\.25\/_ping/).then(() => child.kill('SIGINT')),
    })
    expect(stderr).toContain('interrupted: clearing up')
    expect(exitCode).toBe(130)
    expect(objects()).toEqual(foreign)
  })

  test('clears up when it is terminated before the first case, runs none, and exits with 130', async ({ expect, daemon }) => {
    const { host, objects, requests, seen } = await daemon()
    const { exitCode, stderr, results } = await plimsollRun(['--host', host, '--api', '1.25', '--only', 'ping-ok'], {
      onStart: (child) => void seen(/containers\/create\?name=.*-probe-/).then(() => child.kill('SIGTERM')),
    })
    expect(stderr).toContain('interrupted')
    expect(exitCode).toBe(130)
    expect(results?.outcomes ?? []).toEqual([])
    expect(requests).not.toContain('GET /v1.25/_ping')
    expect(objects()).toEqual(foreign)
  })

  test('exits with 3 where the suite itself breaks, and blames no daemon', async ({ expect, daemon }) => {
    const { host, objects } = await daemon()
    // A fault planted where a case asks the daemon for its time.
    const { exitCode, stdout, results } = await plimsollRun(['--host', host, '--api', '1.25', '--only', 'events-*', '--operation', 'GET /events'], {
      env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent("Date.parse = () => { throw new TypeError('planted') }")}` },
    })
    expect(stdout).toContain('the suite itself broke: TypeError: planted')
    expect(results?.counts.fault).toBeGreaterThan(0)
    expect(exitCode).toBe(3)
    expect(objects()).toEqual(foreign)
  })

  test('removes what a dead run has left, before it begins', async ({ expect, daemon }) => {
    const dead: FakeObject = { kind: 'container', name: 'plimsoll-t00000-ffff-1-abcd-old-1-box' }
    const { host, objects } = await daemon({ objects: [...foreign, dead] })
    const { stdout } = await plimsollRun(['--host', host, '--only', 'ping-ok', '--api', '1.25'])
    expect(stdout).toContain('removed 1 objects that interrupted runs had left')
    expect(objects()).toEqual(foreign)
  })

  test('removes what a request was still making while it cleared up', async ({ expect, daemon }) => {
    let late: (() => void) | undefined
    const started = await daemon({
      script({ method, path }) {
        const bystander = /^\/containers\/(plimsoll-.*)-bystander-running$/.exec(path)
        if (method === 'DELETE' && bystander !== null) late?.()
        return undefined
      },
    })
    late = () => {
      late = undefined
      const running = started.objects().find(({ name }) => name.endsWith('-bystander-running'))
      if (running !== undefined) started.add({ ...running, name: running.name.replace('bystander-running', 'x-9-late') })
    }
    const { exitCode } = await plimsollRun(['--host', started.host, '--only', 'ping-ok', '--api', '1.25'])
    expect(exitCode).toBe(0)
    expect(late).toBeUndefined()
    expect(started.objects()).toEqual(foreign)
  })

  test('says what it could not remove', async ({ expect, daemon }) => {
    const { host } = await daemon({ script: ({ method, path }) => (method === 'DELETE' && path.startsWith('/images/') ? { status: 409, body: { message: 'in use' } } : undefined) })
    const { exitCode, stdout } = await plimsollRun(['--host', host, '--only', 'ping-ok', '--api', '1.25'])
    expect(stdout).toMatch(/left on the daemon: image plimsoll-.*-guest:[0-9a-f]+ could not be removed: status 409, .*in use/)
    expect(stdout.match(/left on the daemon/g)).toHaveLength(1)
    expect(exitCode).toBe(0)
  })

  test('says both ranges where there is no version in common', async ({ expect, daemon }) => {
    const { host, requests } = await daemon({ offers: ['1.40', '1.45'] })
    const { exitCode, stderr } = await plimsollRun(['--host', host, '--only', 'ping-ok', '--api', '1.18..1.20'])
    expect(stderr).toMatch(/no API version in common: this run asks for 1\.18 to 1\.20, the daemon says that it offers 1\.40 to 1\.45/)
    expect(exitCode).toBe(2)
    expect(requests.every((line) => line.startsWith('GET '))).toBe(true)
  })

  test('refuses --disposable where others keep something, says what, and runs with --really', async ({ expect, daemon }) => {
    const { host, objects, requests } = await daemon()
    const run = (...more: string[]) => plimsollRun(['--host', host, '--only', 'ping-ok', '--api', '1.25', '--disposable', ...more])
    const refused = await run()
    expect(refused.stderr).toMatch(/holds what this suite did not make: 1 container \(plimsoll-web\), 2 images \(plimsoll\/guest:latest, .*\), 1 volume \(plimsoll-data\), 1 network \(plimsoll-net\)\. Leave --disposable out/)
    expect(refused.exitCode).toBe(2)
    expect(requests.every((line) => line.startsWith('GET '))).toBe(true)
    expect((await run('--really')).exitCode).toBe(0)
    expect(objects()).toEqual(foreign)
  })

  test('takes --disposable at its word on a daemon that holds nothing but what runs of this suite left', async ({ expect, daemon }) => {
    const { host } = await daemon({ objects: [{ kind: 'container', name: 'plimsoll-t00000-ffff-1-abcd-old-1-box' }, { kind: 'network', name: 'bridge' }] })
    const { exitCode, results } = await plimsollRun(['--host', host, '--only', 'ping-ok', '--api', '1.25', '--disposable'])
    expect(results?.run.disposable).toBe(true)
    expect(exitCode).toBe(0)
  })

  const hostile: [what: string, options: FakeOptions, complaint: RegExp][] = [
    ['/info answers null', { script: ({ path }) => (path === '/info' ? { body: 'null' } : undefined) }, /GET \/info does not answer 200 with a JSON object/],
    ['it takes no image', { script: ({ path }) => (path === '/images/load' ? { status: 500, body: { message: 'disk\u001b[31m full' } } : undefined) }, /did not take the guest's image.*disk\\u001b\[31m full/],
  ]
  test.for(hostile)('judges nothing and exits with 2 where %s', async ([_what, options, complaint], { expect, daemon }) => {
    const { host, objects } = await daemon(options)
    const { exitCode, stderr } = await plimsollRun(['--host', host, '--only', 'ping-ok', '--api', '1.25'])
    expect(stderr).toMatch(complaint)
    expect(exitCode).toBe(2)
    expect(objects()).toEqual(foreign)
  })
})
