import { randomOf, type Random } from './random.ts'
import type { Outcome, Target } from './targets.ts'

/** An input: its bytes in the chunks in which they arrive. */
export type Input = { readonly chunks: readonly Uint8Array[]; /** Nothing was changed in it: it must be taken. */ readonly untouched: boolean }

/** What is wrong with a decoder, with the input that shows it. */
export type Finding = { readonly what: string; readonly chunks: readonly Uint8Array[] }

/** Milliseconds of the processor that one input may take: a thousand times what it does take. */
const timeLimitMs = 2_000
/** Bytes that may be in use on top of what was at the beginning. */
const memoryLimit = 1024 * 1024 * 1024

/** Makes an input: the same for the same seed, decoder and number. */
export function makeInput(target: Target, seed: number, number: number): Input {
  const random = randomOf(seed, target.name, number)
  if (random.oneIn(16)) return { chunks: cut(random, random.bytes(random.below(600))), untouched: false }
  const valid = target.valid(random)
  const edits = random.below(5)
  let bytes = valid
  for (let edit = 0; edit < edits; edit += 1) bytes = mutate(random, bytes)
  return { chunks: cut(random, bytes), untouched: edits === 0 }
}

/**
 * Gives an input to a decoder, once as it is cut and once whole.
 * @returns what is wrong; undefined where nothing is
 */
export function tryInput(target: Target, input: Input): Finding | undefined {
  const { chunks, untouched } = input
  const whole = Buffer.concat(chunks)
  const found = (what: string): Finding => ({ what, chunks })
  const began = cpuMs()
  let parts: Outcome
  let once: Outcome
  try {
    parts = target.decode(chunks)
    once = target.decode([whole])
  } catch (error) {
    return found(`it throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
  const took = cpuMs() - began
  if (took > timeLimitMs) return found(`it takes ${took.toFixed(0)} ms`)
  const differ = target.errorsVary === true ? (parts.error === undefined) !== (once.error === undefined) : parts.error?.message !== once.error?.message
  if (differ) return found(`in chunks it says "${parts.error?.message ?? 'no error'}", at once "${once.error?.message ?? 'no error'}"`)
  if (parts.summary !== once.summary) return found(`in chunks it finds ${parts.summary}, at once ${once.summary}`)
  const { error } = parts
  if (error !== undefined && untouched) return found(`it refuses a valid stream: ${error.message}`)
  if (error !== undefined && !(error.offset >= 0 && error.offset <= whole.byteLength)) return found(`its error is at byte ${error.offset} of ${whole.byteLength}`)
  return undefined
}

/**
 * Gives a decoder many inputs.
 * @param onInput told the number of each before it begins, so that a watcher knows which one never ends
 * @returns the first finding with the number of its input; undefined where there is none
 */
export function campaign(target: Target, seed: number, inputs: number, onInput: (number: number) => void = () => {}): (Finding & { readonly number: number }) | undefined {
  const before = inUse()
  for (let number = 0; number < inputs; number += 1) {
    onInput(number)
    const input = makeInput(target, seed, number)
    const finding = tryInput(target, input)
    if (finding !== undefined) return { ...finding, number }
    if (number % 1024 === 1023 && inUse() - before > memoryLimit) return { what: `the memory in use has grown by ${((inUse() - before) / 2 ** 20).toFixed(0)} MiB`, chunks: input.chunks, number }
  }
  return undefined
}

/** Milliseconds of the processor so far: the clock on the wall says how busy the machine is. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
  return (user + system) / 1000
}

function inUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** Bytes that mean something to one decoder or another. */
const telling = [0x00, 0x01, 0x02, 0x03, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2d, 0x30, 0x37, 0x3a, 0x3b, 0x3d, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xc3, 0xe2, 0xff] as const

function mutate(random: Random, bytes: Uint8Array): Uint8Array {
  const at = random.below(bytes.byteLength + 1)
  const length = random.below(random.pick([2, 4, 16, 520]))
  const splice = (removed: number, inserted: Uint8Array) => Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)])
  switch (random.below(7)) {
    case 0: return splice(1, Uint8Array.of(random.pick(telling)))
    case 1: return splice(1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.below(8))))
    case 2: return splice(length, new Uint8Array())
    case 3: return splice(0, bytes.slice(at, at + length))
    case 4: return splice(0, random.bytes(length))
    case 5: return splice(0, new Uint8Array(length).fill(random.pick(telling)))
    default: return bytes.subarray(0, at)
  }
}

/** Cuts bytes into chunks: few, many, single bytes, empty ones. */
function cut(random: Random, bytes: Uint8Array): Uint8Array[] {
  const most = random.pick([1, 3, 17, 64, 600])
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.byteLength; ) {
    const length = most === 1 && bytes.byteLength < 256 ? 1 : random.below(most + 1)
    chunks.push(bytes.subarray(at, at + length))
    at += length
    if (chunks.length > 300) {
      chunks.push(bytes.subarray(at))
      break
    }
  }
  return chunks
}
