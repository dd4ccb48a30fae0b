import { expect, operation } from '../../harness/case/index.ts'
import { demultiplex, type Frame } from '../../harness/wire/frames.ts'
import { emitted, expectBytes, expectNext, handshakes, logsOf, readPattern, unlogged } from './bytes.ts'

const attach = operation('POST /containers/{id}/attach')
const execStart = operation('POST /exec/{id}/start')
const attached = { Detach: false, Tty: false }
const mebibyte = 1024 * 1024

/** Writes of one byte, of a page's and a pipe's size and far above, on both streams, of all byte values, without a newline at the end. */
const writes = ['outfill=256', 'errfill=256', 'outsize=64:1', 'errsize=64:1', 'out=', 'err=', 'outsize=3:16384', 'errsize=2:16385', `outsize=1:${mebibyte}`, `errsize=1:${mebibyte}`, 'out=end', 'err=end']

const selections = [{ stdout: 1 }, { stderr: 1 }, { stdout: 1, stderr: 1 }, { stdin: 1, stdout: 1, stderr: 1 }]

attach.must('give each client the streams that it asks for, framed, on every kind of connection', { id: 'stream-framing-selection' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'out=one\\n', 'err=two\\n', 'out=three', 'err=four'] })
  const combinations = selections.flatMap((selection) => handshakes.map(({ upgrade }) => ({ selection, upgrade })))
  const clients = await Promise.all(
    combinations.map(async (combination) => ({
      ...combination, stream: await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, ...combination.selection }, upgrade: combination.upgrade }),
    })),
  )
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  const expected = (selection: object) => ({ stdout: 'stdout' in selection ? 'one\nthree' : '', stderr: 'stderr' in selection ? 'two\nfour' : '' })
  for (const { selection, upgrade, stream } of clients) {
    const what = `${JSON.stringify(selection)}, ${upgrade ? 'upgraded' : 'not upgraded'}`
    expect(stream.status, what).toBe(upgrade ? 101 : 200)
    const { stdout, stderr } = demultiplex(await stream.allFrames())
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }, `the stream of ${what}`).toEqual(expected(selection))
  }
  // The same again as it was logged.
  for (const { selection, upgrade } of combinations) {
    const replay = await api.hijack('POST', `${box.path}/attach`, { query: { logs: 1, ...selection }, upgrade })
    const { stdout, stderr } = demultiplex(await replay.allFrames())
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }, `the log for ${JSON.stringify(selection)}, ${upgrade ? 'upgraded' : 'not upgraded'}`).toEqual(expected(selection))
  }
})

attach.must('carry what a terminal makes of the output, in one raw stream, on every kind of connection', { id: 'stream-framing-tty-selection' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'out=one\\n', 'err=two\\n', 'out=three', 'err=four'], Tty: true })
  const combinations = selections.filter((selection) => 'stdout' in selection).flatMap((selection) => handshakes.map(({ upgrade }) => ({ selection, upgrade })))
  const clients = await Promise.all(
    combinations.map(async (combination) => ({
      ...combination, stream: await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, ...combination.selection }, upgrade: combination.upgrade }),
    })),
  )
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  for (const { selection, upgrade, stream } of clients) {
    expect((await stream.readAll()).toString(), `the stream of ${JSON.stringify(selection)}, ${upgrade ? 'upgraded' : 'not upgraded'}`).toBe('one\r\ntwo\r\nthreefour')
  }
  for (const { selection, upgrade } of combinations) {
    const replay = await api.hijack('POST', `${box.path}/attach`, { query: { logs: 1, ...selection }, upgrade })
    expect((await replay.readAll()).toString(), `the log for ${JSON.stringify(selection)}, ${upgrade ? 'upgraded' : 'not upgraded'}`).toBe('one\r\ntwo\r\nthreefour')
  }
})

attach.must('carry writes of every size and all byte values, none lost, added or moved', { id: 'stream-framing-sizes-attach' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', ...writes], HostConfig: unlogged })
  const clients = await Promise.all(handshakes.map(({ upgrade }) => api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1, stderr: 1 }, upgrade })))
  for (const [index, { status }] of clients.entries()) expect(status).toBe(handshakes[index]?.upgrade ? 101 : 200)
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  const outputs = await Promise.all(clients.map(async (client) => demultiplex(await client.allFrames())))
  const { stdout, stderr } = emitted(writes)
  for (const [index, output] of outputs.entries()) {
    const how = handshakes[index]?.upgrade ? 'upgraded' : 'not upgraded'
    expectBytes(`stdout, ${how}`, output.stdout, stdout)
    expectBytes(`stderr, ${how}`, output.stderr, stderr)
    expectBytes(`stdin, which never comes back, ${how}`, output.stdin, new Uint8Array())
  }
})

