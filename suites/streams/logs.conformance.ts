import { expect, operation, until } from '../../harness/case/index.ts'
import { decodeFrames, demultiplex, type Frame } from '../../harness/wire/frames.ts'
import { expectBytes, expectNext, logsOf, unlogged } from './bytes.ts'

const logs = operation('GET /containers/{id}/logs')

/** A line with its timestamp: RFC 3339, and a space. How fine its fraction must be, the page does not say. */
const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (.*)$/

/** Parts the timestamps from the lines; a line without one stays whole, and its timestamp is undefined. */
function unstamp(text: string): { stamps: (string | undefined)[]; lines: string[] } {
  const parted = text.replace(/\r?\n$/, '').split(/\r?\n/).map((line) => stamped.exec(line) ?? [line, undefined, line])
  return { stamps: parted.map(([, stamp]) => stamp), lines: parted.map(([, , line]) => line ?? '') }
}

logs.must('answer the last lines of both streams together for tail, none for 0', { id: 'stream-logs-tail-streams' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'out=one\\n', 'line', 'err=two\\n', 'line', 'out=three\\n'], OpenStdin: true })
  const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  // A line is in the log before the next is written.
  for (const line of ['one', 'two']) {
    await until(async () => expect((await api.get(`${box.path}/logs`, { query: { stdout: 1, stderr: 1 } })).text).toContain(line))
    await stdin.write('go on\n')
  }
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  for (const [tail, stdout, stderr] of [[0, '', ''], [1, 'three\n', ''], [2, 'three\n', 'two\n'], [3, 'one\nthree\n', 'two\n'], [1000, 'one\nthree\n', 'two\n']] as const) {
    const seen = await logsOf(api, box, { tail })
    expect({ stdout: seen.stdout.toString(), stderr: seen.stderr.toString() }, `tail=${tail}`).toEqual({ stdout, stderr })
  }
})

logs.must('answer all lines, or refuse, where tail is no number of lines', {
  id: 'stream-logs-tail-nonsense', reality: 'the page names no answer for it; Docker 1.6 to 28.5 answer all lines',
}, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['emit', 'out=one\\n', 'out=two\\n'] })
  for (const tail of ['bogus', '', '1.5', '-1']) {
    const answer = await api.get(`${box.path}/logs`, { query: { stdout: 1, tail } })
    expect(answer, `tail=${tail}`).toAnswer(200, 400)
    if (answer.status === 200) expect(demultiplex(decodeFrames(answer.body)).stdout.toString(), `tail=${tail}`).toBe('one\ntwo\n')
  }
})

logs.must('follow with tail=0 only what is written from then on', { id: 'stream-logs-tail-follow', versions: 'ends' }, async ({ api, stage }) => {
  const numbers = Array.from({ length: 20 }, (_, index) => index + 1)
  const box = await stage.running({ Cmd: ['emit', 'out=old\\n', ...numbers.flatMap((number) => ['line', `out=${number}\\n`]), 'line'], OpenStdin: true })
  await until(async () => expect((await logsOf(api, box)).stdout.toString()).toBe('old\n'))
  // Where there is nothing to send yet, a daemon may keep the head of its answer back too.
  const answered = api.stream('GET', `${box.path}/logs`, { query: { stdout: 1, follow: 1, tail: 0 } })
  answered.catch(() => {})
  const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  // The answer may begin before the daemon looks where the log ends: the first lines may count as old, the last ones can't.
  for (const number of numbers) {
    await stdin.write('next\n')
    await until(async () => expect((await logsOf(api, box, { tail: 1 })).stdout.toString()).toBe(`${number}\n`))
  }
  const followed = await answered
  let seen = ''
  while (!seen.endsWith(`${numbers.length}\n`)) {
    const frame = await followed.nextFrame()
    if (frame === undefined) break
    seen += Buffer.from(frame.payload).toString()
  }
  await stdin.write('end\n')
  expect(await followed.allFrames()).toEqual([])
  const first = Number(seen.split('\n', 1)[0])
  expect(first, `the first line that was followed, of ${JSON.stringify(seen.slice(0, 100))}`).toBeGreaterThanOrEqual(1)
  expectBytes('the lines that were followed', Buffer.from(seen), Buffer.from(numbers.filter((number) => number >= first).map((number) => `${number}\n`).join('')))
})

