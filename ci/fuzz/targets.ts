import { curlLine } from '../../harness/wire/curl.ts'
import { recordBody } from '../../harness/wire/exchange.ts'
import { encodeFrame, frameDecoder, FrameError } from '../../harness/wire/frames.ts'
import { bodyLength, chunkedDecoder, HeadError, parseHead } from '../../harness/wire/head.ts'
import { jsonStreamDecoder, JsonStreamError } from '../../harness/wire/json-stream.ts'
import { printable } from '../../harness/wire/sanitize.ts'
import { blankSecrets } from '../../harness/wire/secrets.ts'
import { packTar, TarError } from '../../harness/wire/tar.ts'
import { tarReader } from '../../harness/wire/tar-reader.ts'
import { showBody } from '../../reports/body.ts'
import { markChunks } from '../../reports/frame-marks.ts'
import type { Random } from './random.ts'

/** What became of an input: a summary that does not depend on how its bytes were cut, and the named error where it ended in one. */
export type Outcome = { readonly summary: string; readonly error?: Error & { readonly offset: number } }

/** Something that takes bytes of a daemon apart. */
export type Target = {
  readonly name: string
  /** A stream that must be taken without an error. */
  valid(random: Random): Uint8Array
  /** Takes the chunks. What it throws is a defect: its own named error it returns. */
  decode(chunks: readonly Uint8Array[]): Outcome
  /** Its errors quote what has arrived so far: cut otherwise, the same input may end in another of them. */
  readonly errorsVary?: true
}

/** Limits far below the usual ones, so that small inputs reach them. */
const maxFrame = 4096
const maxValue = 512

const frames: Target = {
  name: 'frames',
  valid: (random) => Buffer.concat(times(random.below(6), () => encodeFrame(random.pick(['stdin', 'stdout', 'stderr']), random.bytes(random.oneIn(20) ? random.below(maxFrame) : random.below(40))))),
  decode: (chunks) => {
    const decoder = frameDecoder({ maxFrame })
    let count = 0
    let bytes = 0
    const take = (taken: readonly { readonly payload: Uint8Array; readonly offset: number }[]) => {
      for (const { payload, offset } of taken) {
        if (offset !== bytes + 8 * count) throw new Error(`frame ${count} claims to begin at ${offset}`)
        count += 1
        bytes += payload.byteLength
      }
    }
    return ending(FrameError, () => {
      for (const chunk of chunks) take(decoder.push(chunk))
      decoder.end()
    }, (error) => {
      if (error !== undefined && error.kind !== 'truncated') take(error.frames)
      return `${count} frames, ${bytes} bytes`
    })
  },
}

const words: readonly [string, ...string[]] = ['Content-Length: 5', 'Transfer-Encoding: chunked', 'X: y', 'Server:', 'Content-Type:  application/json ', 'X-Latin: \u00e9']

const heads: Target = {
  name: 'heads',
  errorsVary: true,
  valid: (random) => Buffer.from([`HTTP/1.${random.below(2)} ${100 + random.below(500)} ${random.pick(['', 'OK', 'Not Found'])}`, ...times(random.below(4), () => random.pick(words)), '', random.pick(['', 'rest'])].join('\r\n'), 'latin1'),
  decode: (chunks) => {
    let parsed: ReturnType<typeof parseHead>
    return ending(HeadError, () => {
      let soFar = new Uint8Array()
      for (const chunk of chunks) {
        soFar = Buffer.concat([soFar, chunk])
        parsed = parseHead(soFar, 256)
        if (parsed !== undefined) break
      }
    }, (error) => {
      if (error !== undefined || parsed === undefined) return 'no head'
      const length = ending(HeadError, () => String(bodyLength((parsed as NonNullable<typeof parsed>).head)), () => '')
      return `${parsed.length} ${parsed.head.status} ${parsed.head.headers.length} ${length.error?.message ?? ''}`
    })
  },
}

