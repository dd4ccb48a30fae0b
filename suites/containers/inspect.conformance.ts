import { expect, operation, until } from '../../harness/case/index.ts'
import { fill } from './many-files.ts'

const inspect = operation('GET /containers/{id}/json')

inspect.must('find a container by its name, its id and a beginning of its id', { id: 'container-inspect-by-name-and-id' }, async ({ api, bystanders }) => {
  const { id, name } = bystanders.running
  for (const handle of [id, id.slice(0, 12), name]) {
    const answer = await api.get(`/containers/${handle}/json`)
    expect(answer).toAnswer(200)
    expect(answer.at('Id')).toBe(id)
    expect(answer.at('Name')).toBe(`/${name}`)
  }
})

inspect.must('answer 404 where there is no such container', { id: 'container-inspect-unknown' }, async ({ api, stage }) => {
  expect(await api.get(`/containers/${stage.name()}/json`)).toAnswer(404)
})

inspect.must('split the command into Path and Args', { id: 'container-inspect-path-args' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['print', 'one', 'two'] })
  const answer = await api.get(`${box.path}/json`)
  expect(answer.at('Path')).toBe('print')
  expect(answer.at('Args')).toEqual(['one', 'two'])
})

inspect.must('show the state of a container that was never started', { id: 'container-inspect-created' }, async ({ api, stage }) => {
  const box = await stage.container()
  const answer = await api.get(`${box.path}/json`)
  expect(answer.at('State')).toMatchObject({ Running: false, Paused: false, Restarting: false, Pid: 0, ExitCode: 0 })
  expect(answer.at('State', 'StartedAt')).toMatch(/^0001-01-01T00:00:00/)
  expect(answer.at('State', 'FinishedAt')).toMatch(/^0001-01-01T00:00:00/)
})

inspect.must('show the state of a running container', { id: 'container-inspect-running' }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/json`)
  expect(answer.at('State')).toMatchObject({ Running: true, Paused: false, Restarting: false, ExitCode: 0 })
  expect(answer.at('State', 'Pid')).toBeGreaterThan(0)
  expect(Date.parse(answer.textAt('State', 'StartedAt'))).toBeGreaterThanOrEqual(Date.parse(answer.textAt('Created')))
})

inspect.must('show how a container ended', { id: 'container-inspect-exited' }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.exited.id}/json`)
  expect(answer.at('State')).toMatchObject({ Running: false, Paused: false, Restarting: false, Pid: 0, ExitCode: 3, OOMKilled: false, Error: '' })
  // Whoever stamps the start and whoever watches the process are two: a process that ends at once may seem to end a moment before it began.
  expect(Date.parse(answer.textAt('State', 'FinishedAt'))).toBeGreaterThan(Date.parse(answer.textAt('State', 'StartedAt')) - 1_000)
})

inspect.must('name the state of a container in State.Status', { id: 'container-inspect-status', since: '1.21' }, async ({ api, stage, bystanders }) => {
  const created = await stage.container()
  expect((await api.get(`${created.path}/json`)).at('State', 'Status')).toBe('created')
  expect((await api.get(`/containers/${bystanders.running.id}/json`)).at('State', 'Status')).toBe('running')
  expect((await api.get(`/containers/${bystanders.exited.id}/json`)).at('State', 'Status')).toBe('exited')
})

inspect.must('name the image of a container by its id, and as it was asked for in Config.Image', { id: 'container-inspect-image' }, async ({ api, guest, bystanders }) => {
  const image = (await api.get(`/images/${guest.image}/json`)).at('Id')
  const answer = await api.get(`/containers/${bystanders.running.id}/json`)
  expect(answer.at('Image')).toBe(image)
  expect(answer.at('Config', 'Image')).toBe(guest.image)
})

inspect.must('answer sizes only where size is asked for', { id: 'container-inspect-size', since: '1.21', source: 'change 1.21/17' }, async ({ api, stage }) => {
  const box = await stage.exited({ Cmd: ['truncate', '/written', '5000'] })
  const plain = await api.get(`${box.path}/json`)
  expect(plain.at('Id')).toBe(box.id)
  expect(plain.at('SizeRw')).toBeUndefined()
  expect(plain.at('SizeRootFs')).toBeUndefined()
  const sized = await api.get(`${box.path}/json`, { query: { size: 1 } })
  // A storage driver may count a little that the daemon itself puts into a container.
  expect(sized.at('SizeRw')).toBeGreaterThanOrEqual(5_000)
  expect(sized.at('SizeRw')).toBeLessThan(10_000)
  expect(sized.at('SizeRootFs')).toBeGreaterThan(25_000)
})

