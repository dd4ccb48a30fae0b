import { expect, operation, NotApplicable, serveFiles, uncached, type Api, type Query, type Served, type Stage } from '../../harness/case/index.ts'
import { asTar, contextOf } from './building.ts'

const post = operation('POST /build')

/**
 * Builds from a file that this machine serves.
 * @returns the texts of the answer
 * @throws NotApplicable where the daemon tries, and can't reach this machine by any of its addresses
 */
async function buildRemote(api: Api, stage: Stage, path: string, file: Served, query: Query): Promise<string> {
  const server = await serveFiles({ [path]: file })
  stage.defer(() => server.close())
  const refusals: string[] = []
  // What a daemon would build that pays no heed to the parameter.
  const body = await contextOf(stage, ['ENV FROM_FILE=body'], { from: 'scratch' })
  for (const origin of server.origins) {
    const answer = await api.post('/build', { query: { ...uncached, ...query, remote: `${origin}${path}` }, body, headers: asTar })
    if (server.asked.length > 0) {
      expect(server.asked).toContain(path)
      expect(answer).toAnswer(200)
      expect(answer.text).not.toContain('"errorDetail"')
      return answer.text
    }
    if (answer.status === 200) expect(answer.text, 'an image was built, though nothing was fetched').toContain('"errorDetail"')
    refusals.push(`${origin}: status ${answer.status}, ${answer.text.trim().slice(0, 200)}`)
  }
  throw new NotApplicable(`the daemon can't reach a server on this machine: ${refusals.join('; ')}`)
}

const latestStep = async (api: Api, name: string): Promise<unknown> => (await api.get(`/images/${name}/history`)).at(0, 'CreatedBy')

post.must('take a text file that remote names as the Dockerfile', { id: 'image-build-remote-file' }, async ({ api, stage }) => {
  const t = stage.name('built')
  await buildRemote(api, stage, '/instructions', { type: 'text/plain', content: stage.dockerfile(['ENV COLOUR=blue'], 'scratch') }, { t })
  expect(await latestStep(api, t)).toContain('COLOUR=blue')
})

post.must('take a tar archive that remote names as the context', { id: 'image-build-remote-archive', since: '1.20' }, async ({ api, stage }) => {
  const t = stage.name('built')
  const files = [{ name: 'file', content: 'of the remote context\n' }]
  await buildRemote(api, stage, '/context.tar', { type: 'application/x-tar', content: await contextOf(stage, ['COPY file /file'], { from: 'scratch', files }) }, { t })
  expect(await latestStep(api, t)).toContain('COPY')
})

post.must('take the Dockerfile from the path that dockerfile says in an archive that remote names', { id: 'image-build-remote-dockerfile', since: '1.20' }, async ({ api, stage }) => {
  const t = stage.name('built')
  const files = [{ name: 'other/', type: 'directory' as const }, { name: 'other/Build.txt', content: stage.dockerfile(['ENV FROM_FILE=other'], 'scratch') }]
  const content = await contextOf(stage, ['ENV FROM_FILE=usual'], { from: 'scratch', files })
  await buildRemote(api, stage, '/context.tar', { type: 'application/x-tar', content }, { t, dockerfile: 'other/Build.txt' })
  expect(await latestStep(api, t)).toContain('FROM_FILE=other')
})
