import { expect, operation, until } from '../../harness/case/index.ts'
import { hasSaid, writtenBy } from './lifecycle.ts'

const create = operation('POST /containers/create')

create.must('run Cmd as the process of the container', { id: 'container-create-cmd-runs' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['args', 'one', 'two words', ''] })).stdout).toBe('one\ntwo words\n\n')
})

create.must('take Cmd as a string, for a single word', { id: 'container-create-cmd-string' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: 'pwd' })).stdout).toBe('/\n')
})

create.must('run the image’s own command where Cmd is left out', { id: 'container-create-cmd-default' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: undefined })
  expect((await api.get(`${box.path}/json`)).at('Config', 'Cmd')).toEqual(['hold'])
})

create.must('run Entrypoint with Cmd as its arguments', { id: 'container-create-entrypoint-runs' }, async ({ stage }) => {
  expect((await stage.output({ Entrypoint: ['args', 'first'], Cmd: ['second'] })).stdout).toBe('first\nsecond\n')
})

create.must('take Entrypoint as a string, for a single word', { id: 'container-create-entrypoint-string' }, async ({ stage }) => {
  expect((await stage.output({ Entrypoint: 'args', Cmd: ['one'] })).stdout).toBe('one\n')
})

create.must('give the process the variables of Env', { id: 'container-create-env-seen' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['env'], Env: ['FLAVOUR=salt and pepper', 'EMPTY='] })
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['FLAVOUR=salt and pepper', 'EMPTY=', 'PATH=/bin']))
})

create.must('run the process in WorkingDir', { id: 'container-create-working-dir-seen' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['pwd'], WorkingDir: '/data/sub' })).stdout).toBe('/data/sub\n')
})

create.must('run the process as User, by number', { id: 'container-create-user-number' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['id'], User: '1234:2345' })).stdout).toMatch(/^uid=1234 gid=2345 /)
})

create.must('run the process as User, by name of the image’s own passwd', { id: 'container-create-user-name' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['id'], User: 'guest' })).stdout).toMatch(/^uid=1000 gid=1000 /)
})

create.must('give the container Hostname', { id: 'container-create-hostname-seen' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['hostname'], Hostname: 'plimsoll-host' })).stdout).toBe('plimsoll-host\n')
})

create.must('name a container’s host by its short id where Hostname is left out', { id: 'container-create-hostname-default' }, async ({ stage }) => {
  const { box, stdout } = await stage.output({ Cmd: ['hostname'] })
  expect(stdout).toBe(`${box.id.slice(0, 12)}\n`)
})

create.must('give the container Domainname', { id: 'container-create-domainname-seen' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['domainname'], Hostname: 'plimsoll-host', Domainname: 'plimsoll.test' })).stdout).toBe('plimsoll.test\n')
})

create.must('name the host Hostname.Domainname where both are given', {
  id: 'container-create-hostname-with-domain', removedIn: '1.23', source: 'change 1.23/14',
}, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['hostname'], Hostname: 'plimsoll-host', Domainname: 'plimsoll.test' })).stdout).toBe('plimsoll-host.plimsoll.test\n')
})

create.must('name the host Hostname alone where Domainname is given too', { id: 'container-create-hostname-without-domain', since: '1.23', source: 'change 1.23/14' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['hostname'], Hostname: 'plimsoll-host', Domainname: 'plimsoll.test' })).stdout).toBe('plimsoll-host\n')
})

create.must('take a Hostname of 63 letters, the longest label of RFC 1123', {
  id: 'container-create-hostname-longest', since: '1.24', source: 'change 1.24/21',
  reality: 'the change says that names are validated; Docker dropped that within 1.12, and 1.12.6, 1.13 and 20.10 all take "_bad_-": only what is valid can be held against a daemon',
}, async ({ stage }) => {
  const longest = 'h'.repeat(63)
  expect((await stage.output({ Cmd: ['hostname'], Hostname: longest })).stdout).toBe(`${longest}\n`)
})

create.must('give the process a terminal with Tty', { id: 'container-create-tty-seen' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['tty'], Tty: true })
  const logs = await api.get(`${box.path}/logs`, { query: { stdout: 1 } })
  expect(logs.text).toMatch(/^stdin=tty stdout=tty stderr=tty /)
})

create.must('give the process no terminal without Tty', { id: 'container-create-tty-absent' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['tty'] })).stdout).toMatch(/^stdin=other stdout=other stderr=other /)
})

create.must('keep stdin open with OpenStdin, so that an attached client is heard', { id: 'container-create-open-stdin-heard' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['cat'], OpenStdin: true })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1, stdout: 1 } })
  await stream.write('heard\n')
  expect(Buffer.from((await stream.nextFrame())?.payload ?? []).toString()).toBe('heard\n')
})

