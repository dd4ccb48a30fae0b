import { expect, operation } from '../../harness/case/index.ts'
import { sha256 } from '../../harness/guest/archive.ts'
import { packTar } from '../../harness/wire/tar.ts'
import { asList, bare, entryOf, sorted } from './images.ts'

const inspect = operation('GET /images/{name}/json')

inspect.must('tell the id of an image, and when it was created, by its name and by its id', { id: 'image-inspect-id' }, async ({ api, stage }) => {
  const image = await stage.image({ created: new Date('2025-03-01T12:30:00Z') })
  for (const key of [image.name, image.id]) {
    const answer = await api.get(`/images/${key}/json`)
    expect(answer).toAnswer(200)
    expect(answer.at('Id')).toBe(image.id)
    expect(Date.parse(answer.textAt('Created'))).toBe(Date.parse('2025-03-01T12:30:00Z'))
    expect(answer.at('Parent')).toBe('')
  }
})

inspect.must('tell the names and the digests of an image', { id: 'image-inspect-names', since: '1.21', source: 'change 1.21/06' }, async ({ api, stage }) => {
  const { id, name } = await stage.image()
  const other = `${stage.name('other')}:two`
  const before = await api.get(`/images/${id}/json`)
  expect(before.at('RepoTags')).toEqual([name])
  for (const digest of asList(before.at('RepoDigests'))) expect(String(digest)).toMatch(/@sha256:[0-9a-f]{64}$/)
  expect(await api.post(`/images/${id}/tag`, { query: { repo: other.split(':')[0], tag: 'two' } })).toAnswer(201)
  expect(sorted((await api.get(`/images/${id}/json`)).at('RepoTags'))).toEqual([name, other].sort())
})

inspect.must('tell the container that an image was committed from, its configuration, and the image under it', { id: 'image-inspect-committed' }, async ({ api, stage, guest }) => {
  const box = await stage.container({ Cmd: ['print', 'committed'], Env: ['COLOUR=blue'], User: '1000', WorkingDir: '/data', Labels: stage.imageLabels() })
  const committed = await api.post('/commit', { query: { container: box.id }, body: {} })
  expect(committed).toAnswer(201)
  const answer = await api.get(`/images/${committed.at('Id')}/json`)
  expect(answer.at('Container')).toBe(box.id)
  expect(bare(answer.at('Parent'))).toBe(bare((await api.get(`/images/${guest.image}/json`)).at('Id')))
  expect(answer.at('ContainerConfig')).toMatchObject({ Cmd: ['print', 'committed'], User: '1000', WorkingDir: '/data', Labels: stage.labels, Image: guest.image })
  expect(answer.at('ContainerConfig', 'Env')).toContain('COLOUR=blue')
})

const told = {
  Entrypoint: ['print', '-'], ExposedPorts: { '22/tcp': {} }, Volumes: { '/kept': {} }, NetworkDisabled: true, MacAddress: '02:42:ac:11:00:07', OnBuild: ['ENV C=d'],
}
const toldLater = {
  ArgsEscaped: true, StopSignal: 'SIGINT', StopTimeout: 7, Shell: ['sh', '-c'], Healthcheck: { Test: ['CMD', 'health'], Interval: 5_000_000_000, Timeout: 2_000_000_000, Retries: 4 },
}

for (const { config, ...data } of [
  { config: told, id: 'image-inspect-container-config' },
  { config: toldLater, id: 'image-inspect-container-config-later', since: '1.25' },
] as const) {
  inspect.must(`tell ${Object.keys(config).join(', ')} of the container that an image was committed from`, data, async ({ api, stage }) => {
    const box = await stage.container({ ...config, Labels: stage.imageLabels() })
    const committed = await api.post('/commit', { query: { container: box.id }, body: {} })
    expect(committed).toAnswer(201)
    expect((await api.get(`/images/${committed.at('Id')}/json`)).at('ContainerConfig')).toMatchObject(config)
  })
}

inspect.must('tell what the containers of an image get', { id: 'image-inspect-config', since: '1.21' }, async ({ api, stage }) => {
  const config = {
    Hostname: 'host', Domainname: 'domain', User: 'guest', AttachStdin: true, AttachStdout: true, AttachStderr: true, ExposedPorts: { '22/tcp': {} }, Tty: true,
    OpenStdin: true, StdinOnce: true, Env: ['A=b'], Cmd: ['print', 'it'], Volumes: { '/kept': {} }, WorkingDir: '/data', Entrypoint: ['sh', '-c'],
    OnBuild: ['ENV C=d'],
  }
  const { id } = await stage.image({ config: { ...config, Labels: { colour: 'blue' } } })
  const answer = await api.get(`/images/${id}/json`)
  expect(answer).toAnswer(200)
  expect(answer.at('Config')).toMatchObject({ ...config, Labels: { ...stage.imageLabels(), colour: 'blue' } })
})