execStart.must('carry writes of every size and all byte values, none lost, added or moved', { id: 'stream-framing-sizes-exec' }, async ({ api, stage, bystanders }) => {
  const { stdout, stderr } = emitted(writes)
  for (const { upgrade } of handshakes) {
    const exec = await stage.exec(bystanders.running, { Cmd: ['emit', ...writes], AttachStdout: true, AttachStderr: true })
    const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade })
    const output = demultiplex(await stream.allFrames())
    const how = upgrade ? 'upgraded' : 'not upgraded'
    expectBytes(`stdout, ${how}`, output.stdout, stdout)
    expectBytes(`stderr, ${how}`, output.stderr, stderr)
  }
})

/** All byte values as a terminal in its default mode writes them: a carriage return before each newline. */
const throughTerminal = Buffer.concat([Buffer.from(Uint8Array.from({ length: 10 }, (_, index) => index)), Buffer.from('\r\n'), Buffer.from(Uint8Array.from({ length: 245 }, (_, index) => index + 11))])

attach.must('carry all byte values of a terminal, where only newlines are translated, and by the terminal', { id: 'stream-framing-tty-bytes-attach', needs: ['linux'] }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'outfill=256', 'errfill=256'], Tty: true, HostConfig: unlogged })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1, stderr: 1 }, upgrade: true })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expectBytes('the terminal', await stream.readAll(), Buffer.concat([throughTerminal, throughTerminal]))
})

execStart.must('carry all byte values of a terminal, where only newlines are translated, and by the terminal', { id: 'stream-framing-tty-bytes-exec', needs: ['linux'] }, async ({ api, stage, bystanders }) => {
  for (const { upgrade } of handshakes) {
    const exec = await stage.exec(bystanders.running, { Cmd: ['emit', 'outfill=256', 'errfill=256'], AttachStdout: true, AttachStderr: true, Tty: true })
    const stream = await api.hijack('POST', `${exec.path}/start`, { body: { Detach: false, Tty: true }, upgrade })
    expectBytes(`the terminal, ${upgrade ? 'upgraded' : 'not upgraded'}`, await stream.readAll(), Buffer.concat([throughTerminal, throughTerminal]))
  }
})

execStart.must('give the streams that the instance asked for, framed unless it has a terminal, on every kind of connection', { id: 'stream-framing-selection-exec' }, async ({ api, stage, bystanders }) => {
  const asked = [{ AttachStdout: true, AttachStderr: false }, { AttachStdout: false, AttachStderr: true }, { AttachStdout: true, AttachStderr: true }]
  await Promise.all(
    asked.flatMap((selection) =>
      handshakes.map(async ({ upgrade }) => {
        const exec = await stage.exec(bystanders.running, { Cmd: ['emit', 'out=one\\n', 'err=two\\n', 'out=three', 'err=four'], ...selection })
        const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached, upgrade })
        const { stdout, stderr } = demultiplex(await stream.allFrames())
        expect({ stdout: stdout.toString(), stderr: stderr.toString() }, `${JSON.stringify(selection)}, ${upgrade ? 'upgraded' : 'not upgraded'}`).toEqual({
          stdout: selection.AttachStdout ? 'one\nthree' : '', stderr: selection.AttachStderr ? 'two\nfour' : '',
        })
      }),
    ),
  )
})

attach.must('keep the order of two streams that are written in turns', { id: 'stream-framing-turns' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'line', 'out=1', 'line', 'err=2', 'line', 'out=3\\n', 'line', 'err=4\\n', 'line', 'err=5'], OpenStdin: true, StdinOnce: true, AttachStdin: true })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1, stdout: 1, stderr: 1 }, upgrade: true })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  // Each turn is seen before the next is asked for: no two writes are ever under way together.
  for (const [name, text] of [['stdout', '1'], ['stderr', '2'], ['stdout', '3\n'], ['stderr', '4\n'], ['stderr', '5']] as const) {
    await stream.write('next\n')
    await expectNext(`the turn that writes ${JSON.stringify(text)}`, stream, text, name)
  }
  expect(await stream.allFrames()).toEqual([])
})

