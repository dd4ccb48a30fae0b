import { expect, test } from 'vitest'
import type { Answer, Client } from '../wire/http.ts'
import { removeLabelled, stageLabel } from './stage-images.ts'

type Image = { readonly Id: string; readonly Labels: Record<string, string> | null; readonly parent?: string }

/** A daemon that lists what nothing is made of, and refuses to remove the rest. */
function daemonWith(images: Image[], stuck: readonly string[] = []) {
  const removed: string[] = []
  const answer = (status: number, value: unknown) => ({ status, text: JSON.stringify(value), json: () => value }) as Answer
  const leaves = () => images.filter(({ Id }) => !images.some(({ parent }) => parent === Id))
  const client = {
    request: async (method: string, path: string) => {
      if (method === 'GET') return answer(200, leaves())
      const id = decodeURIComponent(path.slice('/images/'.length).split('?')[0] ?? '')
      if (stuck.includes(id)) return answer(409, { message: 'in use' })
      removed.push(id)
      images = images.filter(({ Id }) => Id !== id)
      return answer(200, [])
    },
  } as unknown as Client
  return { client, removed }
}

const mine = { [stageLabel]: 'me' }

test('an image is removed before those that it is made of, as they come to light', async () => {
  const { client, removed } = daemonWith([{ Id: 'base', Labels: mine }, { Id: 'middle', Labels: mine, parent: 'base' }, { Id: 'top', Labels: mine, parent: 'middle' }])
  expect(await removeLabelled(client, 'image', 'me')).toEqual([])
  expect(removed).toEqual(['top', 'middle', 'base'])
})

test('what a daemon lists against the filter is left alone', async () => {
  const { client, removed } = daemonWith([{ Id: 'foreign', Labels: null }, { Id: 'other', Labels: { [stageLabel]: 'other' } }, { Id: 'top', Labels: mine }])
  expect(await removeLabelled(client, 'image', 'me')).toEqual([])
  expect(removed).toEqual(['top'])
})

test('what can not be removed is told', async () => {
  const { client, removed } = daemonWith([{ Id: 'stuck', Labels: mine }, { Id: 'free', Labels: mine }], ['stuck'])
  expect(await removeLabelled(client, 'image', 'me')).toEqual(['image stuck could not be removed: status 409, {"message":"in use"}'])
  expect(removed).toEqual(['free'])
})