inspect.must('tell the network settings that an image gives its containers', { id: 'image-inspect-config-network', since: '1.21' }, async ({ api, stage }) => {
  const config = { MacAddress: '02:42:ac:11:00:07', NetworkDisabled: true }
  const { id } = await stage.image({ config })
  expect((await api.get(`/images/${id}/json`)).at('Config')).toMatchObject(config)
})

inspect.must('tell the health check, the shell, the stop signal and the stop timeout that an image gives its containers', {
  id: 'image-inspect-config-stop-health', since: '1.25',
}, async ({ api, stage }) => {
  const config = {
    Healthcheck: { Test: ['CMD', 'health'], Interval: 5_000_000_000, Timeout: 2_000_000_000, Retries: 4 }, Shell: ['sh', '-c'], StopSignal: 'SIGINT', StopTimeout: 7,
    ArgsEscaped: true,
  }
  const { id } = await stage.image({ config })
  expect((await api.get(`/images/${id}/json`)).at('Config')).toMatchObject(config)
})

inspect.must('tell the platform of an image, and the daemon that made it', { id: 'image-inspect-made-by', since: '1.21' }, async ({ api, stage, guest }) => {
  const { id } = await stage.built()
  const [built, base, version] = [await api.get(`/images/${id}/json`), await api.get(`/images/${guest.image}/json`), await api.get('/version')]
  expect(built.at('DockerVersion')).toBe(version.at('Version'))
  expect(built.at('Os')).toBe(version.at('Os'))
  expect(built.at('Architecture')).toBe(version.at('Arch'))
  expect(base.at('Architecture')).toBe(version.at('Arch'))
})

inspect.must('tell the author and the comment of an image', { id: 'image-inspect-author', since: '1.21' }, async ({ api, stage, bystanders }) => {
  const repo = stage.name('committed')
  const committed = await api.post('/commit', { query: { container: bystanders.exited.id, repo, author: 'A. Author <a@example.com>', comment: 'what changed' }, body: { Labels: stage.imageLabels() } })
  expect(committed).toAnswer(201)
  const answer = await api.get(`/images/${repo}/json`)
  expect(answer.at('Author')).toBe('A. Author <a@example.com>')
  expect(answer.at('Comment')).toBe('what changed')
})

inspect.must('tell the sizes that the list tells', { id: 'image-inspect-sizes', since: '1.21' }, async ({ api, guest }) => {
  const answer = await api.get(`/images/${guest.image}/json`)
  const entry = await entryOf(api, String(answer.at('Id')))
  expect(entry).toBeDefined()
  expect(answer.at('Size')).toBe(entry?.at('Size'))
  expect(answer.at('VirtualSize')).toBe(entry?.at('VirtualSize'))
  expect(Number(answer.at('Size'))).toBeGreaterThan(0)
})

inspect.must('tell the storage driver that keeps an image', { id: 'image-inspect-graph-driver', since: '1.21' }, async ({ api, guest }) => {
  const answer = await api.get(`/images/${guest.image}/json`)
  expect(answer.at('GraphDriver', 'Name')).toBe((await api.get('/info')).at('Driver'))
})

inspect.must('tell the digests of the layers of an image, the lowest first', { id: 'image-inspect-rootfs', since: '1.23' }, async ({ api, stage }) => {
  const unique = stage.name('content')
  const layers = ['one', 'two', 'three'].map((name) => [{ name, content: `${name} of ${unique}` }])
  const digests = await Promise.all(layers.map(async (files) => `sha256:${sha256(await packTar(files))}`))
  const { id } = await stage.image({ layers })
  expect((await api.get(`/images/${id}/json`)).at('RootFS')).toMatchObject({ Type: 'layers', Layers: digests })
})

inspect.must('tell the version of the operating system where the image has one', { id: 'image-inspect-os-version', source: 'change 1.25/02', since: '1.25' }, async ({ api, stage }) => {
  const { id: plain } = await stage.image()
  const { id } = await stage.image({ osVersion: '10.0.14393.693' })
  expect((await api.get(`/images/${plain}/json`)).at('OsVersion')).toBeUndefined()
  expect((await api.get(`/images/${id}/json`)).at('OsVersion')).toBe('10.0.14393.693')
})

inspect.must('answer 404 where there is no such image', { id: 'image-inspect-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/images/${stage.name()}/json`)).toAnswer(404)
})