create.must('close stdin when the first attached client leaves, with StdinOnce', { id: 'container-create-stdin-once' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['cat'], OpenStdin: true, StdinOnce: true })
  const stream = await api.hijack('POST', `${box.path}/attach`, { query: { stream: 1, stdin: 1, stdout: 1 } })
  await stream.write('last words\n')
  stream.halfClose()
  await until(async () => expect((await api.get(`${box.path}/json`)).at('State', 'Running')).toBe(false))
})

create.must('give a process without OpenStdin an empty stdin', { id: 'container-create-stdin-closed' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['count'] })).stdout).toBe('0 cbf29ce484222325\n')
})

create.must('stop a container by StopSignal', { id: 'container-create-stop-signal-sent', since: '1.21', source: 'change 1.21/07' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['signals'], StopSignal: 'SIGUSR2' })
  await hasSaid(api, box, 'ready')
  expect(await api.post(`${box.path}/stop`, { query: { t: 1 } })).toAnswer(204)
  expect(await writtenBy(api, box)).toContain('SIGUSR2')
})

create.must('kill a container that does not stop within StopTimeout', { id: 'container-create-stop-timeout', since: '1.25', source: 'change 1.25/17' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['stubborn'], StopTimeout: 1 })
  const began = performance.now()
  expect(await api.post(`${box.path}/stop`)).toAnswer(204)
  // The daemon's own default is ten seconds.
  expect(performance.now() - began).toBeLessThan(6_000)
  expect((await api.get(`${box.path}/json`)).at('State', 'ExitCode')).toBe(137)
})

create.must('become healthy when Healthcheck’s test succeeds', { id: 'container-create-healthcheck-healthy', since: '1.25' }, async ({ api, stage }) => {
  const box = await stage.running({ Healthcheck: { Test: ['CMD', 'health', '/data/hello'], Interval: 200_000_000, Timeout: 5_000_000_000, Retries: 1 } })
  expect((await api.get(`${box.path}/json`)).at('State', 'Health', 'Status')).toMatch(/^(starting|healthy)$/)
  await until(async () => expect((await api.get(`${box.path}/json`)).at('State', 'Health', 'Status')).toBe('healthy'))
})

create.must('become unhealthy when Healthcheck’s test has failed Retries times', { id: 'container-create-healthcheck-unhealthy', since: '1.25' }, async ({ api, stage }) => {
  const box = await stage.running({ Healthcheck: { Test: ['CMD-SHELL', 'exit 1'], Interval: 200_000_000, Timeout: 5_000_000_000, Retries: 2 } })
  await until(async () => expect((await api.get(`${box.path}/json`)).at('State', 'Health', 'Status')).toBe('unhealthy'))
  expect((await api.get(`${box.path}/json`)).at('State', 'Health', 'FailingStreak')).toBeGreaterThanOrEqual(2)
})

create.must('remove a container with AutoRemove when its process exits', { id: 'container-create-auto-remove', since: '1.25', source: 'change 1.25/04' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['exit', '0'], HostConfig: { AutoRemove: true } })
  // There before its process runs, so that the later 404 can only mean removal.
  expect(await api.get(`${box.path}/json`)).toAnswer(200)
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  await until(async () => expect(await api.get(`${box.path}/json`)).toAnswer(404))
})

create.must('restart a container by RestartPolicy always', { id: 'container-create-restart-always' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['exit', '1'], HostConfig: { RestartPolicy: { Name: 'always' } } })
  await until(async () => expect((await api.get(`${box.path}/json`)).at('RestartCount')).toBeGreaterThanOrEqual(1))
})

create.must('restart a container by RestartPolicy on-failure no more than MaximumRetryCount times', { id: 'container-create-restart-on-failure' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['exit', '1'], HostConfig: { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 1 } } })
  await until(async () => {
    const inspected = await api.get(`${box.path}/json`)
    expect(inspected.at('RestartCount')).toBe(1)
    expect(inspected.at('State', 'Restarting')).toBe(false)
    expect(inspected.at('State', 'Running')).toBe(false)
  })
})

create.must('take an unknown restart policy without a word', {
  id: 'container-create-restart-policy-unchecked', removedIn: '1.25', source: 'change 1.25/09',
}, async ({ stage }) => {
  expect(await stage.create({ HostConfig: { RestartPolicy: { Name: 'no-such-policy' } } })).toAnswer(201)
})

create.must('refuse an unknown restart policy', {
  id: 'container-create-restart-policy-checked', since: '1.25', source: 'change 1.25/09',
  reality: 'the change gives no status; Docker 1.13 answers 500, later ones 400',
}, async ({ stage }) => {
  expect(await stage.create({ HostConfig: { RestartPolicy: { Name: 'no-such-policy' } } })).toAnswer(400, 500)
})

create.must('refuse a restart policy of always with a retry count', {
  id: 'container-create-restart-policy-count-checked', since: '1.25', source: 'change 1.25/09',
  reality: 'the change gives no status; Docker 1.13 answers 500, later ones 400',
}, async ({ stage }) => {
  expect(await stage.create({ HostConfig: { RestartPolicy: { Name: 'always', MaximumRetryCount: 3 } } })).toAnswer(400, 500)
})
