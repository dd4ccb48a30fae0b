import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitCodes } from '../../harness/cli/exit.ts'
import { startFakeDaemon } from '../../harness/run/fake-daemon.ts'
import { readResults } from '../../reports/read-results.ts'
import type { Attack } from './attacks.ts'

/** What came of one attack. `wrong` is empty where the suite stood it. */
export type Stood = { readonly attack: string; readonly ended: string; readonly ms: number; readonly peakBytes: number; readonly wrong: readonly string[] }

/** How attacks are tried. */
export type Campaign = {
  readonly attacks: readonly Attack[]
  /** Ids of the cases that run. */
  readonly only: readonly string[]
  /** Seconds. */
  readonly answerWithin: number
  /** For a whole run. */
  readonly withinMs: number
  /** How many runs there are at a time. */
  readonly atOnce: number
  readonly onStood?: (stood: Stood) => void
}

/** Bytes of memory that a run may take, all in all. */
export const memoryLimit = 300_000_000

// What moves a terminal's cursor or a reader's eye; newlines and tabs do not.
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/
// The markup of the hostile text, as a page would run it.
const running = /<img src=x|<script>globalThis\.owned/
// A line of a stack: an error that nobody put into words.
const stack = /^\s+at .*:\d+:\d+\)?$/m

/** Lets the published command judge each daemon that attacks, in a process of its own, and looks at what is left of it. What came of them is in the order of the attacks. */
export async function withstand(campaign: Campaign): Promise<Stood[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-hostile-'))
  try {
    const installed = join(folder, 'dist')
    execFileSync(fileURLToPath(new URL('../build', import.meta.url)), [installed], { stdio: ['ignore', 'ignore', 'inherit'] })
    symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(folder, 'node_modules'))
    const files = readdirSync(installed, { recursive: true }).length
    const waiting = campaign.attacks.entries()
    const all: Stood[] = []
    const stand = async () => {
      for (const [index, attack] of waiting) {
        const stood = await withstandOne(attack, join(installed, 'harness/cli/plimsoll.js'), campaign)
        const added = readdirSync(installed, { recursive: true }).length - files
        all[index] = added === 0 ? stood : { ...stood, wrong: [...stood.wrong, `${added} files were written where the command lies`] }
        campaign.onStood?.(all[index])
      }
    }
    await Promise.all(Array.from({ length: campaign.atOnce }, stand))
    return all
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function withstandOne({ name, script }: Attack, command: string, { only, answerWithin, withinMs }: Campaign): Promise<Stood> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-attack-'))
  const out = join(folder, 'out')
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch)
  const daemon = await startFakeDaemon({ script })
  const began = performance.now()
  try {
    const args = ['run', '--host', daemon.host, '--api', '1.25', '--only', only.join(','), '--known-failing', 'none', '--workers', '1', '--answer-within', String(answerWithin), '--out', out]
    const { code, output, peakBytes } = await runWithin([command, ...args], scratch, withinMs)
    const wrong = [...faultsOfEnd(code, output, out), ...faultsOfText(output, 'what it says'), ...faultsOfReport(out)]
    if (peakBytes > memoryLimit) wrong.push(`it took ${Math.round(peakBytes / 1e6)} MB`)
    const outside = [...readdirSync(scratch), ...readdirSync(folder).filter((each) => each !== 'scratch' && each !== 'out')]
    if (outside.length > 0) wrong.push(`files outside of the report's folder: ${outside.join(', ')}`)
    return { attack: name, ended: wordFor(code), ms: Math.round(performance.now() - began), peakBytes, wrong }
  } finally {
    await daemon.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How a command ended: `code` is the name of the signal where one killed it. */
type End = { readonly code: number | string; readonly output: string; readonly peakBytes: number }

/** @param temporary the folder that the command takes for temporary files */
function runWithin(words: readonly string[], temporary: string, withinMs: number): Promise<End> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: temporary, TMPDIR: temporary } })
    let output = ''
    let peakBytes = 0
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => void (output = (output + text).slice(-200_000)))
    const looking = setInterval(() => (peakBytes = Math.max(peakBytes, peakOf(child.pid))), 20)
    const timer = setTimeout(() => child.kill('SIGKILL'), withinMs)
    child.once('error', reject).once('close', (code, signal) => {
      clearInterval(looking)
      clearTimeout(timer)
      resolve({ code: code ?? String(signal), output, peakBytes })
    })
  })
}

/** The most memory that a process has had, in bytes; 0 for one that is no more. What getrusage(2) says would not do: Linux hands a parent's peak on to the process that it starts. */
function peakOf(pid: number | undefined): number {
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readOr(`/proc/${pid}/status`))?.[1]
  return Number(kibibytes ?? 0) * 1024
}

function wordFor(code: number | string): string {
  return code === exitCodes.conformant ? 'conformant' : code === exitCodes.nonconformant ? 'nonconformant' : code === exitCodes.couldNotRun ? 'a named error' : `exit ${code}`
}

function faultsOfEnd(code: number | string, output: string, out: string): string[] {
  const wrong: string[] = []
  const said = output.slice(-2000)
  if (code === exitCodes.conformant || code === exitCodes.nonconformant) {
    const { verdict } = readResults(out).results
    if (verdict !== wordFor(code)) wrong.push(`it ended as ${wordFor(code)}, and its report says ${verdict}`)
  } else if (code !== exitCodes.couldNotRun) wrong.push(`it ended with ${code}: ${said}`)
  if (output.trim() === '') wrong.push('it said nothing')
  if (stack.test(output)) wrong.push(`it shows a stack: ${said}`)
  return wrong
}

function faultsOfText(text: string, where: string): string[] {
  const found = acting.exec(text)
  return found === null ? [] : [`${where} acts on its reader: ${JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 40))}`]
}

function faultsOfReport(out: string): string[] {
  const names = ['index.html', 'results.json', 'junit.xml', 'ctrf.json']
  const page = readOr(join(out, 'index.html'))
  return [...names.flatMap((name) => faultsOfText(readOr(join(out, name)), name)), ...(running.test(page) ? ['index.html would run what the daemon sent'] : [])]
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code))) return ''
    throw error
  }
}
