import { expect, operation, until } from '../../harness/case/index.ts'

const top = operation('GET /containers/{id}/top')

top.must('list the processes of a container, with the columns of ps -ef', { id: 'container-top-default' }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/top`)
  expect(answer).toAnswer(200)
  const titles = answer.textsAt('Titles')
  expect(titles).toEqual(expect.arrayContaining(['UID', 'PID', 'PPID', 'CMD']))
  const processes = answer.list('Processes').map((process) => process.textsAt())
  expect(processes.length).toBeGreaterThanOrEqual(1)
  for (const process of processes) expect(process).toHaveLength(titles.length)
  expect(processes.map((process) => process[titles.indexOf('CMD')])).toContain('hold')
  for (const process of processes) expect(process[titles.indexOf('PID')]).toMatch(/^[1-9]\d*$/)
})

top.must('list every process of a container', { id: 'container-top-all' }, async ({ api, stage }) => {
  const box = await stage.running()
  const exec = await stage.exec(box, { Cmd: ['hold'], AttachStdout: false, AttachStderr: false })
  expect(await api.post(`${exec.path}/start`, { body: { Detach: true } })).toAnswer(200)
  await until(async () => {
    const answer = await api.get(`${box.path}/top`)
    const command = answer.textsAt('Titles').indexOf('CMD')
    expect(answer.list('Processes').map((process) => process.at(command))).toEqual(['hold', 'hold'])
  })
})

top.must('hand ps_args to ps', { id: 'container-top-arguments' }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/top`, { query: { ps_args: 'aux' } })
  expect(answer).toAnswer(200)
  expect(answer.at('Titles')).toEqual(expect.arrayContaining(['USER', 'PID', '%CPU', 'COMMAND']))
  const command = answer.textsAt('Titles').indexOf('COMMAND')
  expect(answer.list('Processes').map((process) => process.at(command))).toContain('hold')
})

top.must('refuse a container that does not run', {
  id: 'container-top-stopped', reality: 'the page documents 500 for an error; so do Docker 1.6 to 1.13, later ones answer 409',
}, async ({ api, bystanders }) => {
  expect(await api.get(`/containers/${bystanders.exited.id}/top`)).toAnswer(409, 500)
})

top.must('answer 404 where there is no such container', { id: 'container-top-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/containers/${stage.name()}/top`)).toAnswer(404)
})
