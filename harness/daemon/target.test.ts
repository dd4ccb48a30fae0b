import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { describeEndpoint } from '../wire/endpoint.ts'
import { currentContext, readContext } from './contexts.ts'
import { defaultHost, parseHost, resolveTarget, TargetError, type TargetRequest } from './target.ts'

/** A folder that holds these files. */
function folderWith(files: Record<string, string | object> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-docker-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

const idOf = (context: string) => createHash('sha256').update(context).digest('hex')
const meta = (context: string, docker: object) => ({ [`contexts/meta/${idOf(context)}/meta.json`]: { Name: context, Endpoints: { docker } } })

/** Resolves a target in an environment that has nothing but what is given, and an empty configuration. */
const resolve = (request: Partial<TargetRequest>, files: Record<string, string | object> = {}) =>
  resolveTarget({ ...request, env: { DOCKER_CONFIG: folderWith(files), HOME: '/no/such/home', ...request.env } })

describe('parseHost', () => {
  test.each([
    ['unix:///var/run/docker.sock', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['UNIX:///run/a b.sock', { kind: 'socket', path: '/run/a b.sock' }],
    ['npipe:////./pipe/docker_engine', { kind: 'socket', path: '\\\\.\\pipe\\docker_engine' }],
    ['tcp://10.0.0.1:2375', { kind: 'tcp', host: '10.0.0.1', port: 2375 }],
    ['tcp://far.example', { kind: 'tcp', host: 'far.example', port: 2375 }],
    ['tcp://[::1]:80', { kind: 'tcp', host: '::1', port: 80 }],
    ['http://far.example:80/docker/', { kind: 'tcp', host: 'far.example', port: 80, basePath: '/docker' }],
    ['https://far.example', { kind: 'tcp', host: 'far.example', port: 2376, tls: { verify: true } }],
    ['https://far.example:443', { kind: 'tcp', host: 'far.example', port: 443, tls: { verify: true } }],
    ['ssh://far.example', { kind: 'command', argv: ['ssh', '-o', 'ConnectTimeout=30', '-T', '--', 'far.example', 'docker', 'system', 'dial-stdio'] }],
    ['ssh://me%20too@far.example:2222/', { kind: 'command', argv: ['ssh', '-l', 'me too', '-p', '2222', '-o', 'ConnectTimeout=30', '-T', '--', 'far.example', 'docker', 'system', 'dial-stdio'] }],
  ])('%s', (host, endpoint) => {
    expect(parseHost(host, undefined)).toEqual(endpoint)
  })

  test('uses the TLS material with tcp and https, never with http', () => {
    const tls = { verify: false, ca: 'CA' }
    expect(parseHost('tcp://far.example', tls)).toEqual({ kind: 'tcp', host: 'far.example', port: 2376, tls })
    expect(parseHost('https://far.example', tls)).toMatchObject({ tls })
    expect(parseHost('http://far.example', tls)).toEqual({ kind: 'tcp', host: 'far.example', port: 2375 })
  })

  test.each([
    ['far.example:2375', /"far\.example:2375" is no host: write unix:\/\/\/path, tcp:\/\/host:port/],
    ['/var/run/docker.sock', /is no host/],
    ['', /"" is no host/],
    ['unix://docker.sock', /the path of a unix socket begins with a slash/],
    ['fd://', /the scheme fd:\/\/ is not supported; there are unix, tcp, http, https, npipe and ssh/],
    ['tcp://', /is no address: write tcp:\/\/host:port|names no host/],
    ['tcp://host:99999', /is no address: write tcp:\/\/host:port/],
    ['tcp://me:secret@host:2375', /"tcp:\/\/…@host:2375" holds credentials/],
    ['ssh://me:secret@host', /a password in an ssh:\/\/ address is not supported: use a key/],
    ['ssh://', /is no address|names no host/],
    ['ssh://-oProxyCommand=evil', /is no address: write ssh:\/\/user@host:port/],
    ['ssh://-l@host', /is no address: write ssh:\/\/user@host:port/],
    ['ssh://host/var/run/docker.sock', /a path after the host is not supported with ssh/],
  ])('refuses %j', (host, complaint) => {
    expect(() => parseHost(host, undefined)).toThrow(TargetError)
    expect(() => parseHost(host, undefined)).toThrow(complaint)
  })

  test('keeps a secret out of its complaint', () => {
    for (const host of ['tcp://me:secret@host:2375', 'ssh://me:secret@host']) expect(() => parseHost(host, undefined)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('secret') as unknown }))
  })
})

