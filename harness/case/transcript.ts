import type { BodyRecord, Exchange } from '../wire/exchange.ts'
import type { Verdict } from './outcome.ts'

/** Bytes of each body that a passing case keeps: enough to see what was answered, for a run keeps thousands. */
const passLimit = 600

/** Exchanges that a passing case keeps. */
const passExchanges = 30

/** Cuts the evidence of what passed down; what did not pass keeps everything. */
export function trimTranscript(transcript: readonly Exchange[], verdict: Verdict): readonly Exchange[] {
  if (verdict !== 'pass') return transcript
  return transcript.slice(0, passExchanges).map((exchange) => ({
    ...exchange,
    ...(exchange.requestBody && { requestBody: cut(exchange.requestBody) }),
    ...(exchange.responseBody && { responseBody: cut(exchange.responseBody) }),
    ...(exchange.chunks && { chunks: exchange.chunks.slice(0, 8).map((chunk) => ({ ...chunk, ...cut(chunk) })) }),
  }))
}

/** Milliseconds in which at least one of the exchanges was under way. */
export function waitedMs(transcript: readonly Exchange[]): number {
  return unionLength(transcript.map(({ atMs, durationMs }) => [atMs, atMs + durationMs] as const))
}

/** The length of the union of intervals. */
export function unionLength(intervals: readonly (readonly [from: number, to: number])[]): number {
  let total = 0
  let reached = -Infinity
  for (const [from, to] of [...intervals].sort((one, other) => one[0] - other[0])) {
    if (to <= reached) continue
    total += to - Math.max(from, reached)
    reached = to
  }
  return total
}

function cut(body: BodyRecord): BodyRecord {
  if (body.base64.length <= passLimit) return body
  return { base64: Buffer.from(body.base64, 'base64').subarray(0, (passLimit / 4) * 3).toString('base64'), size: body.size }
}
