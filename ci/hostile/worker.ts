import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { summarize } from '../../reports/terminal.ts'
import { tabulate } from '../../reports/tally.ts'
import { writeReports } from '../../reports/write.ts'
import { Blocked } from '../../harness/case/errors.ts'
import { readCatalogue } from '../../harness/case/runner.ts'
import { NoCommonVersion } from '../../harness/daemon/negotiate.ts'
import { GuestError } from '../../harness/guest/load.ts'
import { judgeDaemon } from '../../harness/run/judge.ts'
import { DialError } from '../../harness/wire/dial.ts'
import { WireError } from '../../harness/wire/errors.ts'
import { printable } from '../../harness/wire/sanitize.ts'

/*
 * A process that judges daemons, one after the other, as `plimsoll run` does, for a parent that watches it. The catalogue is read once.
 */

/** What the parent asks for. */
export type HostileTask = { readonly socket: string; readonly out: string; readonly only: readonly string[]; readonly answerWithinMs: number }

/** What came of it. `broken` is what should never be: an error without a name, a rejection nobody handled, a fault of the suite. */
export type HostileEnd = { readonly ended: string; readonly broken: readonly string[]; readonly said: string; readonly peakBytes: number }

const broken: string[] = []
for (const event of ['unhandledRejection', 'uncaughtException'] as const) process.on(event, (error: unknown) => broken.push(`${event}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`))

const named = [NoCommonVersion, DialError, WireError, GuestError, Blocked]
const catalogue = await readCatalogue()

process.on('message', (task: HostileTask) => void judge(task).then((end) => process.send?.(end)))
process.send?.('ready')

async function judge({ socket, out, only, answerWithinMs }: HostileTask): Promise<HostileEnd> {
  const lines: string[] = []
  const before = broken.length
  // From here on the peak of memory is this run's: proc(5), clear_refs.
  writeFileSync('/proc/self/clear_refs', '5')
  let ended: string
  try {
    const { results, faults } = await judgeDaemon({
      target: { endpoint: { kind: 'socket', path: socket }, from: 'a test' },
      catalogue,
      selection: { only },
      selectedShapes: [],
      versions: ['1.25'],
      disposable: false,
      really: false,
      quick: false,
      bail: false,
      workers: 1,
      guest: undefined,
      registry: undefined,
      answerWithinMs,
      signal: new AbortController().signal,
      suiteVersion: '0',
      arguments: [],
      knownFailings: () => undefined,
      onPlan: () => {},
      onSay: (line) => lines.push(line),
      onCase: () => {},
    })
    writeReports(results, out)
    lines.push(summarize(results, tabulate(results.requirements, results.outcomes, results.versions.run), process.stdout))
    for (const { where, message } of faults) broken.push(`fault in ${where}: ${message}`)
    for (const { id, verdict, reason } of results.outcomes) if (verdict === 'fault') broken.push(`fault in ${id}: ${reason ?? ''}`)
    ended = results.verdict
  } catch (error) {
    if (named.some((kind) => error instanceof kind)) {
      ended = (error as Error).name
      lines.push(printable((error as Error).message, 4000))
    } else {
      ended = 'broken'
      broken.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
    writeFileSync(join(out, 'said'), lines.join('\n'))
  }
  return { ended, broken: broken.slice(before), said: lines.join('\n'), peakBytes: peakBytes() }
}

/** The most memory that this process has had since the peak was last forgotten. What getrusage(2) says would not do: Linux hands a parent's peak on to the process that it starts. */
function peakBytes(): number {
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  if (kibibytes === undefined) throw new Error('/proc/self/status tells no peak of memory')
  return Number(kibibytes) * 1024
}
