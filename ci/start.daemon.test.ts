import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../harness/case/until.ts'
import { createClient } from '../harness/wire/http.ts'

const host = process.env.PLIMSOLL_TEST_DOCKER
const netns = process.env.PLIMSOLL_TEST_DOCKER_NETNS
const root = fileURLToPath(new URL('../', import.meta.url))
const image = 'plimsoll-test-daemon'
const other = 'plimsoll-test-daemon:other'
const asleep = 'plimsoll-test-daemon:asleep'
const over = 'plimsoll-test-daemon:over'
const out = mkdtempSync(join(tmpdir(), 'plimsoll-started-'))

/** How a command ended, and what it said on both streams. */
type Said = { readonly status: number | null; readonly said: string }

/** The ports that the private daemon publishes are seen in its own network namespace only. */
async function plimsoll(words: readonly string[], onStart: (child: ChildProcess) => void = () => {}): Promise<Said> {
  const command = ['--net=/var/run/netns/' + netns, process.execPath, 'harness/cli/plimsoll.ts', ...words, '--out', out]
  // This machine may look like a container to testcontainers, which would look for the gateway then.
  const env = { ...process.env, DOCKER_HOST: host, TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1' }
  const child = spawn('nsenter', command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => void (said += text))
  onStart(child)
  const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  return { status, said }
}

const run = (...words: string[]) => plimsoll(['run', ...words])
const matrix = (...words: string[]) => plimsoll(['matrix', ...words])

describe.skipIf(host === undefined || netns === undefined)('daemons that are started', { timeout: 240_000 }, () => {
  const client = createClient({ kind: 'socket', path: String(host).replace('unix://', '') })
  /** The image with another command, as one more tag. */
  const commit = async (tag: string, script: string) => {
    const made = await client.request('POST', '/containers/create', { body: { Image: image, Cmd: ['sh', '-c', script] } })
    const { Id: id } = made.json() as { Id: string }
    expect(await client.request('POST', `/commit?container=${id}&repo=${image}&tag=${tag}`)).toMatchObject({ status: 201 })
    expect(await client.request('DELETE', `/containers/${id}?v=1`)).toMatchObject({ status: 204 })
  }
  beforeAll(async () => {
    execFileSync('ci/daemon-image', [String(host), image], { cwd: root })
    await commit('other', 'exec dockerd -H tcp://0.0.0.0:2375 --tls=false')
    // Its shell waits for a word that never comes.
    await commit('asleep', 'mkfifo /tmp/wait; read -r word </tmp/wait')
    await commit('over', 'echo no room >&2; exit 7')
  }, 120_000)
  afterAll(async () => {
    for (const each of [asleep, over, other, image]) await client.request('DELETE', `/images/${each}?force=1`)
    await client.close()
    rmSync(out, { recursive: true })
  })

  /** The containers that were started to be judged and are still there. */
  async function left(): Promise<unknown[]> {
    const answer = await client.request('GET', `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ ancestor: [image] }))}`)
    return answer.json() as unknown[]
  }

  test('run --start judges a daemon that it starts in a container, and removes it', async () => {
    const { status, said } = await run('--start', image, '--only', 'ping-*,container-start-created')
    expect(said).toMatch(/starting plimsoll-test-daemon; no other image is needed/)
    expect(said).toMatch(/started from the image plimsoll-test-daemon/)
    expect(said).toMatch(/: conformant \(API 1\.18 to 1\.25\)/)
    expect(status).toBe(0)
    expect(await left()).toEqual([])
  })

  test.each([
    ['is not there', 'plimsoll-no-such-image:latest', /no daemon could be started from the image plimsoll-no-such-image:latest: .*such as docker:dind/],
    ['ends at once', over, /no daemon could be started from the image plimsoll-test-daemon:over: its container ended with exit code 7 and said: no room\. It needs/],
  ])('run --start says what it needs where the image %s, and leaves no container', async (_what, named, complaint) => {
    const { status, said } = await run('--start', named)
    expect(said).toMatch(complaint)
    expect(status).toBe(2)
    expect(await left()).toEqual([])
  })

  test('run --start does not take another daemon beside it', async () => {
    const { status, said } = await run('--start', image, '--host', String(host))
    expect(said).toMatch(/leave --host and --context out/)
    expect(status).toBe(2)
  })

  test('matrix puts daemons side by side; one that can not be started keeps none of the others', async () => {
    const { status, said } = await matrix('--image', image, '--image', 'plimsoll-no-such-image:1', '--image', other, '--only', 'ping-*', '--api', '1.25')
    expect(said).toMatch(/\nplimsoll-test-daemon +Docker \S+ +1\.25 +conformant +\d+\nplimsoll-test-daemon:other +Docker \S+ +1\.25 +conformant +\d+\nplimsoll-no-such-image:1 could not be judged: /)
    expect(said).toMatch(/verdicts compared with those of plimsoll-test-daemon: nothing got red/)
    expect(status).toBe(2)
    expect(JSON.parse(readFileSync(join(out, 'matrix.json'), 'utf8'))).toMatchObject({ differing: 0, images: [{ name: 'plimsoll-test-daemon', verdict: 'conformant' }, { why: expect.any(String) as unknown }, { name: 'plimsoll-test-daemon-other' }] })
    expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('&#10007; plimsoll-no-such-image:1 could not be judged')
    for (const name of ['plimsoll-test-daemon', 'plimsoll-test-daemon-other']) expect(existsSync(join(out, name, 'index.html')), name).toBe(true)
    expect(await left()).toEqual([])
  })

  test.each([
    ['starts a daemon that does not answer', asleep, /^starting plimsoll-test-daemon:asleep/],
    ['judges one', image, /^known failings|^done|API 1\.25$/m],
  ])('matrix leaves no container where it is interrupted while it %s', async (_what, named, moment) => {
    const { status, said } = await matrixInterrupted(named, moment)
    expect(said).toContain('interrupted: clearing up')
    expect(said).toMatch(/plimsoll-test-daemon:other could not be judged: interrupted before its first case/)
    expect(status).toBe(130)
    expect(await left()).toEqual([])
  })

  /** Interrupts a matrix once it has said something, and there is a container. */
  async function matrixInterrupted(named: string, moment: RegExp): Promise<Said> {
    return plimsoll(['matrix', '--image', named, '--image', other, '--only', 'container-list-*', '--api', '1.25'], (child) => {
      let said = ''
      const look = (text: string) => {
        said += text
        if (!moment.test(said)) return
        child.stdout?.off('data', look)
        void until(async () => expect(await left()).toHaveLength(1), { timeoutMs: 60_000 }).then(() => child.kill('SIGINT'))
      }
      child.stdout?.on('data', look)
    })
  }
})
