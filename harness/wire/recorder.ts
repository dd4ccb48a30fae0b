import { WireError } from './errors.ts'
import { recordBody, recordLimit, type BodyRecord, type ChunkRecord, type Exchange, type HeaderLines } from './exchange.ts'
import { blankSecrets } from './secrets.ts'

/** Where finished exchanges go, and when the case that they belong to began (`performance.now()`). */
export type Recording = {
  readonly startedAt: number
  record(exchange: Exchange): void
}

/** An exchange under way: collects what crosses the wire, and hands it over once. */
export type Recorder = {
  answered(status: number, reason: string, headers: HeaderLines): void
  /** `size` where the body was longer than what is handed over. */
  answerBody(body: Uint8Array, size?: number): void
  chunk(from: 'client' | 'daemon', bytes: Uint8Array): void
  /** Ends the exchange and records it; a second call changes nothing. */
  finish(error?: string): Exchange
}

/** Chunks that one exchange keeps: a stream may be endless. */
const chunkLimit = 256

/** Begins the record of one exchange. Secrets are blanked when it is finished. */
export function beginExchange(
  recording: Recording | undefined,
  request: { method: string; path: string; headers: HeaderLines; body?: Uint8Array },
): Recorder {
  const began = performance.now()
  const chunks: ChunkRecord[] = []
  let kept = 0
  let answer: { status: number; reason: string; responseHeaders: HeaderLines } | undefined
  let responseBody: BodyRecord | undefined
  let finished: Exchange | undefined

  return {
    answered(status, reason, headers) {
      answer = { status, reason, responseHeaders: headers }
    },
    answerBody(body, size = body.byteLength) {
      responseBody = { ...recordBody(body), size }
    },
    chunk(from, bytes) {
      if (finished !== undefined || chunks.length >= chunkLimit) return
      const room = Math.max(0, recordLimit * 2 - kept)
      kept += Math.min(bytes.byteLength, recordLimit, room)
      chunks.push({ from, atMs: Math.round(performance.now() - began), ...recordBody(bytes.subarray(0, Math.min(recordLimit, room))), size: bytes.byteLength })
    },
    finish(error) {
      finished ??= hand(error)
      return finished
    },
  }

  function hand(error: string | undefined): Exchange {
    const exchange = blankSecrets({
      method: request.method,
      path: request.path,
      requestHeaders: request.headers,
      ...(request.body === undefined ? {} : { requestBody: recordBody(request.body) }),
      ...answer,
      ...(responseBody === undefined ? {} : { responseBody }),
      ...(chunks.length === 0 ? {} : { chunks }),
      ...(error === undefined ? {} : { error }),
      atMs: Math.round(began - (recording?.startedAt ?? began)),
      durationMs: Math.round(performance.now() - began),
    })
    recording?.record(exchange)
    return exchange
  }
}

/** What ended an exchange, with the exchange that it ended where that is a WireError; it is finished then. */
export function withExchange(error: unknown, recorder: Recorder): unknown {
  if (!(error instanceof WireError)) return error
  return new WireError(error.kind, error.message, { exchange: recorder.finish(error.message), cause: error })
}
