#!/usr/bin/env node
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { wholeNumberArgument } from '../harness/cli/run-options.ts'
import { makeInput, tryInput, type Finding } from './fuzz/campaign.ts'
import { targets, type Target } from './fuzz/targets.ts'
import type { WorkerTask } from './fuzz/worker.ts'

/*
 * `npm run fuzz`: gives the strict decoders, and what reports show of bytes, many inputs: valid streams, mutated ones and plain noise, in
 * random chunks. Each must end in a value or in the decoder's own error, the same however it was cut, in bounded time and memory.
 * Exits with 1 where one does not, and says how to see it again.
 */

/** Milliseconds without any progress after which an input counts as endless. */
const endlessMs = 30_000

type Found = Finding & { readonly number: number }
type Options = { readonly inputs: number; readonly seed: number; readonly decoder: readonly Target[]; readonly chunks?: readonly Uint8Array[] }

const command = new Command('fuzz')
  .description('give the decoders a great many inputs; each must end in a value or in a named error')
  .option('--inputs <n>', 'inputs in all, shared out evenly', wholeNumberArgument(0), 1_000_000)
  .option('--seed <n>', 'the same seed makes the same inputs', wholeNumberArgument(0), Math.floor(Math.random() * 2 ** 31))
  .option('--decoder <names>', `only these: ${targets.map(({ name }) => name).join(',')}`, decoders, targets)
  .option('--chunks <hex>', 'try one input, its chunks in hex with commas between them, on the one decoder that is named', hexChunks)
  .action(async (options: Options) => {
    process.exitCode = options.chunks === undefined ? await fuzz(options) : replay(options.decoder, options.chunks)
  })

await command.parseAsync()

async function fuzz({ inputs, seed, decoder }: Options): Promise<number> {
  console.log(`seed ${seed}`)
  let failed = 0
  const share = Math.ceil(inputs / decoder.length)
  for (const target of decoder) {
    const began = performance.now()
    const finding = await watched({ target: target.name, seed, inputs: share }, target)
    const seconds = (performance.now() - began) / 1000
    const done = finding === undefined ? share : finding.number + 1
    console.log(`${target.name.padEnd(12)} ${String(done).padStart(9)} inputs ${seconds.toFixed(1).padStart(7)} s ${Math.round(done / seconds).toLocaleString('en').padStart(9)} inputs/s  ${finding === undefined ? 'ok' : 'FAILED'}`)
    if (finding === undefined) continue
    failed += 1
    complain(target, finding, `input ${finding.number} of seed ${seed}`)
  }
  return failed > 0 ? 1 : 0
}

function replay([target, ...more]: readonly Target[], chunks: readonly Uint8Array[]): number {
  if (target === undefined || more.length > 0) throw new InvalidArgumentError('--chunks needs one --decoder')
  const finding = tryInput(target, { chunks, untouched: false })
  if (finding === undefined) {
    const { summary, error } = target.decode(chunks)
    console.log(`${target.name}: ok: ${error === undefined ? summary : `${error.name}: ${error.message}`}`)
    return 0
  }
  complain(target, finding, 'the input')
  return 1
}

function complain(target: Target, finding: Finding, which: string): void {
  console.error(`\n${target.name}: ${which}: ${finding.what}\nagain: npm run fuzz -- --decoder ${target.name} --chunks ${finding.chunks.map((chunk) => Buffer.from(chunk).toString('hex')).join(',')}\n`)
}

/** Runs a campaign in a process of its own and watches it: an input that never ends can't be seen from within. */
async function watched(task: Omit<WorkerTask, 'place'>, target: Target): Promise<Found | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Found | undefined>()
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-fuzz-'))
  const place = join(folder, 'place')
  writeFileSync(place, Buffer.alloc(4))
  const worker = fork(new URL('./fuzz/worker.ts', import.meta.url), { execArgv: ['--max-old-space-size=1024'] })
  const at = () => readFileSync(place).readUInt32LE()
  const here = (what: string): Found => ({ what, number: at(), chunks: makeInput(target, task.seed, at()).chunks })
  let seen = { number: -1, at: performance.now() }
  const watch = setInterval(() => {
    if (at() !== seen.number) seen = { number: at(), at: performance.now() }
    else if (performance.now() - seen.at > endlessMs) resolve(here(`it does not end within ${endlessMs} ms`))
  }, 500)
  worker.once('message', ({ finding }: { finding?: Omit<Found, 'chunks'> & { chunks: readonly string[] } }) =>
    resolve(finding && { ...finding, chunks: finding.chunks.map((hex) => Buffer.from(hex, 'hex')) }),
  )
  worker.once('error', reject).once('exit', (code, signal) => resolve(here(`the process ends with ${signal ?? code}`)))
  worker.send({ ...task, place })
  try {
    return await promise
  } finally {
    clearInterval(watch)
    worker.removeAllListeners().kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

function decoders(text: string): Target[] {
  return text.split(',').map((name) => {
    const target = targets.find((each) => each.name === name)
    if (target === undefined) throw new InvalidArgumentError(`there is no decoder ${name}; there are ${targets.map((each) => each.name).join(', ')}`)
    return target
  })
}

function hexChunks(text: string): Uint8Array[] {
  if (!/^(?:(?:[0-9a-f]{2})*,)*(?:[0-9a-f]{2})*$/i.test(text)) throw new InvalidArgumentError('write pairs of hex digits, and commas between chunks')
  return text.split(',').map((hex) => Buffer.from(hex, 'hex'))
}
