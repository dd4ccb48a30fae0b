import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFakeDaemon } from '../../harness/run/fake-daemon.ts'
import type { Attack } from './attacks.ts'
import type { HostileEnd } from './worker.ts'

/** What came of one attack. `wrong` is empty where the suite stood it. */
export type Stood = { readonly attack: string; readonly ended: string; readonly ms: number; readonly peakBytes: number; readonly wrong: readonly string[] }

/** How attacks are tried. */
export type Campaign = {
  readonly attacks: readonly Attack[]
  /** Ids of the cases that run. */
  readonly only: readonly string[]
  readonly answerWithinMs: number
  /** For a whole run. */
  readonly withinMs: number
  readonly onStood?: (stood: Stood) => void
}

/** Bytes of memory that a run may take, all in all: no attack takes many more than 300 MiB, and the rest is what garbage collection leaves lying on a busy machine. */
export const memoryLimit = 340 * 1024 * 1024

// What moves a terminal's cursor or a reader's eye; newlines and tabs do not.
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/
// The markup of the hostile text, as a page would run it.
const running = /<img src=x|<script>globalThis\.owned/

/** Lets a process judge a daemon that attacks it, one attack after the other, and looks at what is left of both. */
export async function withstand({ attacks, only, answerWithinMs, withinMs, onStood }: Campaign): Promise<Stood[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-hostile-'))
  const scratch = join(folder, 'scratch')
  mkdirSync(scratch)
  // As the command is started, and with a place for temporary files that can be looked at.
  const worker = fork(new URL('./worker.ts', import.meta.url), { execArgv: ['--optimize-for-size'], env: { ...process.env, TMPDIR: scratch }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  let output = ''
  for (const stream of [worker.stdout, worker.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => void (output = (output + text).slice(-100_000)))
  const next = () =>
    new Promise<unknown>((resolve) => {
      const gone = (code: number | null, signal: string | null) => resolve(`the process ended with ${signal ?? code}: ${output.slice(-2000)}`)
      worker.once('exit', gone).once('message', (message) => (worker.off('exit', gone), resolve(message)))
    })
  const all: Stood[] = []
  try {
    const ready = await next()
    if (ready !== 'ready') throw new Error(String(ready))
    for (const [index, attack] of attacks.entries()) {
      const daemon = await startFakeDaemon({ script: attack.script })
      const out = join(folder, `out-${index}`)
      mkdirSync(out)
      output = ''
      const began = performance.now()
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<string>((resolve) => (timer = setTimeout(resolve, withinMs, `it did not end within ${withinMs} ms`)))
      const answer = next()
      worker.send({ socket: daemon.socket, out, only, answerWithinMs })
      const end = (await Promise.race([answer, late])) as HostileEnd | string
      clearTimeout(timer)
      await daemon.close()
      const wrong = typeof end === 'string' ? [end] : faultsOf(end, out, output)
      const outside = [...readdirSync(scratch), ...readdirSync(folder).filter((name) => !/^(out-\d+|scratch)$/.test(name))]
      if (outside.length > 0) wrong.push(`files outside of the report's folder: ${outside.join(', ')}`)
      const stood: Stood = { attack: attack.name, ended: typeof end === 'string' ? 'nothing' : end.ended, ms: Math.round(performance.now() - began), peakBytes: typeof end === 'string' ? 0 : end.peakBytes, wrong }
      all.push(stood)
      onStood?.(stood)
      rmSync(out, { recursive: true, force: true })
      if (typeof end === 'string') break
    }
    return all
  } finally {
    worker.removeAllListeners().kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

function faultsOf(end: HostileEnd, out: string, output: string): string[] {
  const wrong = [...end.broken]
  if (end.peakBytes > memoryLimit) wrong.push(`it took ${Math.round(end.peakBytes / 2 ** 20)} MiB`)
  if (acting.test(end.said)) wrong.push(`what it says acts on a terminal: ${JSON.stringify(acting.exec(end.said)?.input.slice(0, 300))}`)
  if (acting.test(output)) wrong.push(`what it writes acts on a terminal: ${JSON.stringify(output.slice(0, 300))}`)
  for (const name of ['index.html', 'results.json', 'junit.xml']) {
    const text = readOr(join(out, name))
    const found = acting.exec(text)
    if (found !== null) wrong.push(`${name} holds ${JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 40))}`)
    if (name === 'index.html' && running.test(text)) wrong.push(`${name} would run what the daemon sent`)
  }
  return wrong
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
