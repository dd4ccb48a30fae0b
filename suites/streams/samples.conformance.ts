import { expect, operation } from '../../harness/case/index.ts'
import { jsonStreamDecoder } from '../../harness/wire/json-stream.ts'
import { readTar } from '../../harness/wire/tar.ts'

const stats = operation('GET /containers/{id}/stats')

/** The objects of a JSON stream that has ended. @throws JsonStreamError where it is none, or ends in the middle of one */
function decodeWhole(body: Uint8Array): unknown[] {
  const decoder = jsonStreamDecoder()
  const values = decoder.push(body)
  decoder.end()
  return values
}

/** What the cases read of a sample. */
type Sample = {
  readonly read?: string
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number }; readonly system_cpu_usage?: number }
  readonly precpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number }; readonly system_cpu_usage?: number }
  readonly networks?: Readonly<Record<string, unknown>>
  readonly pids_stats?: { readonly current?: number }
}

stats.must('answer one JSON object per sample, each with the processor time of the sample before', {
  id: 'stream-samples-precpu', since: '1.19',
  reality: 'the page has a Content-Type of application/json; Docker 1.7 to 20.10 send none with more than one sample',
}, async ({ api, stage }) => {
  const box = await stage.running()
  const stream = await api.stream('GET', `${box.path}/stats`)
  expect(stream.status).toBe(200)
  expect(stream.header('Content-Type') ?? 'application/json').toBe('application/json')
  const next = async () => {
    const sample = await stream.nextValue()
    expect(sample, 'the sample').toBeTypeOf('object')
    return sample as Sample
  }
  let before = await next()
  // Work, or nothing would tell one sample from the next.
  const idle = before.cpu_stats?.cpu_usage?.total_usage ?? Infinity
  await stage.run(box, 'cpu', '100')
  for (let index = 2; ; index += 1) {
    const sample = await next()
    expect(Date.parse(sample.read ?? ''), `read of sample ${index}`).toBeGreaterThan(Date.parse(before.read ?? ''))
    expect(sample.precpu_stats?.cpu_usage?.total_usage, `the usage before sample ${index}`).toBe(before.cpu_stats?.cpu_usage?.total_usage)
    expect(sample.precpu_stats?.system_cpu_usage, `the system's usage before sample ${index}`).toBe(before.cpu_stats?.system_cpu_usage)
    if ((before.cpu_stats?.cpu_usage?.total_usage ?? 0) > idle) return
    expect(index, 'the samples without a trace of the work').toBeLessThan(8)
    before = sample
  }
})

stats.must('end after one object where stream=0 is asked for, on a connection of HTTP/1.0 too', { id: 'stream-samples-once', since: '1.19', source: 'change 1.19/02' }, async ({ api, bystanders }) => {
  for (const httpVersion of ['1.0', '1.1'] as const) {
    const connection = await api.connection()
    const answer = await connection.request('GET', `/containers/${bystanders.running.id}/stats`, { query: { stream: 0 }, httpVersion })
    expect(answer).toAnswer(200)
    expect(decodeWhole(answer.body), `the objects for HTTP/${httpVersion}`).toEqual([expect.objectContaining({ cpu_stats: expect.any(Object) })])
  }
})

stats.must('answer the traffic of each of two networks by the name of its interface', {
  id: 'stream-samples-networks', since: '1.21', source: 'change 1.21/08', needs: ['linux', 'bridge-network'],
}, async ({ api, stage }) => {
  const box = await stage.running({ NetworkDisabled: false, HostConfig: { NetworkMode: (await stage.network()).name } })
  const sample = async () => (await (await api.stream('GET', `${box.path}/stats`, { query: { stream: 0 } })).nextValue()) as Sample | undefined
  expect(Object.keys((await sample())?.networks ?? {})).toEqual(['eth0'])
  expect(await api.post(`/networks/${(await stage.network()).id}/connect`, { body: { Container: box.id } })).toAnswer(200)
  const both = (await sample())?.networks ?? {}
  expect(Object.keys(both).sort()).toEqual(['eth0', 'eth1'])
  for (const traffic of Object.values(both)) {
    expect(traffic).toMatchObject(Object.fromEntries(['rx_bytes', 'rx_packets', 'rx_errors', 'rx_dropped', 'tx_bytes', 'tx_packets', 'tx_errors', 'tx_dropped'].map((name) => [name, expect.any(Number)])))
  }
})

stats.must('count each process of a container', { id: 'stream-samples-pids', since: '1.23', source: 'change 1.23/10', needs: ['pids-limit'] }, async ({ api, stage }) => {
  const box = await stage.running()
  const count = async () => ((await (await api.stream('GET', `${box.path}/stats`, { query: { stream: 0 } })).nextValue()) as Sample | undefined)?.pids_stats?.current
  expect(await count()).toBe(1)
  for (let index = 0; index < 3; index += 1) {
    const exec = await stage.exec(box, { Cmd: ['hold'] })
    expect(await api.post(`${exec.path}/start`, { body: { Detach: true, Tty: false } })).toAnswer(200)
  }
  expect(await count()).toBe(4)
})

operation('GET /events').must('answer events as JSON objects one after the other, whole at the end, to clients of HTTP/1.0 and HTTP/1.1 alike', { id: 'stream-samples-events' }, async ({ api, stage, daemon }) => {
  const since = Math.floor((await daemon.now()) / 1000)
  const box = await stage.exited({ Cmd: ['exit', '3'] })
  const filters = { container: [box.id] }
  const eventsOf = async (httpVersion: '1.0' | '1.1') => {
    const connection = await api.connection()
    const answer = await connection.request('GET', '/events', { query: { since, until: Math.ceil((await daemon.now()) / 1000), filters }, httpVersion })
    expect(answer).toAnswer(200)
    expect(answer.header('Content-Type')).toBe('application/json')
    return decodeWhole(answer.body)
  }
  const events = await eventsOf('1.1')
  expect(events.map((event) => (event as { status?: unknown }).status)).toEqual(expect.arrayContaining(['create', 'start', 'die']))
  expect(await eventsOf('1.0')).toEqual(events)
})

const exporting = operation('GET /containers/{id}/export')

exporting.must('answer as application/octet-stream', { id: 'stream-samples-export-type' }, async ({ api, bystanders }) => {
  const stream = await api.stream('GET', `/containers/${bystanders.exited.id}/export`)
  expect(stream.status).toBe(200)
  expect(stream.header('Content-Type')).toBe('application/octet-stream')
})

exporting.must('be ready to export again where a client goes away in the middle of it', { id: 'stream-samples-export-left' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['sh', '-c', 'write /written "by the guest"; truncate 8388608 /large'] })
  for (let index = 0; index < 3; index += 1) {
    const leaving = await api.stream('GET', `${box.path}/export`)
    expect(leaving.status).toBe(200)
    expect((await leaving.read())?.byteLength).toBeGreaterThan(0)
    leaving.close()
  }
  const whole = await api.get(`${box.path}/export`)
  expect(whole).toAnswer(200)
  expect((await readTar(whole.body)).map(({ name }) => name)).toContain('written')
  expect(await api.delete(box.path)).toAnswer(204)
})
