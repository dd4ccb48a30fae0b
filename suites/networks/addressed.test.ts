import { describe, expect, test } from 'vitest'
import { createApi } from '../../harness/case/api.ts'
import { Blocked } from '../../harness/case/errors.ts'
import { createStage } from '../../harness/case/stage.ts'
import { scriptedClient, type ScriptedAnswer } from '../../harness/daemon/scripted-client.ts'
import { addressed, requestAddressed } from './addressed.ts'

/** A daemon whose networks have these subnets. */
function daemon(subnets: readonly string[], create: (attempt: number) => ScriptedAnswer = () => ({ status: 201, body: { Id: 'made' } })) {
  const asked: string[] = []
  const client = scriptedClient(({ method, path, body }) => {
    if (path.endsWith('/networks')) return { body: [{ Name: 'host', IPAM: { Config: null } }, ...subnets.map((Subnet) => ({ Name: 'theirs', IPAM: { Config: [{ Subnet }] } }))] }
    if (method !== 'POST' || !path.endsWith('/networks/create')) return undefined
    asked.push(String((body as { IPAM: { Config: { Subnet: string }[] } }).IPAM.Config[0]?.Subnet))
    return create(asked.length)
  })
  const api = createApi({ client, prefix: '1.24', recording: { startedAt: 0, record: () => {} }, onRequest: () => {}, onOpen: () => {}, onAnswer: () => {} })
  const { stage } = createStage({ api, control: client, caseId: 'network-create-subnet', runId: 't00000-ffff-1-abcd', guestImage: 'guest:1' })
  return { api, stage, asked }
}

/** All of 198.18.0.0/15 but the first sixteen addresses, and a network that is elsewhere. */
const allButOne = ['10.0.0.0/8', '198.19.0.0/16', ...Array.from({ length: 12 }, (_, index) => {
  const first = 2 ** (15 - index)
  return `198.18.${first >> 8}.${first & 0xff}/${17 + index}`
})]
const refusal = { status: 403, body: { message: 'Pool overlaps with other one on this address space' } }
const askedFor = (cidr: string) => ({ IPAM: { Config: [{ Subnet: cidr }] } })

describe('a network with a subnet of its own', () => {
  test('has the one that no network of the daemon overlaps, where there is only one', async () => {
    for (let round = 0; round < 20; round++) {
      const { api, stage, asked } = daemon(allButOne)
      expect((await addressed(api, stage)).subnet.cidr).toBe('198.18.0.0/28')
      expect(asked).toEqual(['198.18.0.0/28'])
    }
  })

  test('takes another where somebody else was faster', async () => {
    const { api, stage, asked } = daemon([], (attempt) => (attempt < 3 ? refusal : { status: 201, body: { Id: 'made' } }))
    const { subnet } = await addressed(api, stage)
    expect(asked).toHaveLength(3)
    expect(asked.at(-1)).toBe(subnet.cidr)
  })

  test('blocks the case, and says so, where networks of the daemon take up all', async () => {
    const { api, stage, asked } = daemon([...allButOne, '198.18.0.8/29'])
    const thrown: unknown = await addressed(api, stage).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(Blocked)
    expect(thrown).toMatchObject({ message: 'no subnet is free: networks of this daemon take up all of 198.18.0.0/15' })
    expect(asked).toEqual([])
  })

  test('blocks the case, and says so, where what looks free is taken all the same', async () => {
    const { api, stage, asked } = daemon([], () => refusal)
    const thrown: unknown = await requestAddressed(api, stage, ({ cidr }) => askedFor(cidr)).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(Blocked)
    expect(thrown).toMatchObject({ message: expect.stringMatching(/^no subnet is to be had: 8 of 198\.18\.0\.0\/15 were refused, the last with .*Pool overlaps/) as string })
    expect(asked).toHaveLength(8)
  })

  test('leaves any other refusal to the case', async () => {
    const { api, stage, asked } = daemon([], () => ({ status: 400, body: { message: 'invalid driver' } }))
    expect((await requestAddressed(api, stage, ({ cidr }) => askedFor(cidr))).answer.status).toBe(400)
    expect(asked).toHaveLength(1)
  })
})
