import { createHash, randomBytes } from 'node:crypto'
import { connect as connectTls } from 'node:tls'
import { onTestFinished, expect, test } from 'vitest'
import { digestOfManifest, serveRegistry, type RegistryOptions, type RegistryServer } from './registry-server.ts'
import { until } from './until.ts'

type Served = { readonly registry: RegistryServer; ask(method: string, path: string, init?: RequestInit): Promise<Response> }

async function serve(options?: RegistryOptions): Promise<Served> {
  const registry = await serveRegistry(options)
  onTestFinished(() => registry.close())
  return { registry, ask: (method, path, init) => fetch(new URL(path, `http://127.0.0.1:${registry.port}`), { method, ...init }) }
}

const digestOf = (content: string | Uint8Array) => `sha256:${createHash('sha256').update(content).digest('hex')}`
const basic = (username: string, password: string) => ({ Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` })

async function push({ ask }: Served, content: string): Promise<Response> {
  const begun = await ask('POST', '/v2/some/thing/blobs/uploads/')
  expect(begun.status).toBe(202)
  const sent = await ask('PATCH', begun.headers.get('location') ?? '', { body: content })
  expect(sent.status).toBe(202)
  return await ask('PUT', `${sent.headers.get('location')}?digest=${digestOf(content)}`)
}

test('keeps blobs and manifests that are pushed, and gives them back', async () => {
  const served = await serve()
  const { ask, registry } = served
  expect((await ask('GET', '/v2/')).headers.get('docker-distribution-api-version')).toBe('registry/2.0')
  expect((await ask('HEAD', `/v2/some/thing/blobs/${digestOf('layer')}`)).status).toBe(404)
  expect((await push(served, 'layer')).status).toBe(201)
  expect(registry.blob(digestOf('layer'))?.toString()).toBe('layer')
  expect(await (await ask('GET', `/v2/some/thing/blobs/${digestOf('layer')}`)).text()).toBe('layer')

  expect((await ask('GET', '/v2/some/thing/manifests/v1')).status).toBe(404)
  expect((await ask('GET', '/v2/some/thing/tags/list')).status).toBe(404)
  expect((await ask('PUT', '/v2/some/thing/manifests/v1', { body: '{}', headers: { 'Content-Type': 'application/vnd.test' } })).status).toBe(201)
  for (const reference of ['v1', digestOf('{}')]) {
    const got = await ask('GET', `/v2/some/thing/manifests/${reference}`)
    expect([got.headers.get('content-type'), got.headers.get('docker-content-digest'), await got.text()]).toEqual(['application/vnd.test', digestOf('{}'), '{}'])
  }
  expect(await (await ask('GET', '/v2/some/thing/tags/list')).json()).toEqual({ name: 'some/thing', tags: ['v1'] })
  expect(registry.tags('some/thing')).toEqual(['v1'])
})

test('refuses content that is not what its digest says, and uploads that were not begun', async () => {
  const { ask } = await serve()
  expect((await ask('POST', `/v2/x/blobs/uploads/?digest=${digestOf('other')}`, { body: 'layer' })).status).toBe(400)
  expect((await ask('PATCH', '/v2/x/blobs/uploads/1', { body: 'layer' })).status).toBe(404)
})

test('says in order what it was asked, and how that ended', async () => {
  const { ask, registry } = await serve()
  await (await ask('GET', '/v2/?a=1', { headers: { 'X-Test': 'yes' } })).text()
  await until(async () => expect(registry.asked).toMatchObject([{ method: 'GET', path: '/v2/', headers: { 'x-test': 'yes' }, ended: 'answered' }]))
})

test('lets in who shows the credentials', async () => {
  const { ask } = await serve({ access: { scheme: 'basic', username: 'one', password: 'two' } })
  const refused = await ask('GET', '/v2/')
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="plimsoll"'])
  expect((await ask('GET', '/v2/', { headers: basic('one', 'three') })).status).toBe(401)
  expect((await ask('GET', '/v2/', { headers: basic('one', 'two') })).status).toBe(200)
})

test('lets in who shows a token, and gives it for the credentials or the identity token', async () => {
  const { ask, registry } = await serve({ access: { scheme: 'token', username: 'one', password: 'two', token: 'key', identityToken: 'identity' } })
  expect((await ask('GET', '/v2/')).headers.get('www-authenticate')).toBe(`Bearer realm="http://127.0.0.1:${registry.port}/token",service="plimsoll"`)
  expect((await ask('GET', '/v2/', { headers: { Authorization: 'Bearer key' } })).status).toBe(200)
  expect((await ask('GET', '/token', { headers: basic('one', 'three') })).status).toBe(401)
  expect(await (await ask('GET', '/token', { headers: basic('one', 'two') })).json()).not.toHaveProperty('refresh_token')
  expect(await (await ask('GET', '/token?offline_token=true', { headers: basic('one', 'two') })).json()).toMatchObject({ token: 'key', refresh_token: 'identity' })
  const form = (fields: Record<string, string>) => ({ body: new URLSearchParams(fields) })
  expect(await (await ask('POST', '/token', form({ grant_type: 'refresh_token', refresh_token: 'identity' }))).json()).toMatchObject({ access_token: 'key' })
  expect((await ask('POST', '/token', form({ grant_type: 'refresh_token', refresh_token: 'key' }))).status).toBe(401)
})

test('takes the digest of a signed manifest of what was signed', () => {
  const signed = JSON.stringify({ schemaVersion: 1, name: 'x' })
  const head = Buffer.from(JSON.stringify({ formatLength: signed.length - 1, formatTail: Buffer.from('}').toString('base64url') })).toString('base64url')
  const manifest = Buffer.from(`${signed.slice(0, -1)},"signatures":[{"protected":"${head}"}]}`)
  expect(digestOfManifest(manifest)).toBe(digestOf(signed))
  for (const other of ['{}', 'null', '{"signatures":[]}', 'no JSON']) expect(digestOfManifest(Buffer.from(other))).toBe(digestOf(other))
})

test('follows a script: it refuses, trickles and sips, and sees a client go away', async () => {
  const served = await serve()
  const { ask, registry } = served
  const content = randomBytes(4096).toString('hex')
  await push(served, content)
  const left = Promise.withResolvers<void>()
  registry.follow(({ method, path }) => {
    if (path.includes('/manifests/')) return { refuse: { status: 403, code: 'DENIED', message: 'not today' } }
    return method === 'GET' ? 'trickle' : method === 'POST' ? { sip: left.promise } : undefined
  })
  const refused = await ask('GET', '/v2/x/manifests/v1')
  expect([refused.status, await refused.json()]).toEqual([403, { errors: [{ code: 'DENIED', message: 'not today', detail: { status: 403 } }] }])

  const leaving = new AbortController()
  const slow = await ask('GET', `/v2/some/thing/blobs/${digestOf(content)}`, { signal: leaving.signal })
  const reader = slow.body?.getReader()
  expect((await reader?.read())?.value?.byteLength).toBe(1)
  const sipped = ask('POST', '/v2/x/blobs/uploads/', { body: Buffer.alloc(16 * 1024 * 1024), signal: leaving.signal })
  await until(async () => expect(registry.asked.slice(-2)).toMatchObject([{ method: 'GET' }, { method: 'POST' }]))
  expect(registry.asked.slice(-2).map(({ ended }) => ended)).toEqual([undefined, undefined])
  leaving.abort()
  await expect(sipped).rejects.toThrow()
  left.resolve()
  await until(async () => expect(registry.asked.slice(-2)).toMatchObject([{ ended: 'abandoned' }, { ended: 'abandoned' }]))
})

test('finds what its index has, as many as are asked for', async () => {
  const entry = (name: string) => ({ name, description: '', star_count: 1, is_official: false, is_automated: false, is_trusted: false })
  const { ask } = await serve({ index: [entry('a/one'), entry('a/two'), entry('b/three')] })
  expect((await ask('GET', '/v1/_ping')).status).toBe(200)
  expect(await (await ask('GET', '/v1/search?q=a/&n=1')).json()).toMatchObject({ num_results: 1, results: [{ name: 'a/one' }] })
  expect((await (await serve()).ask('GET', '/v1/_ping')).status).toBe(404)
})

test('counts who wants to speak TLS', async () => {
  const { registry } = await serve()
  const socket = connectTls({ port: registry.port, host: '127.0.0.1', rejectUnauthorized: false })
  await new Promise<void>((closed) => socket.on('error', () => closed()).on('close', () => closed()))
  expect(registry.tlsHellos()).toBe(1)
})

test('takes no endless body', async () => {
  const { ask } = await serve()
  await expect(ask('POST', '/v2/x/blobs/uploads/', { body: Buffer.alloc(33 * 1024 * 1024) })).rejects.toThrow()
})
