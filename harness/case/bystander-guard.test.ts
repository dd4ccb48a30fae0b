import { expect, test } from 'vitest'
import { guardBystanders } from './bystander-guard.ts'

const bystander = { id: 'a1b2'.repeat(16), name: 'plimsoll-run-bystander' }
const guard = (method: string, path: string) => () => guardBystanders([bystander], method, path)

test.each([
  ['POST', `/containers/${bystander.id}/kill`],
  ['POST', `/containers/${bystander.name}/stop?t=1`],
  ['POST', `/containers/${bystander.id.slice(0, 12)}/rename`],
  ['PUT', `/containers/${bystander.id}/archive?path=/`],
  ['DELETE', `/containers/${bystander.id}`],
  ['DELETE', `/containers/${bystander.name}?force=1`],
  ['POST', `/containers/${bystander.id}/exec/more`],
])('refuses %s %s', (method, path) => {
  expect(guard(method, path)).toThrow(TypeError)
})

test.each([
  ['GET', `/containers/${bystander.id}/json`],
  ['HEAD', `/containers/${bystander.id}/archive`],
  ['POST', `/containers/${bystander.id}/exec`],
  ['POST', `/containers/${bystander.id}/attach?stream=1`],
  ['POST', `/containers/${bystander.name}/wait`],
  ['POST', `/containers/${bystander.id}/copy`],
  ['POST', `/containers/${'c'.repeat(64)}/kill`],
  ['POST', '/containers/create?name=x'],
  ['POST', '/containers//kill'],
  ['POST', '/exec/0123/start'],
])('lets %s %s through', (method, path) => {
  expect(guard(method, path)).not.toThrow()
})
