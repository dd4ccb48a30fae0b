import { Blocked } from '../../harness/case/errors.ts'
import type { Api, ApiAnswer, Place, Stage } from '../../harness/case/index.ts'
import { freeSubnet, type Subnet } from './subnets.ts'

/** A network that was asked for with a subnet of its own, and what the daemon answered. */
export type Addressed = { readonly answer: ApiAnswer; readonly name: string; readonly subnet: Subnet }

const attempts = 8

/**
 * Asks for a network with a subnet that no network of the daemon has: the answer is the case's to judge. Two cases that
 * choose the same subnet at the same moment are told apart by the daemon, which refuses one: that one takes another.
 * @param config the rest of the request's body, given the subnet
 * @throws Blocked where no subnet is to be had
 */
export async function requestAddressed(api: Api, stage: Stage, config: (subnet: Subnet) => Readonly<Record<string, unknown>>): Promise<Addressed> {
  for (let attempt = 1; ; attempt++) {
    const subnet = freeSubnet(subnetsOf((await api.get('/networks')).list()))
    if (subnet === undefined) throw new Blocked('no subnet is free: networks of this daemon take up all of 198.18.0.0/15')
    const name = stage.name('net')
    const answer = await api.post('/networks/create', { body: { Name: name, Labels: stage.labels, ...config(subnet) } })
    if (answer.status === 201 || !isTaken(answer.text)) return { answer, name, subnet }
    if (attempt === attempts) throw new Blocked(`no subnet is to be had: ${attempts} of 198.18.0.0/15 were refused, the last with ${answer.text.trim()}`)
  }
}

/**
 * A network with a subnet of its own.
 * @throws Blocked where the daemon does not make it, or no subnet is to be had
 */
export async function addressed(
  api: Api,
  stage: Stage,
  config: (subnet: Subnet) => Readonly<Record<string, unknown>> = ({ cidr }) => ({ IPAM: { Config: [{ Subnet: cidr }] } }),
): Promise<{ readonly id: string; readonly name: string; readonly subnet: Subnet }> {
  const { answer, name, subnet } = await requestAddressed(api, stage, config)
  if (answer.status !== 201) throw new Blocked(`could not create a network with a subnet: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
  const id: unknown = answer.at('Id')
  if (typeof id !== 'string') throw new Blocked('the daemon created a network and gave no Id', { exchange: answer.exchange })
  return { id, name, subnet }
}

/** Docker says "overlaps", Podman "already used"; both do so for what is no network of theirs, too. */
function isTaken(text: string): boolean {
  return /overlap|already (used|in use)|conflicts/i.test(text)
}

function subnetsOf(networks: readonly Place[]): string[] {
  return networks.flatMap((network) => (Array.isArray(network.at('IPAM', 'Config')) ? network.list('IPAM', 'Config').map((config) => String(config.at('Subnet'))) : []))
}
