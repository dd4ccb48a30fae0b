import { expect, operation } from '../../harness/case/index.ts'
import { demultiplex } from '../../harness/wire/frames.ts'
import { emitted, expectBytes, readPattern, unlogged } from './bytes.ts'

const attach = operation('POST /containers/{id}/attach')
const output = { stream: 1, stdout: 1, stderr: 1 }
const mebibyte = 1024 * 1024

attach.must('give ten clients that attach before the start the same bytes, from the first on', { id: 'stream-sharing-ten' }, async ({ api, stage }) => {
  const steps = ['out=first', 'outsize=20:1', 'errfill=4096', `outfill=${mebibyte / 2}`, 'errsize=3:16384', 'err=last']
  const box = await stage.container({ Cmd: ['emit', ...steps], HostConfig: unlogged })
  const clients = await Promise.all(Array.from({ length: 10 }, (_, index) => api.hijack('POST', `${box.path}/attach`, { query: output, upgrade: index % 2 === 0 })))
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  const expected = emitted(steps)
  const seen = await Promise.all(clients.map(async (client) => demultiplex(await client.allFrames())))
  for (const [index, { stdout, stderr }] of seen.entries()) {
    expectBytes(`stdout of client ${index + 1}`, stdout, expected.stdout)
    expectBytes(`stderr of client ${index + 1}`, stderr, expected.stderr)
  }
})

attach.must('give a client everything while another reads nothing and goes away', { id: 'stream-sharing-reads-nothing' }, async ({ api, stage }) => {
  const size = 16 * mebibyte
  const box = await stage.container({ Cmd: ['emit', `outfill=${size}`], HostConfig: unlogged })
  const idle = await api.hijack('POST', `${box.path}/attach`, { query: output })
  const reading = await api.hijack('POST', `${box.path}/attach`, { query: output, upgrade: true })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  // How far the reader comes beside the other is the daemon's affair; once that one is gone, nothing may hold it up.
  const before = await readPattern(reading, 'stdout', 0, (total) => total >= mebibyte)
  idle.close()
  expect(await readPattern(reading, 'stdout', before)).toBe(size)
})

attach.must('give a client that attaches to a running container what is written from then on', { id: 'stream-sharing-late' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'out=before\\n', 'line', 'out=after\\n'], OpenStdin: true })
  const early = await api.hijack('POST', `${box.path}/attach`, { query: { ...output, stdin: 1 }, upgrade: true })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expectBytes('the early client, at first', (await early.nextFrame())?.payload ?? new Uint8Array(), Buffer.from('before\n'))
  const late = await api.hijack('POST', `${box.path}/attach`, { query: output, upgrade: true })
  await early.write('go\n')
  expectBytes('the late client', demultiplex(await late.allFrames()).stdout, Buffer.from('after\n'))
  expectBytes('the early client, then', demultiplex(await early.allFrames()).stdout, Buffer.from('after\n'))
})

attach.must('lose nothing where the replay of logs=1 goes over into the stream of a process that keeps writing', {
  id: 'stream-sharing-seam', source: 'operation',
  reality: 'the page of 1.25 calls the transition seamless; Docker listens first and reads the log then, and now and then repeats what is written between',
}, async ({ api, stage }) => {
  const count = 3000
  const lines = Array.from({ length: count }, (_, index) => [`out=${index}\\n`, ...(index % 100 === 0 ? ['sleep=4'] : [])]).flat()
  const box = await stage.running({ Cmd: ['emit', 'line', ...lines], OpenStdin: true })
  const starter = await api.hijack('POST', `${box.path}/attach`, { query: { ...output, stdin: 1 }, upgrade: true })
  await starter.write('go\n')
  // One client after the other, in the middle of the writing: each attaches once the one before has its first frame.
  const clients = [starter]
  for (let index = 0; index < 4; index += 1) {
    await clients.at(-1)?.nextFrame()
    clients.push(await api.hijack('POST', `${box.path}/attach`, { query: { ...output, logs: 1 }, upgrade: true }))
  }
  const last = demultiplex(await (clients.at(-1) ?? starter).allFrames()).stdout.toString()
  const seen = last.split('\n').slice(0, -1).map(Number)
  // From the log 0 up to some number, from the stream on from there, or from a little before it.
  const seam = seen.findIndex((number, index) => number !== index)
  const [replayed, streamed] = seam === -1 ? [seen, []] : [seen.slice(0, seam), seen.slice(seam)]
  expect(streamed[0] ?? 0, 'the first line of the stream, after the last of the log').toBeLessThanOrEqual(replayed.length)
  expectBytes('the stream', Buffer.from(streamed.join('\n')), Buffer.from(streamed.map((_, index) => index + (streamed[0] ?? 0)).join('\n')))
  expect(seen.at(-1), 'the last line').toBe(count - 1)
})
