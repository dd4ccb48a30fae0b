import { get } from 'node:http'
import { expect, test } from 'vitest'
import { WireError } from '../wire/errors.ts'
import { tryReach } from './reach.ts'
import { scriptedClient } from './scripted-client.ts'

/** A daemon that imports from where it is told to, as far as it gets there. */
const importing = (reaches: (url: URL) => boolean) => {
  const client = scriptedClient(() => ({ status: 500, body: 'bad status' }))
  return {
    ...client,
    async request(...call: Parameters<typeof client.request>) {
      const url = new URL(new URL(call[1], 'http://daemon').searchParams.get('fromSrc') ?? '')
      if (!reaches(url)) throw new WireError('deadline', 'no answer')
      await new Promise<void>((resolve, reject) => void get(url, (response) => response.resume().once('end', resolve)).once('error', reject))
      return client.request(...call)
    },
  }
}

test('names the address at which the daemon came by, the loopback first', async () => {
  expect(await tryReach(importing(({ hostname }) => hostname === '127.0.0.1'))).toEqual({ present: true, reason: 'the daemon connected to 127.0.0.1', address: '127.0.0.1' })
})

test('is absent where the daemon came by at none', async () => {
  expect(await tryReach(importing(() => false))).toEqual({ present: false, reason: expect.stringMatching(/did not connect to any of 127\.0\.0\.1/) as unknown })
})
