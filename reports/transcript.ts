import { curlLine } from '../harness/wire/curl.ts'
import type { BodyRecord, Exchange, HeaderLines } from '../harness/wire/exchange.ts'
import { hexdump } from '../harness/wire/hexdump.ts'
import { bytesOf, showBody } from './body.ts'
import { markChunks, markFrames, type FrameMark } from './frame-marks.ts'
import { visible } from './visible.ts'

/**
 * A transcript as plain text: each request and what came back, with the `curl` line that repeats it. All of the record is
 * there, and safe to show in a terminal.
 * @param endpoint the daemon's, for the `curl` lines
 */
export function formatTranscript(transcript: readonly Exchange[], endpoint: string): string {
  const inOrder = transcript.toSorted((one, other) => one.atMs - other.atMs)
  return visible(inOrder.map((exchange, index) => exchangeLines(exchange, index + 1, endpoint).join('\n')).join('\n\n'))
}

function exchangeLines(exchange: Exchange, number: number, endpoint: string): string[] {
  const { method, path, status, reason = '', requestHeaders, responseHeaders = [], requestBody, responseBody, chunks = [], error } = exchange
  return [
    `# ${number}, begun at ${exchange.atMs} ms, took ${exchange.durationMs} ms`,
    curlLine(exchange, endpoint),
    '',
    `> ${method} ${path}`,
    ...headerLines('>', requestHeaders),
    ...bodyLines(requestBody),
    ...(status === undefined ? ['< no answer'] : [`< ${status} ${reason}`, ...headerLines('<', responseHeaders), ...bodyLines(responseBody)]),
    ...markChunks(chunks).flatMap(({ chunk, offset, marks }) => [
      `# ${chunk.from === 'client' ? 'client to daemon' : 'daemon to client'}, ${chunk.size} bytes after ${chunk.atMs} ms`,
      ...(chunk.base64 === '' ? [] : [hexdump(bytesOf(chunk), offset)]),
      ...markLines(marks),
    ]),
    ...(error === undefined ? [] : [`# it ended badly: ${error}`]),
  ]
}

function headerLines(direction: '<' | '>', headers: HeaderLines): string[] {
  return headers.map(([name, value]) => `${direction} ${name}: ${value}`)
}

function bodyLines(body: BodyRecord | undefined): string[] {
  if (body === undefined || body.size === 0) return []
  const { form, text, notes } = showBody(body, { text: Infinity, bytes: Infinity })
  return [`# body, ${[`${body.size} bytes`, ...notes].join('; ')}`, text, ...(form === 'hex' ? markLines(markFrames(bytesOf(body))) : [])]
}

function markLines(marks: readonly FrameMark[]): string[] {
  return marks.map(({ text }) => `# ${text}`)
}