describe('resolveTarget', () => {
  const far = meta('far', { Host: 'tcp://far.example:2375' })
  const near = meta('near', { Host: 'unix:///near.sock' })
  const configured = { ...far, ...near, 'config.json': { currentContext: 'near' } }
  const seen = (request: Partial<TargetRequest>, files: Record<string, string | object> = configured) => {
    const { endpoint, from } = resolve(request, files)
    return `${describeEndpoint(endpoint)} by ${from}`
  }

  test('goes by the order of the docker command', () => {
    const env = { DOCKER_HOST: 'unix:///env.sock', DOCKER_CONTEXT: 'far' }
    expect(seen({ host: 'unix:///option.sock', env })).toBe('unix:///option.sock by --host')
    expect(seen({ context: 'near', env })).toBe('unix:///near.sock by the docker context "near"')
    expect(seen({ env })).toBe('unix:///env.sock by DOCKER_HOST')
    expect(seen({ env: { DOCKER_CONTEXT: 'far' } })).toBe('tcp://far.example:2375 by the docker context "far"')
    expect(seen({})).toBe('unix:///near.sock by the docker context "near"')
    expect(seen({}, {})).toBe(`${defaultHost} by the default socket`)
  })

  test('takes empty variables for absent ones', () => {
    expect(seen({ env: { DOCKER_HOST: '', DOCKER_CONTEXT: '' } })).toBe('unix:///near.sock by the docker context "near"')
  })

  test('takes the context "default" for what there is without contexts', () => {
    expect(seen({ env: { DOCKER_CONTEXT: 'default' } })).toBe(`${defaultHost} by the default socket`)
    expect(seen({ context: 'default', env: { DOCKER_HOST: 'unix:///env.sock' } })).toBe('unix:///env.sock by the docker context "default"')
    expect(seen({}, { 'config.json': { currentContext: 'default' } })).toBe(`${defaultHost} by the default socket`)
  })

  test('takes the configuration from HOME where DOCKER_CONFIG names none', () => {
    const home = folderWith({ '.docker/config.json': { currentContext: 'far' }, ...Object.fromEntries(Object.entries(far).map(([name, content]) => [`.docker/${name}`, content])) })
    expect(resolveTarget({ env: { HOME: home } }).from).toBe('the docker context "far"')
  })

  test('refuses a host and a context at once', () => {
    expect(() => resolve({ host: 'unix:///a', context: 'b' })).toThrow('--host and --context both name a daemon: give one of them')
  })

  describe('TLS', () => {
    const material = { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' }
    const tlsOf = (request: Partial<TargetRequest>, files: Record<string, string> = material) => {
      const { endpoint } = resolve({ host: 'tcp://far.example', ...request }, files)
      return endpoint.kind === 'tcp' ? endpoint.tls : 'no tcp'
    }

    test('is off unless it is asked for, even where there is material', () => {
      expect(tlsOf({})).toBeUndefined()
      expect(tlsOf({ tls: {}, env: { DOCKER_TLS_VERIFY: '' } })).toBeUndefined()
    })

    test.each([
      [{ tls: { tls: true } }, false],
      [{ env: { DOCKER_TLS: '1' } }, false],
      [{ tls: { tlsverify: true } }, true],
      [{ env: { DOCKER_TLS_VERIFY: '1' } }, true],
      [{ tls: { tlsverify: false }, env: { DOCKER_TLS_VERIFY: '1', DOCKER_TLS: '1' } }, false],
      [{ tls: { tls: true, tlsverify: true } }, true],
    ])('%j: verified %s, with the material of the configuration', (request, verify) => {
      expect(tlsOf(request as Partial<TargetRequest>)).toEqual({ verify, ca: 'CA', cert: 'CERT', key: 'KEY' })
    })

    test('takes DOCKER_CERT_PATH for the folder', () => {
      const folder = folderWith({ 'ca.pem': 'OTHER' })
      expect(tlsOf({ env: { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder } })).toEqual({ verify: true, ca: 'OTHER' })
    })

    test('takes the options before the folder, and a CA that is named is there to verify', () => {
      const folder = folderWith({ ca: 'MY CA' })
      expect(tlsOf({ tls: { tlscacert: join(folder, 'ca') } })).toEqual({ verify: true, ca: 'MY CA', cert: 'CERT', key: 'KEY' })
    })

    test('refuses a certificate without its key, and a file that is not there', () => {
      expect(() => tlsOf({ tls: { tls: true } }, { 'cert.pem': 'CERT' })).toThrow(/a client certificate needs its key, and a key its certificate: give both --tlscert and --tlskey/)
      expect(() => tlsOf({ tls: { tlscert: '/no/such.pem' } })).toThrow(/^--tlscert: ENOENT/)
    })
  })
})

describe('contexts', () => {
  test('there is no current one without a configuration, or where it names none', () => {
    expect(currentContext('/no/such/folder')).toBeUndefined()
    expect(currentContext(folderWith({ 'config.json': {} }))).toBeUndefined()
    expect(currentContext(folderWith({ 'config.json': { currentContext: '' } }))).toBeUndefined()
    expect(currentContext(folderWith({ 'config.json': { currentContext: 7 } }))).toBeUndefined()
  })

  test.each([['{"currentContext":', /config\.json can't be read/], ['[]x', /can't be read/], ['null', /config\.json holds no JSON object/]])('a configuration of %j is refused', (content, complaint) => {
    const folder = folderWith({ 'config.json': content })
    expect(() => currentContext(folder)).toThrow(TargetError)
    expect(() => currentContext(folder)).toThrow(complaint)
  })

  test('a context has its TLS material in a folder of its own', () => {
    const tls = (name: string) => ({ [`contexts/tls/${idOf('far')}/docker/${name}`]: name })
    const host = { Host: 'tcp://far.example:2376' }
    expect(readContext(folderWith(meta('far', host)), 'far')).toEqual({ host: host.Host, tls: undefined })
    expect(readContext(folderWith({ ...meta('far', host), ...tls('ca.pem') }), 'far')).toEqual({ host: host.Host, tls: { verify: true, ca: 'ca.pem' } })
    expect(readContext(folderWith({ ...meta('far', { ...host, SkipTLSVerify: true }), ...tls('cert.pem'), ...tls('key.pem') }), 'far')).toEqual({ host: host.Host, tls: { verify: false, cert: 'cert.pem', key: 'key.pem' } })
  })

  test('a context that is not there, or names no daemon, is refused', () => {
    const folder = folderWith(meta('empty', {}))
    expect(() => readContext(folder, 'far')).toThrow(`there is no docker context "far" in ${folder}: "docker context ls" lists them`)
    expect(() => readContext(folder, 'empty')).toThrow(/the docker context "empty" names no daemon \(.*meta\.json has no Endpoints\.docker\.Host\)/)
    expect(() => readContext(folderWith({ [`contexts/meta/${idOf('odd')}/meta.json`]: '{"Endpoints":{"docker":null}}' }), 'odd')).toThrow(/names no daemon/)
  })
})