const chunked: Target = {
  name: 'chunked',
  valid: (random) =>
    Buffer.concat([
      ...times(random.below(4), () => random.bytes(1 + random.below(40))).flatMap((part) => [Buffer.from(`${part.byteLength.toString(16)}${random.pick(['', ';a=b'])}\r\n`), part, Buffer.from('\r\n')]),
      Buffer.from(`0\r\n${random.pick(['', 'X: y\r\n'])}\r\n${random.pick(['', 'rest'])}`),
    ]),
  decode: (chunks) => {
    const decoder = chunkedDecoder()
    let bytes = 0
    return ending(HeadError, () => {
      for (const chunk of chunks) bytes += decoder.push(chunk).byteLength
      decoder.end()
    // What an erring push had decoded before is not handed over, and depends on the cut.
    }, (error) => (error === undefined ? `${bytes} bytes, ${decoder.rest.byteLength} after` : ''))
  },
}

const json: Target = {
  name: 'json-stream',
  valid: (random) => Buffer.from(times(random.below(5), () => text({ value: object(random, 0) }) + random.pick(['', '\n', '\r\n'])).join('')),
  decode: (chunks) => {
    const decoder = jsonStreamDecoder({ maxValue })
    const values: unknown[] = []
    return ending(JsonStreamError, () => {
      for (const chunk of chunks) values.push(...decoder.push(chunk))
      decoder.end()
    }, (error) => {
      if (error !== undefined && error.kind !== 'truncated') values.push(...error.values)
      return JSON.stringify(values)
    })
  },
}

const archives: Target = {
  name: 'tar',
  valid: (random) => random.pick(packed),
  decode: (chunks) => {
    const reader = tarReader()
    let entries = 0
    let bytes = 0
    return ending(TarError, () => {
      for (const chunk of chunks) {
        for (const item of reader.push(chunk)) {
          if ('entry' in item) entries += 1
          else bytes += item.content.byteLength
        }
      }
      reader.end()
    }, (error) => (error === undefined ? `${entries} entries, ${bytes} bytes` : ''))
  },
}

/** A few archives, packed once: packing takes longer than all the rest. */
const packed = (await Promise.all([
  packTar([]),
  packTar([{ name: 'file', content: 'content' }]),
  packTar([{ name: 'd/', type: 'directory' }, { name: 'd/l', type: 'symlink', linkname: 'x' }, { name: 'd/f', content: 'x'.repeat(700) }]),
  packTar([{ name: `${'long/'.repeat(60)}ü`, content: 'by PAX records' }]),
])) as [Buffer, ...Buffer[]]

/** What reports show of any bytes. Here nothing is an error. */
const shown: Target = {
  name: 'report',
  valid: (random) => random.pick([frames, json, heads]).valid(random),
  decode: (chunks) => {
    const records = chunks.map((chunk, index) => ({ from: index % 3 === 2 ? ('client' as const) : ('daemon' as const), atMs: 0, ...recordBody(chunk) }))
    markChunks(records)
    const whole = Buffer.concat(chunks)
    const body = recordBody(whole)
    const exchange = blankSecrets({ method: 'POST', path: '/x', requestHeaders: [], requestBody: body, chunks: records, atMs: 0, durationMs: 0 })
    const text = [printable(whole), showBody(body, { text: 500, bytes: 200 }).text, curlLine(exchange, 'unix:///x')].join('')
    if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(text)) throw new Error('what is shown holds characters that act on a terminal')
    return { summary: text }
  },
}

/** Everything that is fuzzed. */
export const targets: readonly Target[] = [frames, heads, chunked, json, archives, shown]

/** Runs `body`, and gives what became of it; errors of other kinds go on. */
function ending<E extends Error & { readonly offset: number }>(kind: abstract new (...args: never[]) => E, body: () => void, summarize: (error: E | undefined) => string): Outcome {
  try {
    body()
  } catch (error) {
    if (!(error instanceof kind)) throw error
    return { summary: summarize(error), error }
  }
  return { summary: summarize(undefined) }
}

function object(random: Random, depth: number): unknown {
  if (depth > 3 || random.oneIn(3)) return random.pick<unknown>([1, -2.5e3, 'te"x\\t', 'ü}]', true, null, '', {}])
  return random.oneIn(2) ? times(random.below(4), () => object(random, depth + 1)) : Object.fromEntries(times(random.below(4), () => [random.pick(['a', 'status', '{', '__proto__']), object(random, depth + 1)]))
}

/** As JSON, unless that is longer than a value may be. */
function text(value: object): string {
  const json = JSON.stringify(value)
  return Buffer.byteLength(json) > maxValue ? '[]' : json
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make)
}
