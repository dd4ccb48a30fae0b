import { styleText } from 'node:util'
import { isBad, type Outcome, type Requirement } from '../case/outcome.ts'
import { areaKey } from '../run/area-key.ts'
import { printable } from '../wire/sanitize.ts'

/** Tells a person how a run is getting on. */
export type Progress = {
  /** A line about the run itself. */
  say(line: string): void
  caseEnded(requirement: Requirement, outcome: Outcome): void
  /** Takes the passing status line off the terminal. */
  finish(): void
}

type Counted = { readonly total: number; done: number; red: number }

/**
 * @param planned how many cases will run per version and area
 * @param stream the terminal or file to write to: a status line that changes in place is for terminals only
 */
export function createProgress(planned: ReadonlyMap<string, number>, stream: NodeJS.WriteStream, now: () => number = () => performance.now()): Progress {
  const counts = new Map<string, Counted>([...planned].map(([key, total]) => [key, { total, done: 0, red: 0 }]))
  const total = [...planned.values()].reduce((sum, count) => sum + count, 0)
  const startedAt = now()
  const live = stream.isTTY === true
  let done = 0
  let red = 0
  let shownAt = 0

  const clear = () => {
    if (live) stream.write('\r\x1b[2K')
  }
  const line = (text: string) => {
    clear()
    stream.write(`${text}\n`)
  }
  const style = (format: Parameters<typeof styleText>[0], text: string) => styleText(format, text, { stream })

  return {
    say: line,
    finish: clear,
    caseEnded(requirement, outcome) {
      const key = areaKey(outcome.version, requirement.area)
      const count = counts.get(key)
      done += 1
      const isRed = isBad(outcome)
      if (isRed) {
        red += 1
        line(`${style('red', outcome.verdict.padEnd(7))} v${outcome.version} ${requirement.id}: ${printable(outcome.reason ?? '', 200)}`)
      }
      if (count !== undefined) {
        count.done += 1
        if (isRed) count.red += 1
        if (count.done === count.total) line(`${count.red === 0 ? style('green', 'done   ') : style('yellow', 'done   ')} ${key}: ${count.total} cases${count.red === 0 ? '' : `, ${count.red} red`}`)
      }
      if (live && now() - shownAt > 100) {
        shownAt = now()
        const seconds = Math.round((now() - startedAt) / 1000)
        const open = [...counts].filter(([, each]) => each.done > 0 && each.done < each.total).map(([each]) => each)
        clear()
        stream.write(`${done}/${total} · ${red} red · ${seconds} s · ${open.slice(0, 4).join(', ')}`.slice(0, (stream.columns ?? 80) - 1))
      }
    },
  }
}
