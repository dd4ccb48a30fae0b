import { expect, operation } from '../../harness/case/index.ts'

const changes = operation('GET /containers/{id}/changes')

changes.must('list what was changed (0), added (1) and deleted (2)', { id: 'container-changes-kinds' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['sh', '-c', 'write /data/hello changed; write /new added; rm /data/sub'] })
  const answer = await api.get(`${box.path}/changes`)
  expect(answer).toAnswer(200)
  const found = answer.at()
  expect(found).toContainEqual({ Path: '/data/hello', Kind: 0 })
  expect(found).toContainEqual({ Path: '/data', Kind: 0 })
  expect(found).toContainEqual({ Path: '/new', Kind: 1 })
  expect(found).toContainEqual({ Path: '/data/sub', Kind: 2 })
})

changes.must('list nothing of the guest where nothing was written', {
  id: 'container-changes-none', reality: 'a daemon may answer null for no changes, and may list the mount points that it makes',
}, async ({ api, stage }) => {
  const box = await stage.container()
  const answer = await api.get(`${box.path}/changes`)
  expect(answer).toAnswer(200)
  const own = ['/dev', '/etc', '/proc', '/sys', '/run', '/.dockerenv', '/.dockerinit', '/dev/console', '/dev/pts', '/dev/shm', '/etc/hostname', '/etc/hosts', '/etc/mtab', '/etc/resolv.conf']
  const paths = answer.at() === null ? [] : answer.list().map((change) => change.textAt('Path'))
  expect(paths.filter((path) => !own.includes(path))).toEqual([])
})

changes.must('answer 404 where there is no such container', { id: 'container-changes-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/containers/${stage.name()}/changes`)).toAnswer(404)
})
