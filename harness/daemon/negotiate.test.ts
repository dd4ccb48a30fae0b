import { describe, expect, test } from 'vitest'
import type { ApiVersion } from '../versions.ts'
import { DialError } from '../wire/dial.ts'
import { WireError } from '../wire/errors.ts'
import { negotiate, newest, NoCommonVersion } from './negotiate.ts'
import { scriptedClient, type ScriptedAnswer } from './scripted-client.ts'

const wanted: ApiVersion[] = ['1.23', '1.24', '1.25']
const said = { Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12', Os: 'linux', Arch: 'amd64', KernelVersion: '6.1', Components: [{ Name: 'Engine', Version: '20.10.24' }] }

/** A daemon that says this of itself, and answers `/v<version>/version` with these statuses. */
function daemon(options: { version?: unknown; status?: number; header?: string; probes?: Record<string, number | Error> } = {}) {
  const { version = said, status = 200, header = '1.41', probes = {} } = options
  return scriptedClient(({ path }): ScriptedAnswer | Error | undefined => {
    if (path === '/_ping') return { body: 'OK', headers: header === '' ? {} : { 'Api-Version': header } }
    if (path === '/version') return { status, body: version }
    const probe = probes[/^\/v([\d.]+)\/version$/.exec(path)?.[1] ?? ''] ?? 200
    return probe instanceof Error ? probe : { status: probe, body: version }
  })
}

describe('negotiate', () => {
  test('takes the deeds: what is answered, in the wanted order', async () => {
    const negotiated = await negotiate(daemon(), wanted)
    expect(negotiated).toEqual({
      offered: wanted,
      current: '1.41',
      identity: { product: 'Docker', version: '20.10.24', os: 'linux', arch: 'amd64', kernel: '6.1' },
      evidence: { pingHeader: '1.41', apiVersion: '1.41', minApiVersion: '1.12', probed: { '1.23': 200, '1.24': 200, '1.25': 200 } },
    })
  })

  test('leaves out what is claimed and refused, and takes what is answered and not claimed', async () => {
    const claims = { ...said, ApiVersion: '1.24', MinAPIVersion: '1.24' }
    const { offered, evidence } = await negotiate(daemon({ version: claims, probes: { '1.24': 400 } }), wanted)
    expect(offered).toEqual(['1.23', '1.25'])
    expect(evidence).toMatchObject({ apiVersion: '1.24', minApiVersion: '1.24', probed: { '1.23': 200, '1.24': 400, '1.25': 200 } })
  })

  test('goes on where one probe breaks', async () => {
    const { offered, evidence } = await negotiate(daemon({ probes: { '1.24': new WireError('connection', 'reset') } }), wanted)
    expect(offered).toEqual(['1.23', '1.25'])
    expect(evidence.probed['1.24']).toBe(0)
  })

  test('says both ranges where nothing is in common', async () => {
    const none = negotiate(daemon({ version: { ...said, MinAPIVersion: '1.40' }, probes: { '1.23': 400, '1.24': 400, '1.25': 404 } }), wanted)
    await expect(none).rejects.toThrow(NoCommonVersion)
    await expect(none).rejects.toThrow(/this run asks for 1\.23 to 1\.25, the daemon says that it offers 1\.40 to 1\.41 \(GET \/v<version>\/version answered 400, 404\)\. Choose versions with --api/)
  })

  test('says what is not known where something else answers', async () => {
    const odd = scriptedClient(() => ({ status: 200, body: '<html>\u001b[2J', headers: {} }))
    // It answers 200 to everything, so it is asked on: the cases will tell.
    expect(await negotiate(odd, wanted)).toMatchObject({ offered: wanted, identity: { product: 'Docker', version: 'unknown' }, current: undefined, evidence: { probed: { '1.25': 200 } } })
    const nothing = scriptedClient(() => new WireError('connection', 'reset'))
    await expect(negotiate(nothing, wanted)).rejects.toThrow(/offers \? to \? \(GET \/v<version>\/version answered no answer: reset\)\. Choose versions/)
  })

  test('says what to do where it hears nothing over TLS, and where the daemon wants TLS', async () => {
    const silent = scriptedClient(() => new WireError('connection', 'the connection broke: other side closed'))
    const overTls = { ...silent, endpoint: { kind: 'tcp', host: 'daemon', port: 2376, tls: { verify: true } } } as const
    await expect(negotiate(overTls, wanted)).rejects.toThrow(/other side closed\)\. It ends connections over TLS .* wants a client certificate that it trusts: give it with --tlscert and --tlskey/)
    const plain = scriptedClient(() => ({ status: 400, body: 'Client sent an HTTP request to an HTTPS server.' }))
    await expect(negotiate(plain, wanted)).rejects.toThrow(/It speaks TLS: add --tlsverify/)
  })

  test('makes a hostile claim visible', async () => {
    const hostile = daemon({ version: { ...said, ApiVersion: '\u001b[2J', MinAPIVersion: 'x'.repeat(500) }, probes: { '1.23': 400, '1.24': 400, '1.25': 400 } })
    await expect(negotiate(hostile, wanted)).rejects.toThrow(expect.objectContaining({ message: expect.not.stringMatching(/\u001b|x{30}/) as unknown }))
  })

  test('takes the identity from a versioned answer where the plain one is refused', async () => {
    expect((await negotiate(daemon({ status: 400 }), wanted)).identity.version).toBe('20.10.24')
  })

  test.each([
    ['1.41', said, '1.41'],
    ['1.41', { ...said, ApiVersion: undefined }, '1.41'],
    ['', { ...said, ApiVersion: 'latest' }, undefined],
    ['1.41', { ...said, ApiVersion: '1.24.0' }, '1.41'],
    ['', { ...said, ApiVersion: 1.24 }, undefined],
  ])('with header %j and %j the current version is %s', async (header, version, current) => {
    expect((await negotiate(daemon({ header, version }), wanted)).current).toBe(current)
  })

  test.each([
    [undefined, 'Docker'],
    [[{ Name: 'Engine' }], 'Docker'],
    [[{ Name: 'Podman Engine', Version: '4.3.1' }], 'Podman'],
    [[null, 7, { Name: 'Other' }], 'Other'],
    ['Engine', 'Docker'],
    [[{ Name: 7 }], 'Docker'],
  ])('with the components %j the product is %s', async (Components, product) => {
    expect((await negotiate(daemon({ version: { ...said, Components } }), wanted)).identity.product).toBe(product)
  })

  test('tells at once that nobody is there', async () => {
    const client = scriptedClient(() => new DialError("can't connect"))
    await expect(negotiate(client, wanted)).rejects.toThrow(DialError)
    expect(client.requests).toHaveLength(1)
  })
})

test('newest goes by numbers', () => {
  expect(newest(['1.9', '1.10', '1.2'])).toBe('1.10')
  expect(newest([])).toBeUndefined()
})
