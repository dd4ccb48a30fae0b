import type { BodyRecord, ChunkRecord, Exchange, HeaderLines } from '../../harness/wire/exchange.ts'
import { curlLine } from '../../harness/wire/curl.ts'
import { bytesOf, showBody, type ShownLimits } from '../body.ts'
import { markChunks, markFrames, type FrameMark, type MarkedChunk } from '../frame-marks.ts'
import { markup, type Markup } from '../markup.ts'
import { frameDumpMarkup } from './frame-dump.ts'

/** What a page shows of one body; `results.json` has what the record holds. */
const limits: ShownLimits = { text: 6000, bytes: 1024 }

/** Characters of a header line, of a path and of a `curl` line that a page shows. */
const shownLine = 4000

/** Chunks of one connection that a page shows. */
const shownChunks = 40

/** One request and what came back: the line that repeats it, its heads, bodies and chunks. */
export function exchangeMarkup(exchange: Exchange, endpoint: string): Markup {
  const { method, path, status, reason = '' } = exchange
  const answer = status === undefined ? 'no answer' : `${status} ${reason}`
  return markup`<li class="exchange"><p class="line"><b>${method}</b> <code>${shortened(path)}</code> → <b>${answer}</b> <small>${exchange.durationMs} ms, begun at ${exchange.atMs} ms</small></p>
<div class="curl"><pre tabindex="0">${repeatable(curlLine(exchange, endpoint))}</pre><button type="button" class="copy">Copy</button></div>
<p class="part">Request</p><pre tabindex="0">${headerLines(exchange.requestHeaders)}</pre>${bodyMarkup(exchange.requestBody)}
${status !== undefined && markup`<p class="part">Answer</p><pre tabindex="0">${headerLines(exchange.responseHeaders ?? [])}</pre>${bodyMarkup(exchange.responseBody)}`}${exchange.chunks !== undefined && chunksMarkup(exchange.chunks)}${exchange.error !== undefined && markup`<p class="ended"><b>It ended badly:</b> ${exchange.error}</p>`}</li>
`
}

function headerLines(headers: HeaderLines): string {
  return headers.map(([name, value]) => shortened(`${name}: ${value}`)).join('\n')
}

function shortened(text: string): string {
  return text.length > shownLine ? `${text.slice(0, shownLine)}…` : text
}

/** A line that was cut short would repeat something else. */
function repeatable(line: string): string {
  return line.length > 4 * shownLine ? ': this request is too long to be shown; results.json has it' : line
}

function bodyMarkup(body: BodyRecord | undefined): Markup | undefined {
  if (body === undefined) return undefined
  const shown = showBody(body, limits)
  if (shown.form === 'empty') return undefined
  const bytes = bytesOf(body)
  const marks = shown.form === 'hex' ? markFrames(bytes) : []
  const content = marks.length > 0 ? frameDumpMarkup(bytes.subarray(0, limits.bytes), 0, marks) : shown.text
  return markup`${note(`Body, ${body.size} bytes`, shown.notes)}<pre class="${shown.form}" tabindex="0">${content}</pre>${marksMarkup(marks)}`
}

function chunksMarkup(chunks: readonly ChunkRecord[]): Markup {
  const left = chunks.length - shownChunks
  return markup`<p class="part">Then on the connection</p>${markChunks(chunks).slice(0, shownChunks).map(chunkMarkup)}${left > 0 && note(`${left} more chunks are in results.json`, [])}`
}

/** Hijacked bytes are always shown as a dump: where one chunk ends matters as much as what it says. */
function chunkMarkup({ chunk, offset, marks, frames }: MarkedChunk): Markup {
  const kept = bytesOf(chunk)
  const from = chunk.from === 'client' ? 'Client to daemon' : 'Daemon to client'
  const notes = [
    ...(kept.byteLength < chunk.size ? [`the record holds the first ${kept.byteLength}`] : []),
    ...(kept.byteLength > limits.bytes ? [`the first ${limits.bytes} are shown`] : []),
  ]
  const dump = frameDumpMarkup(kept.subarray(0, limits.bytes), offset, frames)
  return markup`${note(`${from}, ${chunk.size} bytes, after ${chunk.atMs} ms`, notes)}${kept.byteLength > 0 && markup`<pre class="hex" tabindex="0">${dump}</pre>`}${marksMarkup(marks)}`
}

function marksMarkup(marks: readonly FrameMark[]): Markup | undefined {
  if (marks.length === 0) return undefined
  const shown = marks.slice(0, 20).map(({ text }) => text)
  return markup`<p class="note">${[...shown, ...(marks.length > shown.length ? [`${marks.length - shown.length} more`] : [])].join(' · ')}</p>`
}

function note(text: string, notes: readonly string[]): Markup {
  return markup`<p class="note">${[text, ...notes].join('; ')}</p>`
}
