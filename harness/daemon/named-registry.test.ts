import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { namedRegistry, tryRegistry } from './named-registry.ts'
import { TargetError } from './target-error.ts'

test.each(['127.0.0.1:5000', 'localhost', 'registry:5000', 'registry.example.org', 'Registry.example.org:443', '[::1]:5000'])('%s is the address of a registry', (host) => {
  expect(namedRegistry(host, {})).toEqual({ host })
})

test.each(['', 'registry', 'http://127.0.0.1:5000', '127.0.0.1:5000/', 'a b:1', '127.0.0.1:port', '-a.b:5000', 'x:123456'])('"%s" is none, and the message says what to write', (host) => {
  expect(() => namedRegistry(host, {})).toThrow(TargetError)
  expect(() => namedRegistry(host, {})).toThrow(/write HOST:PORT/)
})

test('the user comes from the environment, whole or not at all', () => {
  expect(namedRegistry('a:1', { PLIMSOLL_REGISTRY_USER: 'jdoe', PLIMSOLL_REGISTRY_PASSWORD: 'secret' }).user).toEqual({ username: 'jdoe', password: 'secret' })
  expect(() => namedRegistry('a:1', { PLIMSOLL_REGISTRY_USER: 'jdoe' })).toThrow(/set both/)
})

test('a registry that takes no connection counts as missing, and the reason says so', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const user = { username: 'jdoe', password: 'secret' }
  expect(await tryRegistry({ host })).toMatchObject({ registry: { present: true }, 'registry-user': { present: false } })
  expect(await tryRegistry({ host, user })).toMatchObject({ registry: { present: true }, 'registry-user': { present: true } })
  await new Promise((resolve) => server.close(resolve))
  const gone = await tryRegistry({ host, user })
  expect(gone).toMatchObject({ registry: { present: false }, 'registry-user': { present: false } })
  expect(gone.registry.reason).toContain('connection refused')
})

test('without a registry, the reason says how one is named', async () => {
  const { registry, 'registry-user': user } = await tryRegistry(undefined)
  expect(registry).toEqual({ present: false, reason: 'no registry was named: --registry HOST:PORT does' })
  expect(user.reason).toContain('PLIMSOLL_REGISTRY_USER')
})