inspect.must('detail the settings of each network', { id: 'container-inspect-networks', since: '1.21', source: 'change 1.21/18', needs: ['bridge-network'] }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/json`)
  const bridge = (field: string) => answer.at('NetworkSettings', 'Networks', 'bridge', field)
  expect(answer.at('NetworkSettings', 'Networks', 'bridge')).toMatchObject({ IPAddress: expect.stringMatching(/^\d+(\.\d+){3}$/), Gateway: expect.stringMatching(/^\d+(\.\d+){3}$/), IPPrefixLen: expect.any(Number) })
  expect(bridge('MacAddress')).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/)
  // The older fields remain, and say the same of the default network.
  for (const field of ['IPAddress', 'Gateway', 'IPPrefixLen', 'MacAddress']) expect(answer.at('NetworkSettings', field), field).toBe(bridge(field))
})

inspect.must('answer no settings per network yet', { id: 'container-inspect-networks-absent', removedIn: '1.21', source: 'change 1.21/18' }, async ({ api, bystanders }) => {
  const fields = (await api.get(`/containers/${bystanders.running.id}/json`)).fields('NetworkSettings')
  expect(fields).toContain('IPAddress')
  expect(fields).not.toContain('Networks')
})

const mounted = { Volumes: { '/volume': {} }, HostConfig: { Binds: ['/etc:/host:ro'] } }

inspect.must('map mount points to folders of the host in Volumes, and to whether they are writable in VolumesRW', {
  id: 'container-inspect-volumes', removedIn: '1.20',
}, async ({ api, stage }) => {
  const box = await stage.container(mounted)
  const answer = await api.get(`${box.path}/json`)
  expect(answer.at('Volumes')).toEqual({ '/volume': expect.stringMatching(/^\/./), '/host': '/etc' })
  expect(answer.at('VolumesRW')).toEqual({ '/volume': true, '/host': false })
  expect(answer.fields()).not.toContain('Mounts')
})

inspect.must('list what is mounted in Mounts, and whether it is writable', { id: 'container-inspect-mounts', since: '1.20' }, async ({ api, stage }) => {
  const box = await stage.container(mounted)
  const answer = await api.get(`${box.path}/json`)
  expect(answer.list('Mounts')).toHaveLength(2)
  expect(answer.at('Mounts')).toContainEqual(expect.objectContaining({ Source: '/etc', Destination: '/host', Mode: 'ro', RW: false }))
  expect(answer.at('Mounts')).toContainEqual(expect.objectContaining({ Source: expect.stringMatching(/^\/./), Destination: '/volume', RW: true }))
})

inspect.must('have VolumeDriver in HostConfig and no more in Config', { id: 'container-inspect-volume-driver-moved', since: '1.21', source: 'change 1.21/05' }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/json`)
  expect(answer.fields('HostConfig')).toContain('VolumeDriver')
  expect(answer.fields('Config')).not.toContain('VolumeDriver')
})

inspect.must('answer the address of a container on the default network', { id: 'container-inspect-address', needs: ['bridge-network'] }, async ({ api, stage, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/json`)
  const { stdout } = await stage.run(bystanders.running, 'interfaces')
  expect(stdout).toContain(`${answer.textAt('NetworkSettings', 'IPAddress')}/${answer.numberAt('NetworkSettings', 'IPPrefixLen')}`)
  expect(stdout).toContain(answer.textAt('NetworkSettings', 'MacAddress'))
})

inspect.must('answer the NetworkID of each network of a container', { id: 'container-inspect-network-id', since: '1.22', source: 'change 1.22/17', needs: ['bridge-network'] }, async ({ api, bystanders }) => {
  const inspected = await api.get(`/containers/${bystanders.running.id}/json`)
  const [network = ''] = inspected.fields('NetworkSettings', 'Networks')
  const id = inspected.textAt('NetworkSettings', 'Networks', network, 'NetworkID')
  expect(id).toMatch(/^[0-9a-f]{64}$/)
  const networks = (await api.get('/networks')).list()
  expect(networks.find((entry) => entry.at('Id') === id)?.at('Name')).toBe(network)
})

inspect.must('list the instances of exec that run in a container', { id: 'container-inspect-exec-ids' }, async ({ api, stage }) => {
  const box = await stage.running()
  expect((await api.get(`${box.path}/json`)).at('ExecIDs') ?? []).toEqual([])
  const exec = await stage.exec(box, { Cmd: ['hold'] })
  expect(await api.post(`${exec.path}/start`, { body: { Detach: true, Tty: false } })).toAnswer(200)
  expect((await api.get(`${box.path}/json`)).at('ExecIDs')).toEqual([exec.id])
})

inspect.must('name the paths of the files that a daemon keeps for a container', { id: 'container-inspect-paths', needs: ['linux', 'json-file-logs'] }, async ({ api, bystanders }) => {
  const answer = await api.get(`/containers/${bystanders.running.id}/json`)
  for (const field of ['HostnamePath', 'HostsPath', 'ResolvConfPath', 'LogPath']) {
    expect(answer.at(field), field).toMatch(/^\/.+/)
    expect(answer.at(field), field).toContain(bystanders.running.id)
  }
})

inspect.must('count the restarts of a container', { id: 'container-inspect-restart-count' }, async ({ api, stage }) => {
  const box = await stage.container({ Cmd: ['exit', '1'], HostConfig: { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 2 } } })
  expect((await api.get(`${box.path}/json`)).at('RestartCount')).toBe(0)
  expect(await api.post(`${box.path}/start`)).toAnswer(204)
  await until(async () => {
    const answer = await api.get(`${box.path}/json`)
    expect(answer.at('RestartCount')).toBe(2)
    expect(answer.at('State')).toMatchObject({ Running: false, Restarting: false, ExitCode: 1 })
  })
})

inspect.must('answer removing as the status of a container that is being removed, or 404', {
  id: 'container-inspect-removing', since: '1.25', source: 'change 1.25/05',
  reality: 'no request can hold the state: a container of many files has it for a while, and a case can only rule out every other answer',
}, async ({ api, stage }) => {
  const box = await stage.exited()
  await fill(api, box)
  expect((await api.get(`${box.path}/json`)).at('State', 'Status')).toBe('exited')
  const removed = api.delete(box.path)
  const statuses: unknown[] = []
  await until(async () => {
    const answer = await api.get(`${box.path}/json`)
    if (answer.status !== 404) statuses.push(answer.at('State', 'Status'))
    expect(answer).toAnswer(404)
  }, { everyMs: 1 })
  expect(await removed).toAnswer(204)
  // The last one may have crossed the end of the removal: asked before, answered after it.
  expect(['removing', 'exited']).toEqual(expect.arrayContaining([...new Set(statuses.slice(0, -1))]))
})
