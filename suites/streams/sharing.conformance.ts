import { expect, operation, until } from '../../harness/case/index.ts'
import { demultiplex } from '../../harness/wire/frames.ts'
import { emitted, expectBytes, expectNext, logsOf, readPattern, unlogged } from './bytes.ts'

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

attach.must('give a client everything while another reads nothing and goes away', { id: 'stream-sharing-reads-nothing', versions: 'ends' }, async ({ api, stage }) => {
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
  await expectNext('the early client, at first', early, 'before\n')
  const late = await api.hijack('POST', `${box.path}/attach`, { query: output, upgrade: true })
  await early.write('go\n')
  expectBytes('the late client', demultiplex(await late.allFrames()).stdout, Buffer.from('after\n'))
  expectBytes('the early client, then', demultiplex(await early.allFrames()).stdout, Buffer.from('after\n'))
})

attach.must('go over from the replay of logs=1 into the stream without a byte lost or repeated', {
  id: 'stream-sharing-seam',
  reality: 'only while the process is silent at the seam: Docker reads the log beside the stream, and loses or repeats what is written at that moment',
}, async ({ api, stage }) => {
  const turns = [1, 2, 3, 4]
  const box = await stage.running({ Cmd: ['emit', 'out=0\\n', ...turns.flatMap((turn) => ['line', `out=${turn}\\n`, `err=${turn}\\n`])], OpenStdin: true })
  const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  const clients = []
  for (const turn of turns) {
    // What was written is in the log: the next client finds a silent seam there, each at another place.
    await until(async () => expect((await logsOf(api, box)).stderr.toString()).toBe(turns.filter((before) => before < turn).map((before) => `${before}\n`).join('')))
    await until(async () => expect((await logsOf(api, box)).stdout.toString()).toContain(`${turn - 1}\n`))
    const client = await api.hijack('POST', `${box.path}/attach`, { query: { ...output, logs: 1 }, upgrade: turn % 2 === 0 })
    clients.push(client)
    await expectNext(`what client ${turn} gets first`, client, '0\n')
    await stdin.write('next\n')
  }
  for (const [index, client] of clients.entries()) {
    const { stdout, stderr } = demultiplex(await client.allFrames())
    expectBytes(`stdout of client ${index + 1}`, stdout, Buffer.from('1\n2\n3\n4\n'))
    expectBytes(`stderr of client ${index + 1}`, stderr, Buffer.from('1\n2\n3\n4\n'))
  }
})
