import { expect, operation, type Api, type ApiAnswer, type Query, type Stage } from '../../harness/case/index.ts'
import { actionsAfter, eventsDuring } from '../system/watched.ts'
import { bare, entryOf } from './images.ts'

const commit = operation('POST /commit')

/** Commits a container. What is made is removed by the id that the answer gives. */
const committing = (api: Api, container: string, query: Query = {}, body: object = {}): Promise<ApiAnswer> => api.post('/commit', { query: { container, ...query }, body })

/** What a container of an image writes that is given no command of its own. */
const outputOf = (stage: Stage, image: string) => stage.output({ Image: image, Cmd: undefined })

commit.must('make an image of what a container has changed', { id: 'image-commit-changes-kept' }, async ({ api, stage, guest }) => {
  const box = await stage.exited({ Cmd: ['write', '/written', 'by the container\\n'], Labels: stage.imageLabels() })
  const answer = await committing(api, box.id)
  expect(answer).toAnswer(201)
  expect(await stage.output({ Image: answer.at('Id'), Cmd: ['cat', '/written', '/data/hello'] })).toMatchObject({ stdout: 'by the container\nhello\n', exitCode: 0 })
  expect((await stage.output({ Image: guest.image, Cmd: ['cat', '/written'] })).exitCode).not.toBe(0)
})

commit.must('give the image the name that repo and tag say', { id: 'image-commit-name' }, async ({ api, bystanders, stage }) => {
  const repo = stage.name('committed')
  const answer = await committing(api, bystanders.exited.id, { repo, tag: 'v1' }, { Labels: stage.imageLabels() })
  expect(answer).toAnswer(201)
  const image = await api.get(`/images/${repo}:v1/json`)
  expect(image).toAnswer(200)
  expect(bare(image.at('Id'))).toBe(bare(answer.at('Id')))
})

commit.must('name nothing where no repository is given', { id: 'image-commit-nameless' }, async ({ api, bystanders, stage }) => {
  const answer = await committing(api, bystanders.exited.id, {}, { Labels: stage.imageLabels() })
  expect(answer).toAnswer(201)
  const listed = await entryOf(api, String(answer.at('Id')))
  expect(listed).toBeDefined()
  // Daemons of the time write this where there is no name, later ones nothing.
  expect([null, ['<none>:<none>'], []]).toContainEqual(listed?.at('RepoTags'))
})

commit.must('keep the comment and the author', { id: 'image-commit-comment-author', since: '1.21' }, async ({ api, bystanders, stage }) => {
  const answer = await committing(api, bystanders.exited.id, { comment: 'what changed', author: 'A. Author <a@example.com>' }, { Labels: stage.imageLabels() })
  expect(answer).toAnswer(201)
  expect(await api.get(`/images/${answer.at('Id')}/json`).then((image) => [image.at('Comment'), image.at('Author')])).toEqual(['what changed', 'A. Author <a@example.com>'])
})

commit.must('give the image the configuration in the body', { id: 'image-commit-config' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['exit', '0'], Env: ['OLD=1'], Labels: stage.imageLabels() })
  const answer = await committing(api, box.id, {}, { Cmd: ['sh', '-c', 'env; pwd; id'], Env: ['COLOUR=blue'], WorkingDir: '/data', User: '1000:2000' })
  expect(answer).toAnswer(201)
  const { stdout } = await outputOf(stage, answer.textAt('Id'))
  expect(stdout).toContain('COLOUR=blue\n')
  expect(stdout).toContain('/data\n')
  expect(stdout).toContain('uid=1000 gid=2000')
})

commit.must('keep the configuration of the container that the body does not name', { id: 'image-commit-config-kept' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['sh', '-c', 'env; pwd'], Env: ['COLOUR=blue'], WorkingDir: '/data', Labels: stage.imageLabels() })
  const answer = await committing(api, box.id, {}, { Env: ['SHAPE=round'] })
  const { stdout } = await outputOf(stage, answer.textAt('Id'))
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['COLOUR=blue', 'SHAPE=round', '/data']))
})

