import { expect, test } from 'vitest'
import { runIdOfName } from './run-id.ts'

test('an image that Podman has put below localhost/ is ours', () => {
  const id = 't00000-ffff-1-abcd'
  expect(runIdOfName(`localhost/plimsoll-${id}-guest:0123`)).toBe(id)
  expect(runIdOfName(`elsewhere/plimsoll-${id}-guest:0123`)).toBeUndefined()
  expect(runIdOfName(`localhost/x/plimsoll-${id}-guest:0123`)).toBeUndefined()
})
