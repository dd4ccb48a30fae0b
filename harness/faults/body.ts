import { chunkedDecoder } from '../wire/head.ts'
import type { Framing } from './message.ts'

/** Follows a body to its end, and takes its transfer coding off. */
export type BodyReader = {
  /** @returns the bytes of these that belong to the message as it crosses the wire, the body's own among them, and what follows the body */
  push(bytes: Buffer): { readonly raw: Buffer; readonly content: Buffer; readonly rest: Buffer }
  readonly done: boolean
}

/** Reads a body of a known framing. */
export function bodyReader(framing: Framing): BodyReader {
  if (framing === 'chunked') {
    const decoder = chunkedDecoder()
    return {
      push(bytes) {
        const content = Buffer.from(decoder.push(bytes))
        const rest = decoder.done ? Buffer.from(decoder.rest) : Buffer.alloc(0)
        return { raw: bytes.subarray(0, bytes.byteLength - rest.byteLength), content, rest }
      },
      get done() {
        return decoder.done
      },
    }
  }
  let missing = framing === 'until-close' ? Infinity : framing
  return {
    push(bytes) {
      const content = bytes.subarray(0, missing)
      missing -= content.byteLength
      return { raw: content, content, rest: bytes.subarray(content.byteLength) }
    },
    get done() {
      return missing === 0
    },
  }
}
