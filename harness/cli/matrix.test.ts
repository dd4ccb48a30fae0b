import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { plimsoll } from './spawn.ts'
import { test } from './test-fixtures.ts'

// What needs a docker to start daemons on is held by ci/start.daemon.test.ts.
describe('plimsoll matrix', { timeout: 120_000, concurrent: true }, () => {
  const refused: [args: string[], complaint: RegExp][] = [
    [[], /required option '--image <image>' not specified/],
    [['--image', 'docker:dind', '--image', 'docker:dind'], /--image docker:dind is given twice/],
    [['--image', 'docker:dind', '--known-failing', 'known.yaml'], /write NAME=FILE/],
    [['--image', 'docker:dind', '--host', 'unix:///run/docker.sock'], /unknown option '--host'/],
    [['--image', 'docker:dind', '--only', 'kettle-*'], /no case has the id "kettle-\*"/],
    [['--image', 'docker:dind', '--out', '/dev/null/matrix'], /--out: no report can be written to \/dev\/null\/matrix/],
  ]
  test.for(refused)('%j is refused with exit code 2', async ([args, complaint], { expect, folder }) => {
    const { exitCode, stderr } = await plimsoll(['matrix', '--out', join(folder, 'matrix'), ...args])
    expect(stderr).toMatch(complaint)
    expect(exitCode).toBe(2)
  })

  test('tells of each image that nothing could be started from it, and leaves no comparison, not even an earlier one', async ({ expect, folder }) => {
    writeFileSync(join(folder, 'index.html'), 'an earlier one')
    const args = ['matrix', '--image', 'plimsoll-none:1', '--image', 'plimsoll-none:2', '--only', 'ping-ok', '--out', folder]
    // What testcontainers finds by itself is not to be met.
    const { exitCode, stdout, stderr } = await plimsoll(args, { env: { DOCKER_HOST: `unix://${folder}/none.sock`, HOME: folder, XDG_RUNTIME_DIR: folder } })
    expect(stdout).toMatch(/starting plimsoll-none:1; no other image is needed: .*\nstarting plimsoll-none:2/)
    expect(stdout).toMatch(/plimsoll-none:1 could not be judged: .*\nplimsoll-none:2 could not be judged: /)
    expect(stderr).toMatch(/no daemon could be started from the image plimsoll-none:1, for it needs a docker to run on: .*DOCKER_HOST.*TESTCONTAINERS_HOST_OVERRIDE/)
    expect(existsSync(join(folder, 'index.html'))).toBe(false)
    expect(JSON.parse(readFileSync(join(folder, 'matrix.json'), 'utf8'))).toMatchObject({ format: 'plimsoll-matrix/1', images: [{ image: 'plimsoll-none:1', why: expect.stringContaining('no daemon could be started') as unknown }, { name: 'plimsoll-none-2' }] })
    expect(exitCode).toBe(2)
  })
})
