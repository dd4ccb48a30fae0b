import { expect, operation } from '../../harness/case/index.ts'
import { decodeFrames, demultiplex, encodeFrame } from '../../harness/wire/frames.ts'

const logs = operation('GET /containers/{id}/logs')

logs.must('answer what a container wrote, framed by stream', { id: 'container-logs-both' }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.exited.id}/logs`, { query: { stdout: 1, stderr: 1 } })
  expect(answer).toAnswer(200)
  const { stdout, stderr } = demultiplex(decodeFrames(answer.body))
  expect(stdout.toString()).toBe('bystander out\n')
  expect(stderr.toString()).toBe('bystander err\n')
})

for (const wanted of ['stdout', 'stderr'] as const) {
  logs.must(`answer only ${wanted} for ${wanted}=1`, { id: `container-logs-${wanted}` }, async ({ api, bystanders }) => {
    const answer = await api.get(`/containers/${bystanders.exited.id}/logs`, { query: { [wanted]: 1 } })
    expect(answer).toAnswer(200)
    const text = wanted === 'stdout' ? 'bystander out\n' : 'bystander err\n'
    expect(answer.body).toEqual(Buffer.from(encodeFrame(wanted, Buffer.from(text))))
  })
}

logs.must('answer a tty as it is, without frames', { id: 'container-logs-tty' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['print', 'raw'], Tty: true })
  const answer = await api.get(`${box.path}/logs`, { query: { stdout: 1, stderr: 1 } })
  expect(answer).toAnswer(200)
  expect(answer.text).toBe('raw\r\n')
})

logs.must('answer the last lines for tail', { id: 'container-logs-tail' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['emit', 'out=one\\n', 'out=two\\n', 'out=three\\n'] })
  const tail = async (value: string | number) => demultiplex(decodeFrames((await api.get(`${box.path}/logs`, { query: { stdout: 1, tail: value } })).body)).stdout.toString()
  expect(await tail('all')).toBe('one\ntwo\nthree\n')
  expect(await tail(2)).toBe('two\nthree\n')
  expect(await tail(1)).toBe('three\n')
  expect(await tail(9)).toBe('one\ntwo\nthree\n')
})

logs.must('put a timestamp before each line for timestamps=1', { id: 'container-logs-timestamps' }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.exited.id}/logs`, { query: { stdout: 1, timestamps: 1 } })
  const line = demultiplex(decodeFrames(answer.body)).stdout.toString()
  expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d) bystander out\n$/)
  const inspected = await api.get(`/containers/${bystanders.exited.id}/json`)
  const written = Date.parse(line.slice(0, line.indexOf(' ')))
  // Whoever stamps the line and whoever watches the process are two: a second between them is no fault.
  expect(written).toBeGreaterThanOrEqual(Date.parse(inspected.textAt('State', 'StartedAt')) - 1_000)
  expect(written).toBeLessThanOrEqual(Date.parse(inspected.textAt('State', 'FinishedAt')) + 1_000)
})

logs.must('answer only what was written since a timestamp', { id: 'container-logs-since', since: '1.19', source: 'change 1.19/03' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['emit', 'out=early\\n', 'sleep=1200', 'out=late\\n'] })
  const read = async (query: object) => demultiplex(decodeFrames((await api.get(`${box.path}/logs`, { query: { stdout: 1, ...query } })).body)).stdout.toString()
  const stamped = (await read({ timestamps: 1 })).split('\n')
  expect(stamped).toHaveLength(3)
  const late = Math.floor(Date.parse(stamped[1]?.split(' ')[0] ?? '') / 1000)
  expect(await read({ since: late })).toBe('late\n')
  expect(await read({ since: late + 60 })).toBe('')
  expect(await read({ since: 0 })).toBe('early\nlate\n')
})

logs.must('refuse a since that is no timestamp', {
  id: 'container-logs-since-no-time', since: '1.19', source: 'change 1.19/03', reality: 'the page names no status for it; all daemons answer 500, Podman 400',
}, async ({ api, bystanders }) => {
  expect(await api.get(`/containers/${bystanders.exited.id}/logs`, { query: { stdout: 1, since: 'bogus' } })).toAnswer(400, 500)
})

logs.must('go on with follow=1 until the container stops', { id: 'container-logs-follow' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['emit', 'out=before\\n', 'line', 'out=after\\n', 'line'], OpenStdin: true })
  const stream = await api.stream('GET', `${box.path}/logs`, { query: { stdout: 1, follow: 1 } })
  expect(stream.status).toBe(200)
  expect(Buffer.from((await stream.nextFrame())?.payload ?? []).toString()).toBe('before\n')
  // What comes now was not there when the request was made.
  const stdin = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1 } })
  await stdin.write('go on\n')
  expect(Buffer.from((await stream.nextFrame())?.payload ?? []).toString()).toBe('after\n')
  await stdin.write('and end\n')
  expect(await stream.allFrames()).toEqual([])
})

logs.must('answer without following by default', { id: 'container-logs-no-follow' }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/logs`, { query: { stdout: 1 }, timeoutMs: 5_000 })
  expect(answer).toAnswer(200)
})

logs.must('add the attributes of the log options for details=1', { id: 'container-logs-details', since: '1.23', source: 'change 1.23/16', needs: ['json-file-logs'] }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['print', 'hello'], Env: ['SHADE=dark'], Labels: { colour: 'blue' }, HostConfig: { LogConfig: { Type: 'json-file', Config: { env: 'SHADE', labels: 'colour' } } } })
  const read = async (query: object) => demultiplex(decodeFrames((await api.get(`${box.path}/logs`, { query: { stdout: 1, ...query } })).body)).stdout.toString()
  expect(await read({})).toBe('hello\n')
  const detailed = await read({ details: 1 })
  expect(detailed).toMatch(/ hello\n$/)
  expect(detailed.split(' ')[0]?.split(',').sort()).toEqual(['SHADE=dark', 'colour=blue'])
})

logs.must('refuse a request that asks for neither stream', { id: 'container-logs-no-stream', reality: 'the page names no status for it; all daemons answer 400' }, async ({ api, bystanders }) => {
  expect(await api.get(`/containers/${bystanders.exited.id}/logs`)).toAnswer(400)
})

logs.must('answer 404 where there is no such container', { id: 'container-logs-unknown', reality: 'Docker 1.7 has sent the head with 200 by then' }, async ({ api, stage }) => {
  expect(await api.get(`/containers/${stage.name()}/logs`, { query: { stdout: 1 } })).toAnswer(404)
})

logs.must('keep a line of any length as it was written', { id: 'container-logs-long-line' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['emit', 'out*7000=0123456789', 'out=\\n', 'out=next\\n'] })
  const { stdout } = demultiplex(decodeFrames((await api.get(`${box.path}/logs`, { query: { stdout: 1 } })).body))
  expect(stdout.toString() === `${'0123456789'.repeat(7000)}\nnext\n`, `the log has ${stdout.byteLength} bytes and is not what was written`).toBe(true)
})