commit.must('give the image each field of the configuration', { id: 'image-commit-config-fields', since: '1.25' }, async ({ api, bystanders, stage }) => {
  const config = {
    Hostname: 'host', Domainname: 'domain', User: 'guest', AttachStdin: true, AttachStdout: true, AttachStderr: true, ExposedPorts: { '22/tcp': {} }, Tty: true,
    OpenStdin: true, StdinOnce: true, Cmd: ['print', 'it'], ArgsEscaped: true, Volumes: { '/kept': {} }, WorkingDir: '/data', Entrypoint: ['sh', '-c'],
    NetworkDisabled: true, MacAddress: '02:42:ac:11:00:07', OnBuild: ['ENV C=d'], StopSignal: 'SIGINT', StopTimeout: 7, Shell: ['sh', '-c'],
    Healthcheck: { Test: ['CMD', 'health'], Interval: 5_000_000_000, Timeout: 2_000_000_000, Retries: 4 },
  }
  const answer = await committing(api, bystanders.exited.id, {}, { ...config, Env: ['COLOUR=blue'], Labels: { ...stage.imageLabels(), colour: 'blue' } })
  expect(answer).toAnswer(201)
  const image = await api.get(`/images/${answer.at('Id')}/json`)
  expect(image.at('Config')).toMatchObject({ ...config, Labels: { ...stage.imageLabels(), colour: 'blue' } })
  expect(image.at('Config', 'Env')).toContain('COLOUR=blue')
})

commit.must('apply the instructions that changes holds', { id: 'image-commit-changes', since: '1.20' }, async ({ api, stage }) => {
  const box = await stage.container({ Labels: stage.imageLabels() })
  const answer = await committing(api, box.id, { changes: 'ENV COLOUR=blue\nWORKDIR /data\nUSER 1000\nENTRYPOINT ["sh", "-c"]\nCMD ["env; pwd; id"]' })
  expect(answer).toAnswer(201)
  const { stdout } = await outputOf(stage, answer.textAt('Id'))
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(['COLOUR=blue', '/data', expect.stringContaining('1000')]))
})

commit.must('apply instructions that containers do not run', { id: 'image-commit-changes-declared', since: '1.21' }, async ({ api, stage }) => {
  const box = await stage.container({ Labels: stage.imageLabels() })
  const answer = await committing(api, box.id, { changes: 'LABEL colour=blue\nEXPOSE 22\nVOLUME /kept\nONBUILD ENV C=d' })
  expect(answer).toAnswer(201)
  const config = (await api.get(`/images/${answer.at('Id')}/json`)).at('Config')
  expect(config).toMatchObject({ Labels: { ...stage.imageLabels(), colour: 'blue' }, ExposedPorts: { '22/tcp': {} }, Volumes: { '/kept': {} }, OnBuild: ['ENV C=d'] })
})

for (const { pause, title, seen, ...data } of [
  { id: 'image-commit-pause', pause: 1, title: 'pause a container while it is committed', seen: ['pause', 'unpause'], since: '1.20' },
  { id: 'image-commit-no-pause', pause: 0, title: 'leave a container running while it is committed where pause is 0', seen: [], since: '1.20' },
  { id: 'image-commit-pause-default', pause: undefined, title: 'pause a container while it is committed, unless told otherwise', seen: ['pause', 'unpause'], since: '1.25' },
] as const) {
  commit.must(title, data, async ({ api, stage, daemon }) => {
    const box = await stage.running({ Labels: stage.imageLabels() })
    const told = await eventsDuring({ api, daemon }, { filters: { container: [box.id] } }, async () => {
      expect(await committing(api, box.id, { pause })).toAnswer(201)
      expect((await api.get(`${box.path}/json`)).at('State', 'Paused')).toBe(false)
      expect(await api.post(`${box.path}/kill`)).toAnswer(204)
    }, 'die')
    expect(actionsAfter('start', told).filter((action) => action !== 'commit')).toEqual([...seen, 'kill', 'die'])
  })
}

commit.must('answer 404 where there is no such container', { id: 'image-commit-unknown' }, async ({ api, stage }) => {
  expect(await committing(api, stage.name())).toAnswer(404)
})
