import { expect, test } from 'vitest'
import { describeEndpoint, type Endpoint } from './endpoint.ts'

test.each<[Endpoint, string]>([
  [{ kind: 'socket', path: '/var/run/docker.sock' }, 'unix:///var/run/docker.sock'],
  [{ kind: 'socket', path: '\\\\.\\pipe\\docker_engine' }, 'npipe:////./pipe/docker_engine'],
  [{ kind: 'tcp', host: '127.0.0.1', port: 2375 }, 'tcp://127.0.0.1:2375'],
  [{ kind: 'tcp', host: 'daemon', port: 2376, basePath: '/base', tls: { verify: true, key: 'a secret' } }, 'https://daemon:2376/base'],
  [{ kind: 'tcp', host: '::1', port: 2375 }, 'tcp://[::1]:2375'],
  [{ kind: 'command', argv: ['ssh', '--', 'host'] }, 'ssh -- host'],
])('%j is %s', (endpoint, text) => {
  expect(describeEndpoint(endpoint)).toBe(text)
})

test('says where a certificate is not checked', () => {
  expect(describeEndpoint({ kind: 'tcp', host: 'daemon', port: 2376, tls: { verify: false } })).toBe('https://daemon:2376 (its certificate is not checked)')
})
