// Test support: the command as a process of its own, as a person runs it.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Results } from '../../reports/results.ts'

/** How a command ended. `exitCode` is null where a signal killed it. */
export type Ended = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }

/** How a command is run. */
export type SpawnOptions = {
  readonly env?: Readonly<Record<string, string>>
  /** What its shell would have set. */
  readonly umask?: number
  /** Gets the process as soon as it is there, to send it signals. */
  readonly onStart?: (child: ChildProcess) => void
}

/** Runs `plimsoll` with these arguments, in an environment that names no daemon. */
export async function plimsoll(args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(DOCKER_|GITHUB_|VITEST|NODE_OPTIONS$|NO_COLOR$|FORCE_COLOR$)/.test(name)))
  const command = ['harness/cli/plimsoll.ts', ...args]
  // A process takes over the umask of the one that starts it: here a shell, which then becomes the command.
  const [file, words] = options.umask === undefined ? [process.execPath, command] : ['sh', ['-c', `umask ${options.umask.toString(8).padStart(4, '0')}; exec "$0" "$@"`, process.execPath, ...command]]
  const child = spawn(file, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...inherited, ...options.env } })
  options.onStart?.(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (output.stderr += text))
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  return { exitCode, ...output }
}

/** `plimsoll run` with these arguments, and the results that it left; undefined where it left none. */
export async function plimsollRun(args: readonly string[], options: SpawnOptions = {}): Promise<Ended & { readonly results: Results | undefined }> {
  const out = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'))
  try {
    const ended = await plimsoll(['run', '--out', out, ...args], options)
    return { ...ended, results: readResults(join(out, 'results.json')) }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

function readResults(path: string): Results | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Results
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
