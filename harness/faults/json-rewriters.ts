import type { Rewriter } from './fault.ts'
import { units, whole } from './rewriters.ts'
import { backslash, closeBrace, closeBracket, openBrace, openBracket, quote } from '../wire/json-bytes.ts'

/** Changes a body that is one JSON value; one that is none, or that is left as it was, keeps its bytes. */
export function jsonBody(change: (value: unknown) => unknown): Rewriter {
  return whole((bytes) => changeJson(bytes, change))
}

/** The bytes of a JSON value that was changed; the same bytes where it is none or stays as it is. */
export function changeJson(bytes: Buffer, change: (value: unknown) => unknown): Uint8Array {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return bytes
  }
  const changed = change(value)
  if (Object.is(changed, value)) return bytes
  // Go's encoder ends a value with a line feed, and so do most bodies.
  return Buffer.from(JSON.stringify(changed) + (bytes.at(-1) === 0x0a ? '\n' : ''))
}

/** Changes each value of a stream of JSON objects, as it is whole; `over` ends the stream, undefined leaves a value out, several follow each other. */
export function jsonStream(change: (value: unknown, index: number) => { readonly values: readonly unknown[] } | 'same' | 'over'): Rewriter {
  return units(jsonLength, (unit, index) => {
    let value: unknown
    try {
      value = JSON.parse(unit.toString('utf8'))
    } catch {
      return unit
    }
    const changed = change(value, index)
    if (changed === 'over') return 'over'
    if (changed === 'same') return unit
    const text = unit.toString('utf8')
    const before = /^\s*/.exec(text)?.[0] ?? ''
    return Buffer.from(changed.values.map((each) => before + JSON.stringify(each)).join(before === '' ? '\n' : ''))
  })
}

/** Bytes up to the end of the first object or list, with the white space before it; undefined while it is not whole. */
function jsonLength(bytes: Buffer): number | undefined {
  let depth = 0
  let inString = false
  for (let index = 0; index < bytes.byteLength; index += 1) {
    const byte = bytes[index]
    if (inString) {
      if (byte === backslash) index += 1
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === openBrace || byte === openBracket) depth += 1
    else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1
      if (depth === 0) return index + 1
    }
  }
  return undefined
}
