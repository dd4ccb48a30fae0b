import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-daemons-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** `ci/daemons/daemon`, as somebody who is not root: what it would start is not for these tests. */
function daemon(...words: string[]) {
  const id = join(folder, 'id')
  writeFileSync(id, '#!/bin/sh\necho 1000\n')
  chmodSync(id, 0o755)
  const { status, stdout, stderr } = spawnSync(fileURLToPath(new URL('daemon', import.meta.url)), words, {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  })
  return { status, stdout, stderr }
}

describe('ci/daemons/daemon', () => {
  test('lists what there is', () => {
    const { status, stdout } = daemon('list')
    expect(stdout.trim().split('\n').map((line) => line.split(' ')[0])).toEqual(['docker-20.10', 'docker-26.1', 'docker-28.5', 'podman-4.3', 'podman-5.4', 'podman-5.8'])
    expect(status).toBe(0)
  })

  test('says how it is used', () => {
    const { status, stdout } = daemon('--help')
    expect(stdout).toMatch(/daemon start NAME \[--tls\] DIR/)
    expect(status).toBe(0)
  })

  test.each([
    [[], /say what to do/],
    [['begin'], /no command "begin"/],
    [['start'], /needs a NAME and a DIR/],
    [['start', 'docker-28.5'], /needs a NAME and a DIR/],
    [['start', 'docker-28.5', '/tmp/a', '/tmp/b'], /not also "\/tmp\/b"/],
    [['start', '--tsl', 'docker-28.5', join(folder, 'd')], /no option --tsl/],
    [['start', 'docker-1.0', join(folder, 'd')], /no daemon "docker-1\.0": .*daemon list/],
    [['start', '--tls', 'podman-5.8', join(folder, 'd')], /--tls is for Docker/],
    [['start', 'docker-28.5', folder], /is there already/],
    [['start', 'docker-28.5', join(folder, 'a,b')], /without commas/],
    [['start', 'docker-28.5', join(folder, 'd')], /only root can start a daemon: .*sudo/],
    [['stop'], /needs a DIR/],
    [['stop', folder], /holds no daemon/],
  ])('%j is refused, with what to do', (words, message) => {
    const { status, stdout, stderr } = daemon(...words)
    expect(stderr).toMatch(message)
    expect(stdout).toBe('')
    expect(status).toBe(2)
    expect(existsSync(join(folder, 'd'))).toBe(false)
    expect(existsSync(folder)).toBe(true)
  })
})
