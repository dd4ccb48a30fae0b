import { expect, NotApplicable, operation, until, type Api, type ApiAnswer, type Query } from '../../harness/case/index.ts'
import { decodeFrames, demultiplex } from '../../harness/wire/frames.ts'
import { expectNext } from '../streams/bytes.ts'
import { endedTasks, none, runningTask, stagedServices, type Service } from './services.ts'

const logs = operation('GET /services/{id}/logs')

/** A service that wrote to both streams, and has ended. */
async function written(fixtures: Parameters<typeof stagedServices>[0]): Promise<Service> {
  const services = await stagedServices(fixtures)
  const Command = ['emit', 'out=one\\n', 'sleep=50', 'err=two\\n', 'sleep=1200', 'out=three\\n']
  const service = await services.service({ container: { Command }, task: { RestartPolicy: { Condition: 'none' }, LogDriver: { Name: 'json-file' } } })
  await endedTasks(fixtures.api, service, 1, 'complete')
  return service
}

/**
 * The streams of an answer.
 * @throws NotApplicable where the daemon has no such operation: Docker 1.13 has it among its experimental features only
 */
function streamsOf(answer: ApiAnswer): { readonly stdout: string; readonly stderr: string } {
  if (answer.status === 404 && answer.text.trim() === 'page not found') throw new NotApplicable('the daemon has no such path: it is experimental at this version')
  expect(answer).toAnswer(200)
  const { stdout, stderr } = demultiplex(decodeFrames(answer.body))
  return { stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') }
}

/** What is in the logs of a service. */
async function read(api: Api, service: Service, query: Query): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return streamsOf(await api.get(`${service.path}/logs`, { query }))
}

logs.must('answer what the tasks of a service wrote to stdout and stderr, the last lines for tail, and what came since a time', { id: 'service-logs', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const service = await written(fixtures)
  await until(async () => expect(await read(api, service, { stdout: 1, stderr: 1 })).toEqual({ stdout: 'one\nthree\n', stderr: 'two\n' }))
  expect(await read(api, service, { stdout: 1 })).toEqual({ stdout: 'one\nthree\n', stderr: '' })
  expect(await read(api, service, { stderr: 1 })).toEqual({ stdout: '', stderr: 'two\n' })
  expect(await read(api, service, { stdout: 1, stderr: 1, tail: 1 })).toEqual({ stdout: 'three\n', stderr: '' })
  expect(await read(api, service, { stdout: 1, stderr: 1, tail: 'all' })).toEqual({ stdout: 'one\nthree\n', stderr: 'two\n' })

  const stamped = (await read(api, service, { stdout: 1, timestamps: 1 })).stdout.split('\n')
  expect(stamped).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z one$/), expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z three$/), ''])
  const late = Math.floor(Date.parse(stamped[1]?.split(' ')[0] ?? '') / 1000)
  expect((await read(api, service, { stdout: 1, since: late })).stdout).toBe('three\n')
  expect((await read(api, service, { stdout: 1, since: late + 60 })).stdout).toBe('')
})

logs.must('put extra details before each line with details', { id: 'service-logs-details', inSwarm: true }, async (fixtures) => {
  const { api } = fixtures
  const service = await written(fixtures)
  const [task] = await endedTasks(api, service, 1, 'complete')
  const { stdout } = await read(api, service, { stdout: 1, details: 1, tail: 1 })
  // Which details there are, the page does not say: every daemon tells of the task.
  expect(stdout).toMatch(/^\S+ three\n$/)
  expect(stdout).toContain(task?.textAt('ID'))
})

logs.must('go on with what a service writes for follow', { id: 'service-logs-follow', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  // Process 1 that does not handle it leaves a signal to end it alone.
  const container = { Command: ['sh', '-c', 'mkfifo /tmp/gate; print early; cat /tmp/gate; hold'], StopGracePeriod: 1_000_000 }
  const service = await services.service({ container, task: { LogDriver: { Name: 'json-file' } } })
  const box = await runningTask(api, service)
  await until(async () => expect((await read(api, service, { stdout: 1 })).stdout).toBe('early\n'))
  const followed = await api.stream('GET', `${service.path}/logs`, { query: { stdout: 1, follow: 1 } })
  await expectNext('what was written before', followed, 'early\n')
  expect((await stage.run(box, 'write', '/tmp/gate', 'late\n')).exitCode).toBe(0)
  await expectNext('what is written afterwards', followed, 'late\n')
})

logs.must('answer 404 where there is no such service', { id: 'service-logs-unknown', inSwarm: true }, async (fixtures) => {
  const { api, stage } = fixtures
  const services = await stagedServices(fixtures)
  // Shows that the daemon has the operation: where it has not, everything is 404.
  await read(api, await services.service(none), { stdout: 1 })
  expect(await api.get(`/services/${stage.name('nothing')}/logs`, { query: { stdout: 1 } })).toAnswer(404)
})
