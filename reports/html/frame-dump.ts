import { frameHeaderLength } from '../../harness/wire/frames.ts'
import { hexdump } from '../../harness/wire/hexdump.ts'
import type { FrameMark } from '../frame-marks.ts'
import { markup, type Markup } from '../markup.ts'

/** Bytes of a row of the dump, and where its columns stand in the line: an offset of eight digits, two halves of eight bytes, the same as ASCII. */
const rowLength = 16
const hexColumn = (byte: number) => 10 + byte * 3 + (byte >= 8 ? 1 : 0)
const asciiColumn = (byte: number) => 61 + byte

/**
 * A hex dump in which the frames of a multiplexed stream are outlined, header and payload apart.
 * @param from the offset that the first byte is given
 * @param frames those that reach into the bytes
 */
export function frameDumpMarkup(bytes: Uint8Array, from: number, frames: readonly FrameMark[]): Markup {
  const lines = hexdump(bytes, from).split('\n')
  if (frames.length === 0) return markup`${lines.join('\n')}`
  return markup`${lines.map((line, row) => {
    const first = from + row * rowLength
    const runs = runsOf(first, Math.min(rowLength, bytes.byteLength - row * rowLength), frames)
    return markup`${row > 0 && '\n'}${line.slice(0, 10)}${spans(line, runs, hexColumn, 2)}${spans(line, runs, asciiColumn, 1)}|`
  })}`
}

/** Neighbouring bytes of a row that belong to the same part of the same frame. */
type Run = { readonly at: number; readonly end: number; readonly part: string | undefined }

function runsOf(first: number, count: number, frames: readonly FrameMark[]): Run[] {
  const runs: { at: number; end: number; part: string | undefined; key: string }[] = []
  for (let at = 0; at < count; at += 1) {
    const frame = frames.findLast(({ offset }) => offset <= first + at)
    const into = frame === undefined ? 0 : first + at - frame.offset
    const inside = frame?.frame !== undefined && into < frameHeaderLength + frame.frame.length
    const part = inside ? (into < frameHeaderLength ? 'head' : (frame.frame?.stream ?? '')) : undefined
    const key = inside ? `${frame.offset} ${part}` : ''
    const last = runs.at(-1)
    if (last?.key === key) last.end = at + 1
    else runs.push({ at, end: at + 1, part, key })
  }
  return runs
}

/** The part of a line that shows the bytes of the runs, from the first run's column to where the next part begins. */
function spans(line: string, runs: readonly Run[], column: (byte: number) => number, width: number): Markup[] {
  let reached = column(0)
  const parts = runs.flatMap(({ at, end, part }) => {
    const [from, to] = [column(at), column(end - 1) + width]
    const before = line.slice(reached, from)
    reached = to
    const text = line.slice(from, to)
    return [markup`${before}`, part === undefined ? markup`${text}` : markup`<span class="frame ${part}">${text}</span>`]
  })
  const rest = width === 2 ? line.slice(reached, asciiColumn(0)) : ''
  return [...parts, markup`${rest}`]
}
