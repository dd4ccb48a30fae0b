import { expect, test } from 'vitest'
import { scriptedAnswer } from '../daemon/scripted-client.ts'
import { exhaustedBy } from './exhausted.ts'

const says = (method: string, path: string, status: number, message: string) => exhaustedBy(method, path, scriptedAnswer({ status, body: { message } }))

test.each<[string, string, string, RegExp]>([
  ['Docker up to 23', '/networks/create', 'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network', /^no subnet is left on this daemon/],
  ['Docker since then', '/networks/create', 'all predefined address pools have been fully subnetted', /^no subnet is left on this daemon/],
  ['Docker 1.9', '/networks/create', 'could not find an available predefined network', /^no subnet is left on this daemon/],
  ['Podman', '/networks/create', 'could not find free subnet from subnet pools', /^no subnet is left on this daemon/],
  ['Docker', '/containers/abc/start', 'driver failed programming external connectivity on endpoint x: Bind for 0.0.0.0:7000 failed: port is already allocated', /^no port is left on the daemon's host/],
  ['Docker', '/containers/abc/start', 'failed: all ports are allocated', /^no port is left on the daemon's host/],
  ['Podman', '/containers/abc/start?x=y', 'rootlessport listen tcp 127.0.0.1:7000: bind: address already in use', /^no port is left on the daemon's host/],
  ['Docker', '/swarm/init', 'failed to listen on remote API address: listen tcp 127.0.0.1:2377: bind: address already in use', /^the port of a swarm is taken on the daemon's host/],
])('what %s says of %s where all is taken blocks: %s', (_, path, message, reason) => {
  expect(says('POST', path, 500, message)).toMatch(reason)
  expect(says('POST', path, 500, message)).toContain(message.slice(0, 40))
})

test.each([
  ['POST', '/networks/create', 500, 'no space left on device'],
  ['POST', '/networks/create', 403, 'Pool overlaps with other one on this address space'],
  ['POST', '/containers/create', 500, 'port is already allocated'],
  ['POST', '/containers/abc/stop', 500, 'address already in use'],
  ['POST', '/containers/abc/start', 204, 'port is already allocated'],
  ['GET', '/networks/create', 500, 'could not find free subnet from subnet pools'],
])('%s %s with %i and "%s" is the daemon\'s to answer for', (method, path, status, message) => {
  expect(says(method, path, status, message)).toBeUndefined()
})
