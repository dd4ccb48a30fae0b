import { expect, operation, serveFiles, uncached, type Api, type DaemonFacts, type Query, type Served, type Stage } from '../../harness/case/index.ts'
import { asTar, contextOf } from './building.ts'

const post = operation('POST /build')

/** Builds from a file that the suite serves, and a body that a daemon would build which pays no heed to `remote`. */
async function buildRemote(api: Api, stage: Stage, daemon: DaemonFacts, path: string, file: Served, query: Query): Promise<void> {
  const server = await serveFiles({ [path]: file })
  stage.defer(() => server.close())
  const body = await contextOf(stage, ['ENV FROM_FILE=body'], { from: 'scratch' })
  const remote = `http://${daemon.suiteAddress()}:${server.port}${path}`
  const answer = await api.post('/build', { query: { ...uncached, ...query, remote }, body, headers: asTar })
  expect(answer).toAnswer(200)
  expect(answer.text).not.toContain('"errorDetail"')
  expect(server.asked).toContain(path)
}

const latestStep = async (api: Api, name: string): Promise<unknown> => (await api.get(`/images/${name}/history`)).at(0, 'CreatedBy')

post.must('take a text file that remote names as the Dockerfile', { id: 'image-build-remote-file', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const t = stage.name('built')
  await buildRemote(api, stage, daemon, '/instructions', { type: 'text/plain', content: stage.dockerfile(['ENV COLOUR=blue'], 'scratch') }, { t })
  expect(await latestStep(api, t)).toContain('COLOUR=blue')
})

post.must('take a tar archive that remote names as the context', { id: 'image-build-remote-archive', since: '1.20', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const t = stage.name('built')
  const files = [{ name: 'file', content: 'of the remote context\n' }]
  await buildRemote(api, stage, daemon, '/context.tar', { type: 'application/x-tar', content: await contextOf(stage, ['COPY file /file'], { from: 'scratch', files }) }, { t })
  expect(await latestStep(api, t)).toContain('COPY')
})

post.must('take the Dockerfile from the path that dockerfile says in an archive that remote names', { id: 'image-build-remote-dockerfile', since: '1.20', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const t = stage.name('built')
  const files = [{ name: 'other/', type: 'directory' as const }, { name: 'other/Build.txt', content: stage.dockerfile(['ENV FROM_FILE=other'], 'scratch') }]
  const content = await contextOf(stage, ['ENV FROM_FILE=usual'], { from: 'scratch', files })
  await buildRemote(api, stage, daemon, '/context.tar', { type: 'application/x-tar', content }, { t, dockerfile: 'other/Build.txt' })
  expect(await latestStep(api, t)).toContain('FROM_FILE=other')
})
