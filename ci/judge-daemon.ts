import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Verdict } from '../harness/case/outcome.ts'
import type { Results } from '../reports/results.ts'

/** What a run of the command left. */
export type Judged = { readonly exitCode: number | null; readonly results: Results; readonly output: string }

/** Within the daemon's network namespace, where it and the suite can reach each other. */
function within(netns: string | undefined): string[] {
  return netns === undefined ? [] : ['nsenter', `--net=/var/run/netns/${netns}`]
}

/**
 * Runs `plimsoll run` against a daemon, as a person would.
 * @param netns the network namespace that the daemon has for itself, if it has one
 * @param more further options of the command
 * @throws Error where the run wrote no results; its output is in the message
 */
export async function judgeDaemon(host: string, netns: string | undefined, ...more: string[]): Promise<Judged> {
  return inFolder(async (out) => {
    const { exitCode, output } = await plimsoll(netns, 'run', '--host', host, '--out', out, ...more)
    return { exitCode, output, results: readResults(out, output) }
  })
}

/** What a certification left: also what `plimsoll verify` says of its certificate, and the size of its page in bytes. */
export type Certified = Judged & { readonly verified: { readonly exitCode: number | null; readonly output: string }; readonly pageSize: number }

/** Runs `plimsoll certify` against a daemon, and looks at what it left. The rest is as for `judgeDaemon`. */
export async function certifyDaemon(host: string, netns: string | undefined, ...more: string[]): Promise<Certified> {
  return inFolder(async (out) => {
    const { exitCode, output } = await plimsoll(netns, 'certify', '--host', host, '--out', out, ...more)
    const results = readResults(out, output)
    const verified = await plimsoll(undefined, 'verify', join(out, 'certificate.json'), join(out, 'results.json'))
    return { exitCode, output, results, verified, pageSize: statSync(join(out, 'index.html')).size }
  })
}

/** Runs `work` with a folder for what a command leaves, and removes that afterwards. */
export async function inFolder<T>(work: (out: string) => Promise<T>): Promise<T> {
  const out = mkdtempSync(join(tmpdir(), 'plimsoll-judged-'))
  try {
    return await work(out)
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

/** Runs `plimsoll` to its end, within a network namespace if it is given one. */
export async function plimsoll(netns: string | undefined, ...args: string[]): Promise<{ exitCode: number | null; output: string }> {
  const root = fileURLToPath(new URL('../', import.meta.url))
  const [program, ...words] = [...within(netns), process.execPath, 'harness/cli/plimsoll.ts', ...args]
  const child = spawn(program ?? '', words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  child.stderr.on('data', (part: Buffer) => parts.push(part))
  const exitCode = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  return { exitCode, output: Buffer.concat(parts).toString('utf8') }
}

function readResults(out: string, output: string): Results {
  try {
    return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results
  } catch (error) {
    throw new Error(`the run left no results: ${output.slice(-4000)}`, { cause: error })
  }
}

/** Outcomes of some verdicts, one line each, for an assertion that says what is wrong. */
export function linesOf({ outcomes }: Results, ...wanted: readonly Verdict[]): string[] {
  return outcomes.filter(({ verdict }) => wanted.includes(verdict)).map(({ id, version, verdict, reason, failure }) => `${verdict} ${id} ${version}: ${failure?.difference ?? reason ?? ''}`.slice(0, 600))
}