logs.must('follow a busy process without losing, repeating or moving a line, and end with it', { id: 'stream-logs-follow-busy', versions: 'ends' }, async ({ api, stage }) => {
  const numbers = Array.from({ length: 1500 }, (_, index) => index)
  const expected = (letter: string) => Buffer.from(numbers.map((number) => `${letter}${number}\n`).join(''))
  const box = await stage.running({ Cmd: ['emit', 'out=ready\\n', 'line', ...numbers.flatMap((number) => [`out=o${number}\\n`, `err=e${number}\\n`]), 'line'], OpenStdin: true })
  const followed = await api.stream('GET', `${box.path}/logs`, { query: { stdout: 1, stderr: 1, follow: 1 } })
  await expectNext('the first line', followed, 'ready\n')
  const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  await stdin.write('go\n')
  const frames: Frame[] = []
  for (let size = 0; size < expected('o').byteLength + expected('e').byteLength; ) {
    const frame = await followed.nextFrame()
    if (frame === undefined) break
    frames.push(frame)
    size += frame.payload.byteLength
  }
  // It ends only now: a daemon may stop to follow as soon as the process has ended.
  await stdin.write('end\n')
  expect(await followed.allFrames()).toEqual([])
  const seen = demultiplex(frames)
  const read = await logsOf(api, box)
  for (const [name, letter] of [['stdout', 'o'], ['stderr', 'e']] as const) {
    expectBytes(`${name}, followed`, seen[name], expected(letter))
    expectBytes(`${name}, read afterwards`, read[name], Buffer.concat([Buffer.from(name === 'stdout' ? 'ready\n' : ''), expected(letter)]))
  }
})

logs.must('end where the container is removed while its log is followed', { id: 'stream-logs-follow-removed' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'out=here\\n', 'line'], OpenStdin: true })
  const followed = await api.stream('GET', `${box.path}/logs`, { query: { stdout: 1, follow: 1 } })
  await expectNext('the first frame', followed, 'here\n')
  expect(await api.delete(box.path, { query: { force: 1 } })).toAnswer(204)
  expect(await followed.allFrames()).toEqual([])
  expect(await api.get(`${box.path}/logs`, { query: { stdout: 1 } })).toAnswer(404)
})

logs.must('be empty for a container that has never been started', { id: 'stream-logs-never-started' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['print', 'not yet'] })
  const answer = await api.get(`${box.path}/logs`, { query: { stdout: 1, stderr: 1 } })
  expect(answer).toAnswer(200)
  expectBytes('the log', answer.body, new Uint8Array())
})

logs.must('hold what every run of a container has written', { id: 'stream-logs-two-runs' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['emit', 'out=run\\n', 'err=and end\\n'] })
  expectBytes('the log of one run', (await logsOf(api, box)).stdout, Buffer.from('run\n'))
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  const { stdout, stderr } = await logsOf(api, box)
  expectBytes('stdout of two runs', stdout, Buffer.from('run\nrun\n'))
  expectBytes('stderr of two runs', stderr, Buffer.from('and end\nand end\n'))
})

logs.must('not answer with output that the log driver none has not kept', {
  id: 'stream-logs-driver-none', reality: 'the page names no status for it; daemons answer 200 with a message of their own, 500 or 501',
}, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['emit', 'out=not to be kept\\n'], HostConfig: unlogged })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdout: 1 } })
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  // It was written, and attaching does not depend on the driver.
  expectBytes('the stream', demultiplex(await stream.allFrames()).stdout, Buffer.from('not to be kept\n'))
  const answer = await api.get(`${box.path}/logs`, { query: { stdout: 1 } })
  expect(answer).toAnswer(200, 400, 409, 500, 501)
  expect(answer.text).not.toContain('not to be kept')
})

logs.must('put one timestamp before each line of both streams, in the order of time', { id: 'stream-logs-timestamps-lines' }, async ({ api, stage }) => {
  const numbers = Array.from({ length: 50 }, (_, index) => index)
  const box = await stage.exited({ Cmd: ['emit', ...numbers.flatMap((number) => [`out=o${number}\\n`, `err=e${number}\\n`]), 'out=\\n', 'err=no newline'] })
  const { stdout, stderr } = await logsOf(api, box, { timestamps: 1 })
  for (const [name, text, expected] of [
    ['stdout', stdout.toString(), [...numbers.map((number) => `o${number}`), '']],
    ['stderr', stderr.toString(), [...numbers.map((number) => `e${number}`), 'no newline']],
  ] as const) {
    const { stamps, lines } = unstamp(text)
    expect(lines, `the lines of ${name}`).toEqual(expected)
    expect(stamps, `the timestamps of ${name}`).not.toContain(undefined)
    const times = stamps.map((stamp) => Date.parse(stamp ?? ''))
    expect(times, `the order of the timestamps of ${name}`).toEqual([...times].sort((one, other) => one - other))
  }
})