attach.must('keep each of two streams whole and in order that are written at once, and log them so', { id: 'stream-framing-alternating' }, async ({ api, stage }) => {
  const numbers = Array.from({ length: 250 }, (_, index) => index)
  const box = await stage.container({ Cmd: ['emit', ...numbers.flatMap((number) => [`out=o${number}\\n`, `err=e${number}\\n`])] })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1, stderr: 1 } })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  const seen = demultiplex(await stream.allFrames())
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  const logged = await logsOf(api, box)
  for (const [name, letter] of [['stdout', 'o'], ['stderr', 'e']] as const) {
    const expected = Buffer.from(numbers.map((number) => `${letter}${number}\n`).join(''))
    expectBytes(`${name} as it was attached to`, seen[name], expected)
    expectBytes(`${name} as it was logged`, logged[name], expected)
  }
})

attach.must('carry 100 MiB without a byte lost, added or changed', { id: 'stream-framing-large-attach', versions: 'ends' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', `outfill=${100 * mebibyte}`], HostConfig: unlogged })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1, stderr: 1 }, upgrade: true })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expect(await readPattern(stream, 'stdout')).toBe(100 * mebibyte)
})

execStart.must('carry 100 MiB without a byte lost, added or changed', { id: 'stream-framing-large-exec', versions: 'ends' }, async ({ api, stage, bystanders }) => {
  const exec = await stage.exec(bystanders.running, { Cmd: ['emit', `errfill=${100 * mebibyte}`], AttachStdout: true, AttachStderr: true })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached })
  expect(await readPattern(stream, 'stderr')).toBe(100 * mebibyte)
})

attach.must('end on the boundary of a frame, and close, where the container is killed while it writes', { id: 'stream-framing-killed-attach', versions: 'ends' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'outfill=1000000000000'], HostConfig: unlogged })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1, stderr: 1 }, upgrade: true })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  const before = await readPattern(stream, 'stdout', 0, (total) => total >= 2 * mebibyte)
  const [killed, total] = await Promise.all([api.post(`${box.path}/kill`), readPattern(stream, 'stdout', before)])
  expect(killed).toAnswer(204)
  expect(total).toBeGreaterThanOrEqual(before)
})

execStart.must('end on the boundary of a frame, and close, where the container is killed while the command writes', { id: 'stream-framing-killed-exec', versions: 'ends' }, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['emit', 'outfill=1000000000000'], AttachStdout: true, AttachStderr: true })
  const stream = await api.hijack('POST', `${exec.path}/start`, { body: attached })
  const before = await readPattern(stream, 'stdout', 0, (total) => total >= 2 * mebibyte)
  const [killed, total] = await Promise.all([api.post(`${box.path}/kill`), readPattern(stream, 'stdout', before)])
  expect(killed).toAnswer(204)
  expect(total).toBeGreaterThanOrEqual(before)
})

const logs = operation('GET /containers/{id}/logs')

logs.must('end on the boundary of a frame, and close, where the container is killed while its log is followed', { id: 'stream-framing-killed-logs', versions: 'ends' }, async ({ api, stage }) => {
  // Nothing holds up what is logged: with their headers all lines are fewer bytes than are read of a stream, however late the kill is.
  const box = await stage.running({ Cmd: ['emit', 'out*300000=0123456789012345678901234567890123456789\\n', 'line'], OpenStdin: true })
  const stream = await api.stream('GET', `${box.path}/logs`, { query: { stdout: 1, stderr: 1, follow: 1 } })
  const frames: Frame[] = []
  for (let size = 0; size < 64 * 1024; ) {
    const frame = await stream.nextFrame()
    expect(frame, 'the log ended while the container was writing').toBeDefined()
    if (frame === undefined) return
    frames.push(frame)
    size += frame.payload.byteLength
  }
  const [killed, rest] = await Promise.all([api.post(`${box.path}/kill`), stream.allFrames()])
  expect(killed).toAnswer(204)
  const { stdout, stderr } = demultiplex([...frames, ...rest])
  expectBytes('stdout', stdout, Buffer.alloc(stdout.byteLength, `${'0123456789'.repeat(4)}\n`))
  expectBytes('stderr', stderr, new Uint8Array())
})
