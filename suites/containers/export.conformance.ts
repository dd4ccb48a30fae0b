import { expect, operation } from '../../harness/case/index.ts'
import { readTar } from '../../harness/wire/tar.ts'

const exporting = operation('GET /containers/{id}/export')

exporting.must('answer the whole file system of a container as one tar archive', { id: 'container-export-archive' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['write', '/written', 'by the guest\\n'] })
  const answer = await api.get(`${box.path}/export`)
  expect(answer).toAnswer(200)
  const entries = await readTar(answer.body)
  const named = (name: string) => entries.find((entry) => entry.name === name)
  expect(named('written')).toMatchObject({ type: 'file', content: Buffer.from('by the guest\n') })
  expect(named('data/hello')).toMatchObject({ type: 'file', content: Buffer.from('hello\n') })
  expect(named('data/link')).toMatchObject({ type: 'symlink', linkname: 'hello' })
  expect(named('tmp/')).toMatchObject({ type: 'directory', mode: 0o1777 })
})

exporting.must('export a running container', { id: 'container-export-running' }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/export`)
  expect(answer).toAnswer(200)
  expect((await readTar(answer.body)).map(({ name }) => name)).toContain('data/hello')
})

exporting.must('answer 404 where there is no such container', { id: 'container-export-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/containers/${stage.name()}/export`)).toAnswer(404)
})
