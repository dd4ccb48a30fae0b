/** What is wrong with a JSON stream. */
export type JsonStreamErrorKind = 'truncated' | 'invalid' | 'too-long'

/** Bytes that are no sequence of JSON values. */
export class JsonStreamError extends Error {
  readonly kind: JsonStreamErrorKind
  /** Where the offending value begins, counted from the start of the stream. */
  readonly offset: number

  constructor(kind: JsonStreamErrorKind, offset: number, message: string) {
    super(`${message} (at byte ${offset} of the stream)`)
    this.name = 'JsonStreamError'
    this.kind = kind
    this.offset = offset
  }
}

/** Takes a stream of JSON objects or arrays apart as its bytes arrive. */
export type JsonStreamDecoder = {
  /** @returns the values that these bytes complete. @throws JsonStreamError */
  push(bytes: Uint8Array): unknown[]
  /** The stream has ended. @throws JsonStreamError where that is in the middle of a value */
  end(): void
}

const defaultMaxValue = 16 * 1024 * 1024
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const quote = 0x22
const backslash = 0x5c
const openers: ReadonlySet<number> = new Set([0x7b, 0x5b])
const closers: ReadonlySet<number> = new Set([0x7d, 0x5d])
const whitespace: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d])

/**
 * A strict decoder of events, progress and stats: JSON objects or arrays one after the other, with or without
 * white space between them, as Go's json.Encoder writes them. Scalars at the top level are refused: no stream of the API has them.
 */
export function jsonStreamDecoder(options: { readonly maxValue?: number } = {}): JsonStreamDecoder {
  const { maxValue = defaultMaxValue } = options
  let parts: Uint8Array[] = []
  let length = 0
  let depth = 0
  let inString = false
  let escaped = false
  let valueOffset = 0
  let offset = 0
  let failed: JsonStreamError | undefined

  function fail(kind: JsonStreamErrorKind, message: string): never {
    failed = new JsonStreamError(kind, valueOffset, message)
    throw failed
  }

  function parse(): unknown {
    try {
      return JSON.parse(utf8.decode(Buffer.concat(parts)))
    } catch (error) {
      return fail('invalid', `no JSON: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  function keep(bytes: Uint8Array): void {
    parts.push(bytes)
    length += bytes.byteLength
    if (length > maxValue) fail('too-long', `a value is longer than the ${maxValue} bytes that one may have`)
  }

  return {
    push(bytes) {
      if (failed !== undefined) throw failed
      const values: unknown[] = []
      let begin = 0
      for (let index = 0; index < bytes.byteLength; index += 1) {
        const byte = bytes[index] ?? 0
        if (depth === 0) {
          if (whitespace.has(byte)) continue
          valueOffset = offset + index
          if (!openers.has(byte)) fail('invalid', `a JSON object or array was due, and the byte 0x${byte.toString(16).padStart(2, '0')} came`)
          depth = 1
          begin = index
        } else if (inString) {
          if (escaped) escaped = false
          else if (byte === backslash) escaped = true
          else if (byte === quote) inString = false
        } else if (byte === quote) {
          inString = true
        } else if (openers.has(byte)) {
          depth += 1
        } else if (closers.has(byte)) {
          depth -= 1
          if (depth > 0) continue
          keep(bytes.slice(begin, index + 1))
          values.push(parse())
          parts = []
          length = 0
        }
      }
      if (depth > 0) keep(bytes.slice(begin))
      offset += bytes.byteLength
      return values
    },
    end() {
      if (failed !== undefined) throw failed
      if (depth > 0) fail('truncated', `the stream ends in the middle of a value, after ${length} bytes of it`)
    },
  }
}