logs.must('put a timestamp before a long line once', { id: 'stream-logs-timestamps-long-line' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['emit', 'out*5000=0123456789', 'out=\\nnext\\n'] })
  const { stamps, lines } = unstamp((await logsOf(api, box, { timestamps: 1 })).stdout.toString())
  expect(stamps).not.toContain(undefined)
  expectBytes('the lines without their timestamps', Buffer.from(lines.join('\n')), Buffer.from(`${'0123456789'.repeat(5000)}\nnext`))
})

logs.must('keep lines about as long as a piece that a daemon logs, and the last without its newline', { id: 'stream-logs-line-lengths' }, async ({ api, stage }) => {
  const lengths = [16_383, 16_384, 16_385, 32_768, 65_537]
  const steps = lengths.flatMap((length) => [`out*${length}=x`, 'out=\\n'])
  const box = await stage.exited({ Cmd: ['emit', ...steps, 'err*16384=y', 'err=z', `out=end`] })
  const { stdout, stderr } = await logsOf(api, box)
  expectBytes('stdout', stdout, Buffer.from(`${lengths.map((length) => `${'x'.repeat(length)}\n`).join('')}end`))
  expectBytes('stderr', stderr, Buffer.from(`${'y'.repeat(16_384)}z`))
})

logs.must('keep the characters of a long line whole', { id: 'stream-logs-characters' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['emit', 'out=gr\u00fc\u00dfe\\n', 'out*8000=\u20ac', 'out=\\n'] })
  expectBytes('the log', (await logsOf(api, box)).stdout, Buffer.from(`gr\u00fc\u00dfe\n${'\u20ac'.repeat(8000)}\n`))
})

logs.must('answer a terminal raw for tail, timestamps and follow too', { id: 'stream-logs-tty' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'out=one\\n', 'err=two\\n', 'line', 'out=three\\n', 'line'], Tty: true, OpenStdin: true })
  const followed = await api.stream('GET', `${box.path}/logs`, { query: { stdout: 1, follow: 1 } })
  await followed.readUntil((soFar) => soFar.includes('two\r\n'))
  const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  await stdin.write('go\r')
  // The terminal echoes what is typed.
  expectBytes('what is followed then', await followed.readUntil((soFar) => soFar.includes('three\r\n')), Buffer.from('go\r\nthree\r\n'))
  const read = async (query: object) => (await api.get(`${box.path}/logs`, { query: { stdout: 1, stderr: 1, ...query } })).text
  expect(await read({})).toBe('one\r\ntwo\r\ngo\r\nthree\r\n')
  expect(await read({ tail: 2 })).toBe('go\r\nthree\r\n')
  const { stamps, lines } = unstamp(await read({ timestamps: 1 }))
  expect(lines).toEqual(['one', 'two', 'go', 'three'])
  expect(stamps).not.toContain(undefined)
})

logs.must('take since to the fraction of a second, or refuse a fraction', {
  id: 'stream-logs-since-fraction', since: '1.19', source: 'change 1.19/03', reality: 'the page has an integer; Docker up to 1.8 refuses a fraction, later ones take it',
}, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'out=early\\n', 'line', 'out=late\\n'], OpenStdin: true })
  const stampOf = async (index: number) => unstamp((await logsOf(api, box, { timestamps: 1 })).stdout.toString()).stamps[index]
  const early = await until(async () => {
    const stamp = await stampOf(0)
    expect(stamp, 'the timestamp of the first line').toBeDefined()
    return String(stamp)
  })
  const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 }, upgrade: true })
  await stdin.write('go\n')
  expect(await api.post(`${box.path}/wait`)).toAnswer(200)
  const late = String(await stampOf(1))
  // Stamps without a fraction may be the same for both lines.
  for (const [since, expected] of [[early, 'early\nlate\n'], [late, early === late ? 'early\nlate\n' : 'late\n']] as const) {
    const fraction = (/\.(\d+)/.exec(since)?.[1] ?? '').padEnd(9, '0')
    const answer = await api.get(`${box.path}/logs`, { query: { stdout: 1, since: `${Math.floor(Date.parse(since) / 1000)}.${fraction}` } })
    expect(answer).toAnswer(200, 400, 500)
    if (answer.status === 200) expect(demultiplex(decodeFrames(answer.body)).stdout.toString(), `since the timestamp ${since}`).toBe(expected)
  }
})
