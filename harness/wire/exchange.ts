/** Header lines in the order and the letters in which they crossed the wire. */
export type HeaderLines = ReadonlyArray<readonly [name: string, value: string]>

/** A piece of a body on record: its first bytes, and how many there were. */
export type BodyRecord = {
  /** The first bytes, base64; at most `recordLimit` of them. */
  readonly base64: string
  /** Bytes in the whole body, recorded or not. */
  readonly size: number
}

/** One direction's bytes on a hijacked or streamed connection, in the order they were seen. */
export type ChunkRecord = BodyRecord & {
  readonly from: 'client' | 'daemon'
  /** Milliseconds since the exchange began. */
  readonly atMs: number
}

/** One request and what came back, as they crossed the wire. Secrets are blanked before it is kept. */
export type Exchange = {
  readonly method: string
  /** Path and query, with the version prefix. */
  readonly path: string
  readonly requestHeaders: HeaderLines
  readonly requestBody?: BodyRecord
  /** Absent where the daemon never answered. */
  readonly status?: number
  readonly reason?: string
  readonly responseHeaders?: HeaderLines
  readonly responseBody?: BodyRecord
  /** What crossed a hijacked connection after the heads. */
  readonly chunks?: readonly ChunkRecord[]
  /** How the exchange ended where it ended badly: a deadline, a reset, a protocol error. */
  readonly error?: string
  /** Milliseconds since the case began. */
  readonly atMs: number
  readonly durationMs: number
}

/** Bytes of a body or a chunk that a record keeps. */
export const recordLimit = 8 * 1024

/** Cuts a body down to what a record keeps. */
export function recordBody(body: Uint8Array): BodyRecord {
  const kept = body.subarray(0, recordLimit)
  return { base64: Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength).toString('base64'), size: body.byteLength }
}
