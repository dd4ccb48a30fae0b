import { expect, until, type Api, type Box, type Stage } from '../../harness/case/index.ts'
import { addressesOf } from './printed.ts'

/** The port that listening guests listen on. */
export const port = '7000'

/** What a guest is told to run to print its addresses and its routes, for `addressesOf` and `defaultGateway`. */
export const lookAround = ['sh', '-c', 'interfaces; cat /proc/net/route']

/** A running guest on a network that greets whoever connects to it with its own name. */
export async function listener(stage: Stage, networkMode: string, config: Readonly<Record<string, unknown>> = {}): Promise<Box & { readonly greeting: string }> {
  const name = stage.name('listener')
  const box = await stage.running({ Cmd: ['listen', port, name], HostConfig: { NetworkMode: networkMode }, ...config }, { name })
  return { ...box, greeting: name }
}

/** A running guest on the bridge, from where it can be connected to other networks. */
export async function guestOnBridge(stage: Stage): Promise<Box> {
  return stage.running({ HostConfig: { NetworkMode: 'bridge' } })
}

/**
 * The IPv4 address that a container has on a network, as inspecting the container shows it.
 * @throws AssertionError where it shows none
 */
export async function addressOf(api: Api, box: Box, network: string): Promise<string> {
  return endpointField(api, box, network, 'IPAddress', /^\d+\.\d+\.\d+\.\d+$/)
}

/** As `addressOf`, but the IPv6 address. */
export async function address6Of(api: Api, box: Box, network: string): Promise<string> {
  return endpointField(api, box, network, 'GlobalIPv6Address', /^[0-9a-f:]*:[0-9a-f:]*$/)
}

async function endpointField(api: Api, box: Box, network: string, field: string, form: RegExp): Promise<string> {
  const value: unknown = (await api.get(`${box.path}/json`)).at('NetworkSettings', 'Networks', network, field)
  expect(value, `${field} on ${network}`).toEqual(expect.stringMatching(form))
  return String(value)
}

/** The addresses within a running guest, as `addressesOf` has them: `172.18.0.2/16`. */
export async function addressesIn(stage: Stage, box: Box): Promise<string[]> {
  return addressesOf((await stage.run(box, 'interfaces')).stdout)
}

/** Waits until a guest reaches a listener at an address or a name: a process needs its time to listen, a bridge to forward. */
export async function expectToReach(stage: Stage, from: Box, address: string, to: { readonly greeting: string }, at = port): Promise<void> {
  await until(async () => expect((await stage.run(from, 'connect', address, at)).stdout, `what ${address} says`).toBe(to.greeting))
}
