import { spawn, spawnSync, type SpawnSyncOptions } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { applets } from './applets.ts'

const folder = fileURLToPath(new URL('./', import.meta.url))
const program = join(folder, 'prebuilt/linux-amd64')
const runsHere = process.platform === 'linux' && process.arch === 'x64'

/** Runs an applet under its own name, as the links of the image have it. */
function run(applet: string, args: readonly string[] = [], options: SpawnSyncOptions = {}) {
  const { status, signal, stdout, stderr } = spawnSync(program, args, { argv0: applet, timeout: 20_000, encoding: 'utf8', ...options })
  return { status, signal, stdout: String(stdout), stderr: String(stderr) }
}

function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'plimsoll-guest-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('the prebuilt programs are of the sources that lie beside them', () => {
  const recorded = readFileSync(join(folder, 'prebuilt/SOURCES.sha256'), 'utf8').trim().split('\n').map((line) => line.split(/\s+/))
  const actual = readdirSync(join(folder, 'source')).map((name) => [createHash('sha256').update(readFileSync(join(folder, 'source', name))).digest('hex'), `source/${name}`])
  const byName = (one: string[], other: string[]) => (one[1] ?? '').localeCompare(other[1] ?? '')
  expect(actual.sort(byName), 'run harness/guest/rebuild').toEqual(recorded.sort(byName))
})

test.each([['linux-amd64', 62], ['linux-arm64', 183]])('%s is a static ELF program of its machine', (name, machine) => {
  const bytes = readFileSync(join(folder, 'prebuilt', name))
  expect(bytes.subarray(0, 4).toString('latin1')).toBe('\x7fELF')
  expect(bytes.readUInt16LE(18)).toBe(machine)
  // No program header asks for an interpreter (PT_INTERP), so that it runs in an empty image.
  const [offset, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)]
  expect(Array.from({ length: count }, (_, index) => bytes.readUInt32LE(offset + index * size))).not.toContain(3)
})

describe.skipIf(!runsHere)('the guest', () => {
  test('has the applets of the list, and no others', () => {
    expect(run('guest', ['--applets']).stdout.trim().split(/\s+/).sort()).toEqual([...applets].sort())
  })

  test('refuses a name that it does not have', () => {
    const { status, stderr } = run('kettle')
    expect(status).not.toBe(0)
    expect(stderr).toContain('kettle')
  })

  test('exit ends with its code', () => {
    expect([run('exit', ['0']).status, run('exit', ['3']).status, run('exit', ['255']).status]).toEqual([0, 3, 255])
  })

  test('emit writes to both streams in order, and exits', () => {
    expect(run('emit', ['out=one\\n', 'err=two\\n', 'exit=4'])).toMatchObject({ stdout: 'one\n', stderr: 'two\n', status: 4 })
  })

  test('args, env, pwd and print say what they were given', () => {
    const cwd = temporaryFolder()
    expect(run('args', ['a b', '']).stdout).toContain('a b')
    expect(run('env', [], { env: { A: '1', B: 'x y' } }).stdout.trim().split('\n').sort()).toEqual(['A=1', 'B=x y'])
    expect(run('pwd', [], { cwd }).stdout.trim()).toBe(cwd)
    expect(run('print', ['hello']).stdout.trim()).toBe('hello')
    expect(run('complain', ['hello'])).toMatchObject({ stdout: '', stderr: expect.stringContaining('hello') as unknown })
  })

  test('cat hands stdin on to its end, whatever the bytes', () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))
    const { stdout, status } = spawnSync(program, [], { argv0: 'cat', input: bytes, timeout: 20_000 })
    expect(status).toBe(0)
    expect(Buffer.compare(stdout, bytes)).toBe(0)
  })

  test('the file applets do what their names say', () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'old'), 'text')
    symlinkSync('old', join(cwd, 'link'))
    const here = (applet: string, ...args: string[]) => run(applet, args, { cwd })
    expect(here('read', 'old').stdout).toBe('text')
    expect(here('write', 'new', 'content').status).toBe(0)
    expect(readFileSync(join(cwd, 'new'), 'utf8').trim()).toBe('content')
    expect(here('append', 'new', 'more').status).toBe(0)
    expect(readFileSync(join(cwd, 'new'), 'utf8')).toMatch(/^content\n?more\n?$/)
    expect(here('mkdir', 'folder').status).toBe(0)
    expect(here('mv', 'new', 'folder/moved').status).toBe(0)
    expect(here('touch', 'folder/touched').status).toBe(0)
    expect(here('ls', 'folder').stdout.trim().split(/\s+/).sort()).toEqual(['moved', 'touched'])
    expect(here('rm', 'folder/touched').status).toBe(0)
    expect(readdirSync(join(cwd, 'folder'))).toEqual(['moved'])
    expect(here('rm', 'nothing').status).not.toBe(0)
    expect(here('read', 'nothing').status).not.toBe(0)
  })

  test('hold ends on SIGTERM, stubborn does not and dies of SIGKILL', async () => {
    const ended = async (applet: string, signals: readonly NodeJS.Signals[]) => {
      const child = spawn(program, [], { argv0: applet, stdio: ['ignore', 'pipe', 'ignore'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      const over = new Promise<NodeJS.Signals | number | null>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)))
      await handlesSignals(child.pid ?? 0)
      for (const signal of signals) child.kill(signal)
      return over
    }
    expect(['SIGTERM', 0, 143]).toContain(await ended('hold', ['SIGTERM']))
    expect(await ended('stubborn', ['SIGTERM', 'SIGKILL'])).toBe('SIGKILL')
  })

  test('listen takes the path of a unix socket in the place of a port, also where one was left behind', async () => {
    const path = join(temporaryFolder(), 'socket')
    for (const greeting of ['first', 'second']) {
      const child = spawn(program, [path, greeting], { argv0: 'listen', stdio: ['ignore', 'pipe', 'ignore'] })
      onTestFinished(() => void child.kill('SIGKILL'))
      await once(child.stdout, 'data')
      const peer = connect(path).setEncoding('utf8')
      expect(await once(peer, 'data')).toEqual([greeting])
      peer.destroy()
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
})

/** Waits until a process has become the guest and set its signals: blocked, ignored or caught SIGTERM shows in its status. */
async function handlesSignals(pid: number): Promise<void> {
  const deadline = performance.now() + 10_000
  const masks = /Sig(?:Blk|Ign|Cgt):\s*([0-9a-f]+)/g
  for (;;) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const sigterm = 1n << 14n
    if ([...status.matchAll(masks)].some((match) => (BigInt(`0x${match[1]}`) & sigterm) !== 0n)) return
    if (performance.now() > deadline) throw new Error(`process ${pid} does not handle SIGTERM:\n${status}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
