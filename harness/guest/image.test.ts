import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { scriptedClient, type ScriptedAnswer, type ScriptedRequest } from '../daemon/scripted-client.ts'
import { readTar } from '../wire/tar.ts'
import { applets } from './applets.ts'
import { guestArchive, guestDigest, guestRootfs } from './image.ts'
import { GuestError, loadGuest, requireImage } from './load.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe.each(['amd64', 'arm64'] as const)('the image for %s', (arch) => {
  test('is the same bytes each time', async () => {
    expect(sha256(await guestArchive(arch, 'a:1'))).toBe(sha256(await guestArchive(arch, 'a:1')))
    expect(await guestDigest(arch)).toMatch(/^[0-9a-f]{12}$/)
  })

  test('has each applet as a link to the program, and what cases look for', async () => {
    const entries = new Map((await readTar(await guestRootfs(arch))).map((entry) => [entry.name.replace(/\/$/, ''), entry]))
    expect(entries.get('bin/guest')).toMatchObject({ type: 'file', mode: 0o755 })
    for (const applet of applets) expect(entries.get(`bin/${applet}`)).toMatchObject({ type: 'link', linkname: 'bin/guest' })
    expect(entries.get('data/hello')?.content?.toString()).toBe('hello\n')
    expect(entries.get('data/link')).toMatchObject({ type: 'symlink', linkname: 'hello' })
    expect(entries.get('tmp')).toMatchObject({ type: 'directory', mode: 0o1777 })
    expect(entries.get('etc/passwd')?.content?.toString()).toMatch(/^guest:x:1000:1000:/m)
  })

  test('comes in both layouts of docker save, each complete', async () => {
    const entries = new Map((await readTar(await guestArchive(arch, 'plimsoll/guest:7'))).map((entry) => [entry.name, entry.content ?? Buffer.alloc(0)]))
    const json = (name: string) => JSON.parse(entries.get(name)?.toString() ?? 'null') as any
    const [manifest] = json('manifest.json')
    expect(manifest.RepoTags).toEqual(['plimsoll/guest:7'])
    const config = json(manifest.Config)
    expect(manifest.Config).toBe(`${sha256(entries.get(manifest.Config) ?? Buffer.alloc(0))}.json`)
    const layer = entries.get(manifest.Layers[0]) ?? Buffer.alloc(0)
    expect(Buffer.compare(layer, await guestRootfs(arch))).toBe(0)
    expect(config).toMatchObject({ architecture: arch, os: 'linux', config: { Env: ['PATH=/bin'], Cmd: ['hold'] }, rootfs: { diff_ids: [`sha256:${sha256(layer)}`] } })

    const layerId = json('repositories')['plimsoll/guest']['7']
    expect(manifest.Layers).toEqual([`${layerId}/layer.tar`])
    expect(entries.get(`${layerId}/VERSION`)?.toString()).toBe('1.0')
    expect(json(`${layerId}/json`)).toMatchObject({ id: layerId, architecture: arch, config: { Cmd: ['hold'] } })
  })
})

test('the images of the architectures differ', async () => {
  expect(await guestDigest('amd64')).not.toBe(await guestDigest('arm64'))
})

test.each([
  ['guest', 'guest', 'latest'],
  ['guest:1', 'guest', '1'],
  ['localhost:5000/guest', 'localhost:5000/guest', 'latest'],
  ['localhost:5000/guest:1', 'localhost:5000/guest', '1'],
])('the name %s is %s with the tag %s in the old layout', async (reference, repository, tag) => {
  const entries = await readTar(await guestArchive('amd64', reference))
  const repositories = JSON.parse(entries.find(({ name }) => name === 'repositories')?.content?.toString() ?? '{}') as object
  expect(repositories).toEqual({ [repository]: { [tag]: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown } })
})

describe('loadGuest', () => {
  const load = (script: (request: ScriptedRequest) => ScriptedAnswer | undefined) => loadGuest(scriptedClient(script), 'amd64', 'guest:1')

  test('hands the archive over and looks for the image', async () => {
    const client = scriptedClient(() => ({ status: 200 }))
    await loadGuest(client, 'amd64', 'guest:1')
    expect(client.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /images/load?quiet=1', 'GET /images/guest:1/json'])
    expect(sha256(client.requests[0]?.body as Buffer)).toBe(sha256(await guestArchive('amd64', 'guest:1')))
  })

  test('says what the daemon said', async () => {
    await expect(load(() => ({ status: 500, body: 'disk\u001b[2J full' }))).rejects.toThrow(GuestError)
    await expect(load(() => ({ status: 500, body: 'disk\u001b[2J full' }))).rejects.toThrow("the daemon did not take the guest's image: POST /images/load answered 500, disk\\x1b[2J full")
  })

  test('believes no 200 without the image', async () => {
    await expect(load(({ method }) => (method === 'POST' ? { status: 200, body: '{"errorDetail":{}}' } : { status: 404, body: 'no such image' }))).rejects.toThrow(
      /the daemon said that it loaded the guest's image \(\{"errorDetail":\{\}\}\), and does not have it: GET \/images\/guest:1\/json answered 404, no such image/,
    )
    await expect(requireImage(scriptedClient(() => ({ status: 404 })), 'mine:1', '--guest: no')).rejects.toThrow(/^--guest: no: GET \/images\/mine:1\/json answered 404/)
  })
})
