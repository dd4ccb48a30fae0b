import { expect, operation, until } from '../../harness/case/index.ts'
import { hasSaid, stateOf } from './lifecycle.ts'

const kill = operation('POST /containers/{id}/kill')

kill.must('send SIGKILL where no signal is named, and answer 204', { id: 'container-kill-default' }, async ({ api, stage }) => {
  const box = await stage.running({ Cmd: ['stubborn'] })
  const answer = await api.post(`${box.path}/kill`)
  expect(answer).toAnswer(204)
  expect(answer.body.byteLength).toBe(0)
  await until(async () => expect(await stateOf(api, box)).toMatchObject({ Running: false, ExitCode: 137 }))
})

const spellings = [
  { what: 'by its name', signal: 'SIGUSR1', seen: 'SIGUSR1', id: 'container-kill-signal-name' },
  { what: 'by its number', signal: '12', seen: 'SIGUSR2', id: 'container-kill-signal-number' },
  { what: 'by its name without SIG', signal: 'HUP', seen: 'SIGHUP', id: 'container-kill-signal-short-name' },
]
for (const { what, signal, seen, id } of spellings) {
  kill.must(`send a signal ${what}, and leave the container running`, { id }, async ({ api, stage }) => {
    const box = await stage.running({ Cmd: ['signals'] })
    await hasSaid(api, box, 'ready')
    expect(await api.post(`${box.path}/kill`, { query: { signal } })).toAnswer(204)
    await hasSaid(api, box, `${seen}\n`)
    expect(await stateOf(api, box)).toMatchObject({ Running: true })
  })
}

kill.must('refuse a signal that does not exist', {
  id: 'container-kill-signal-unknown',
  reality: 'the page documents 500; so do Docker 1.6 to 1.13, later ones answer 400',
}, async ({ api, stage }) => {
  const box = await stage.running()
  expect(await api.post(`${box.path}/kill`, { query: { signal: 'SIGNOSUCH' } })).toAnswer(400, 500)
})

kill.must('refuse a container that does not run', {
  id: 'container-kill-stopped', since: '1.20',
  reality: 'the page names no status for it; Docker 1.6 and 1.7 answer 204, 1.8 to 1.13 answer 500, later ones 409',
}, async ({ api, stage }) => {
  const box = await stage.exited()
  expect(await api.post(`${box.path}/kill`)).toAnswer(409, 500)
})

kill.must('answer 404 where there is no such container', { id: 'container-kill-unknown' }, async ({ api, stage }) => {
  expect(await api.post(`/containers/${stage.name()}/kill`)).toAnswer(404)
})
