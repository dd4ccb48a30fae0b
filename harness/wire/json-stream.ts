import { backslash, closeBrace, closeBracket, openBrace, openBracket, quote } from './json-bytes.ts'
import { maxJsonDepth } from './json.ts'
import { printable } from './sanitize.ts'

/** What is wrong with a JSON stream. */
export type JsonStreamErrorKind = 'truncated' | 'invalid' | 'too-long' | 'too-deep'

/** Bytes that are no sequence of JSON values. */
export class JsonStreamError extends Error {
  readonly kind: JsonStreamErrorKind
  /** Where the offending value begins, counted from the start of the stream. */
  readonly offset: number
  /** The values that the same call had completed before the error. */
  values: readonly unknown[] = []

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

/**
 * A strict decoder of events, progress and stats: JSON objects or arrays one after the other, with or without
 * white space between them, as Go's json.Encoder writes them. Scalars at the top level are refused: no stream of the API has them,
 * and without a separator they would not be told apart. After an error it is at its end.
 * @param options.maxValue bytes that one value may have
 */
export function jsonStreamDecoder(options: { readonly maxValue?: number } = {}): JsonStreamDecoder {
  const { maxValue = defaultMaxValue } = options
  /** The bytes so far of a value that goes on in the next chunk; grows by doubling. */
  let kept = Buffer.alloc(0)
  let keptLength = 0
  let depth = 0
  let inString = false
  let escaped = false
  let valueOffset = 0
  let offset = 0
  let failed: JsonStreamError | undefined

  function fail(kind: JsonStreamErrorKind, message: string, values: readonly unknown[] = []): never {
    failed = new JsonStreamError(kind, valueOffset, message)
    failed.values = values
    throw failed
  }

  function failTooLong(values: readonly unknown[]): never {
    return fail('too-long', `a value is longer than the ${maxValue} bytes that one may have`, values)
  }

  function keep(part: Uint8Array): void {
    const needed = keptLength + part.byteLength
    if (needed > kept.byteLength) {
      const grown = Buffer.allocUnsafe(Math.max(needed, kept.byteLength * 2, 1024))
      grown.set(kept.subarray(0, keptLength))
      kept = grown
    }
    kept.set(part, keptLength)
    keptLength = needed
  }

  function parse(bytes: Uint8Array, values: readonly unknown[]): unknown {
    try {
      return JSON.parse(utf8.decode(bytes))
    } catch (error) {
      return fail('invalid', `no JSON: ${printable(error instanceof Error ? error.message : String(error), 200)}`, values)
    }
  }

  return {
    push(bytes) {
      if (failed !== undefined) throw failed
      const values: unknown[] = []
      let begin = 0
      for (let index = 0; index < bytes.byteLength; index += 1) {
        const byte = bytes[index] ?? 0
        if (inString) {
          if (escaped) escaped = false
          else if (byte === backslash) escaped = true
          else if (byte === quote) inString = false
        } else if (byte === openBrace || byte === openBracket) {
          if (depth === 0) {
            valueOffset = offset + index
            begin = index
          }
          depth += 1
          if (depth > maxJsonDepth) {
            if (keptLength + index + 1 - begin > maxValue) failTooLong(values)
            fail('too-deep', `a value is nested deeper than ${maxJsonDepth} levels`, values)
          }
        } else if (depth === 0) {
          if (isWhitespace(byte)) continue
          valueOffset = offset + index
          fail('invalid', `a JSON object or array was due, and the byte 0x${byte.toString(16).padStart(2, '0')} came`, values)
        } else if (byte === quote) {
          inString = true
        } else if (byte === closeBrace || byte === closeBracket) {
          depth -= 1
          if (depth > 0) continue
          const last = bytes.subarray(begin, index + 1)
          if (keptLength + last.byteLength > maxValue) failTooLong(values)
          if (keptLength > 0) keep(last)
          values.push(parse(keptLength > 0 ? kept.subarray(0, keptLength) : last, values))
          kept = Buffer.alloc(0)
          keptLength = 0
        }
      }
      if (depth > 0) {
        const part = bytes.subarray(begin)
        if (keptLength + part.byteLength > maxValue) failTooLong(values)
        keep(part)
      }
      offset += bytes.byteLength
      return values
    },
    end() {
      if (failed !== undefined) throw failed
      if (depth > 0) fail('truncated', `the stream ends in the middle of a value, after ${keptLength} bytes of it`)
    },
  }
}

/** JSON's own white space, RFC 8259, section 2. */
function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
