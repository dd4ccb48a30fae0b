import { PassThrough } from 'node:stream'
import DockerModem from 'docker-modem'
import { encodeFrame, frameDecoder, type StreamName } from '../../harness/wire/frames.ts'
import { randomOf } from '../fuzz/random.ts'
import { columns } from '../../reports/columns.ts'
import { cpuSeconds, type Section } from './section.ts'

/** Bytes that go through each decoder. */
const totalBytes = 1024 ** 3
/** Bytes that are there at once: the stream is this piece over and over. It begins and ends between two frames. */
const pieceBytes = 32 * 1024 ** 2
const targetGBps = 1

/** A piece of a stream in the chunks in which it arrives, and what is in it. */
export type Piece = { readonly chunks: readonly Buffer[]; readonly bytes: number; readonly frames: number; readonly payload: Record<StreamName, number> }

/**
 * Makes a piece as a busy `docker logs` or `attach` sends it: most frames are lines of a log, most bytes are in the blocks of 32 KiB in
 * which the daemon copies; a socket mostly hands over 64 KiB, sometimes a segment, and cares nothing for frames.
 */
export function makePiece(size: number, seed = 1): Piece {
  const random = randomOf(seed, 'piece')
  const noise = Buffer.from(random.bytes(64 * 1024))
  const encoded: Uint8Array[] = []
  const payload = { stdin: 0, stdout: 0, stderr: 0 }
  let bytes = 0
  while (bytes < size) {
    const kind = random.below(100)
    const length = kind < 60 ? 20 + random.below(180) : kind < 85 ? 200 + random.below(1800) : kind < 95 ? 4096 + random.below(12_288) : 32_768
    const stream = random.oneIn(5) ? 'stderr' : 'stdout'
    const frame = encodeFrame(stream, noise.subarray(0, length))
    encoded.push(frame)
    payload[stream] += length
    bytes += frame.byteLength
  }
  const whole = Buffer.concat(encoded)
  const chunks: Buffer[] = []
  for (let at = 0; at < whole.byteLength; ) {
    const length = random.oneIn(4) ? random.pick([1448, 4096, 16_384, 30_000]) : 65_536
    chunks.push(whole.subarray(at, at + length))
    at += length
  }
  return { chunks, bytes, frames: encoded.length, payload }
}

type Measured = { readonly GBps: number; readonly payload: Record<StreamName, number> }

/** Sends the piece `times` times through a decoder. */
function measure(piece: Piece, times: number, take: (chunk: Buffer) => void, payload: Measured['payload']): Measured {
  const began = cpuSeconds()
  for (let round = 0; round < times; round += 1) for (const chunk of piece.chunks) take(chunk)
  return { GBps: (piece.bytes * times) / 1e9 / (cpuSeconds() - began), payload }
}

/** Our decoder. */
export function measureOurs(piece: Piece, times: number): Measured {
  const payload = { stdin: 0, stdout: 0, stderr: 0 }
  const decoder = frameDecoder()
  const measured = measure(piece, times, (chunk) => {
    for (const frame of decoder.push(chunk)) payload[frame.stream] += frame.payload.byteLength
  }, payload)
  decoder.end()
  return measured
}

/** The demultiplexer that dockerode and testcontainers use. */
export function measureDockerModem(piece: Piece, times: number): Measured {
  const payload = { stdin: 0, stdout: 0, stderr: 0 }
  const source = new PassThrough()
  const sink = (name: StreamName) => Object.assign(new PassThrough(), { write: (bytes: Uint8Array) => (payload[name] += bytes.byteLength) > 0 })
  new DockerModem({ socketPath: '/nowhere' }).demuxStream(source, sink('stdout'), sink('stderr'))
  // Its listener is called as a socket would call it, without a stream's own work in between.
  return measure(piece, times, (chunk) => void source.emit('data', chunk), payload)
}

/** A multiplexed stream of 1 GiB through our decoder and through docker-modem's. */
export function benchDecoder(): Section {
  const piece = makePiece(pieceBytes)
  const times = Math.ceil(totalBytes / piece.bytes)
  // Both have run warm before anything is measured.
  measureOurs(piece, 2)
  measureDockerModem(piece, 1)
  const ours = measureOurs(piece, times)
  const theirs = measureDockerModem(piece, times)
  const row = (name: string, { GBps }: Measured) => [name, GBps.toFixed(2), `${((piece.frames * times) / 1e6).toFixed(2)} M`, ((piece.bytes * times) / 1e9 / GBps).toFixed(2)]
  const whole = (payload: Measured['payload']) => (['stdin', 'stdout', 'stderr'] as const).every((name) => payload[name] === piece.payload[name] * times)
  return {
    lines: [`${piece.chunks.length * times} chunks, seconds of the processor`, ...columns([['decoder', 'GB/s', 'frames', 's'], row('plimsoll', ours), row('docker-modem', theirs)])],
    missed: [
      ...(whole(ours.payload) ? [] : ['our decoder lost bytes']),
      ...(ours.GBps >= targetGBps ? [] : [`our decoder takes ${ours.GBps.toFixed(2)} GB/s, and ${targetGBps} is the target`]),
      ...(ours.GBps >= theirs.GBps ? [] : ["our decoder is slower than docker-modem's"]),
    ],
  }
}
