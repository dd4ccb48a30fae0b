import type { BodyRecord } from '../harness/wire/exchange.ts'
import { hexdump } from '../harness/wire/hexdump.ts'
import { indentJson } from './indent-json.ts'
import { visible } from './visible.ts'

/** How much of a body a report shows: characters of text, bytes of a hex dump. */
export type ShownLimits = { readonly text: number; readonly bytes: number }

/** A body ready to be shown. `text` is safe to show; it still has to be escaped for its medium. */
export type ShownBody = {
  readonly form: 'empty' | 'text' | 'hex'
  readonly text: string
  /** What was left out or laid out differently, for people. */
  readonly notes: readonly string[]
}

/** Characters of JSON that are read as easily in one line. */
const shortJson = 120

/** Shows a recorded body: as text where all of it is printable, else as a hex dump. */
export function showBody(body: BodyRecord, limits: ShownLimits): ShownBody {
  const bytes = bytesOf(body)
  if (body.size === 0) return { form: 'empty', text: '', notes: [] }
  const whole = bytes.byteLength >= body.size
  const text = textOf(bytes, whole)
  const form = text === undefined ? 'hex' : 'text'
  const left = whole ? [] : [`the record holds the first ${bytes.byteLength} of ${body.size} bytes`]
  if (text === undefined) {
    const cut = bytes.byteLength > limits.bytes ? [`the first ${limits.bytes} bytes are shown`] : []
    return { form, text: hexdump(bytes.subarray(0, limits.bytes)), notes: [...left, ...cut] }
  }
  const indented = whole && text.length > shortJson ? indentJson(text) : undefined
  const shown = indented ?? text
  const cut = shown.length > limits.text ? [`the first ${limits.text} characters are shown`] : []
  const laidOut = indented === undefined || indented === text.trim() ? [] : ['JSON, line breaks added']
  return { form, text: visible(shown.slice(0, limits.text)), notes: [...laidOut, ...left, ...cut] }
}

/** The recorded bytes of a body. */
export function bytesOf(body: BodyRecord): Uint8Array {
  return Buffer.from(body.base64, 'base64')
}

// Control characters other than tab, newline and carriage return: bytes that hold one are no text.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/

function textOf(bytes: Uint8Array, whole: boolean): string | undefined {
  let text: string
  try {
    // A record may end in the middle of a character; `stream` forgives exactly that.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !whole })
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
  return control.test(text) ? undefined : text
}
